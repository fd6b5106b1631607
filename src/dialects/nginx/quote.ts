/** One word of the language, both directions. It stands with the grammar, which needs the reading half. */
export { inQuotes, quote, unquote } from '../../../grammars/nginx/index.js'
