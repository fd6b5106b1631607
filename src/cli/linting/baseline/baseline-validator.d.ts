/** `baseline-validator.js` is made from the type `Baseline` by `scripts/schema.mjs`, at build time and before tests. */
import type { ErrorObject } from 'ajv'
import type { Baseline } from './baseline.js'

export interface Validator {
  (value: unknown): value is Baseline
  readonly errors?: readonly ErrorObject[] | null
}

export declare const validate: Validator
