/** One word of the language, both directions. It stands with the grammar, which needs the reading half. */
export { inQuotes, quote } from '../../../grammars/nginx/index.js'
