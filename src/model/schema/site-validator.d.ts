/** `site-validator.js` is made from the type `Site` by `scripts/schema.mjs`, at build time and before tests. */
import type { ErrorObject } from 'ajv'
import type { Site } from '../site.js'

export interface Validator {
  (value: unknown): value is Site
  readonly errors?: readonly ErrorObject[] | null
}

export declare const validate: Validator
export declare const schema: object
