/** `config-validator.js` is made from the type `Config` by `scripts/schema.mjs`, at build time and before tests. */
import type { ErrorObject } from 'ajv'
import type { Config } from './config.js'

export interface Validator {
  (value: unknown): value is Config
  readonly errors?: readonly ErrorObject[] | null
}

export declare const validate: Validator
export declare const schema: object
