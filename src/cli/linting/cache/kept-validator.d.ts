/** `kept-validator.js` is made from the type `Kept` by `scripts/schema.mjs`, at build time and before tests. */
import type { Kept } from './kept.js'

export declare const validate: (value: unknown) => value is Kept
