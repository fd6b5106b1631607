/** `part-validator.js` is made from the type `ShardPart` by `scripts/schema.mjs`, at build time and before tests. */
import type { ShardPart } from './part.js'

export declare const validate: (value: unknown) => value is ShardPart
