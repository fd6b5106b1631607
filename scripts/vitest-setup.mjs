import { generateSchema } from './schema.mjs'

/** The tests run on the sources; the validator is the one source that is generated. */
export default function setup() {
  generateSchema()
}
