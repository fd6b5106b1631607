import type { Diagnostic, Fix, Related, Span } from '../../src/diagnostics/index.js'
import { maximumDepth, maximumLength } from '../tree.js'

/** The syntax errors of nginx's language: what is there, what was expected, what to do. */
export const problems = {
  missingSemicolon: (name: string, at: Span, why: Related): Diagnostic => ({
    code: 'syntax/missing-semicolon',
    severity: 'error',
    message: `Missing \`;\` at the end of the directive \`${name}\``,
    span: at,
    hint: 'end the directive with `;`',
    related: [why],
    fix: insert('insert `;`', at, ';')
  }),
  unclosedQuote: (quote: string, at: Span, end: Related): Diagnostic => ({
    code: 'syntax/unclosed-quote',
    severity: 'error',
    message: `The quote \`${quote}\` that begins here is never closed, so the rest of the file belongs to it`,
    span: at,
    hint: `close it with \`${quote}\``,
    related: [end]
  }),
  textAfterQuote: (found: string, at: Span): Diagnostic => ({
    code: 'syntax/text-after-quote',
    severity: 'error',
    message: `Unexpected \`${found}\` directly behind a closing quote, expected a space, \`;\` or \`{\``,
    span: at,
    hint: 'put the whole word in quotes, or a space between the two'
  }),
  unclosedBlock: (name: string, at: Span, related: readonly Related[]): Diagnostic => ({
    code: 'syntax/unclosed-block',
    severity: 'error',
    message: `The block of \`${name}\` is never closed, expected \`}\` before the end of the file`,
    span: at,
    hint: 'add the missing `}`; a block may not reach from one file into another',
    related
  }),
  extraBrace: (count: number, at: Span): Diagnostic => ({
    code: 'syntax/unexpected-brace',
    severity: 'error',
    message:
      count === 1
        ? 'Unexpected `}`: no block is open here'
        : `Unexpected \`}\`, ${count} times: no block is open here`,
    span: at,
    hint: 'remove it, or look above for a block that was closed too early'
  }),
  strayBrace: (at: Span): Diagnostic => ({
    code: 'syntax/unexpected-brace',
    severity: 'error',
    message: 'Unexpected `{`, expected the name of a directive before it',
    span: at,
    hint: 'name the block (`server {`), or put a regular expression that holds braces in quotes'
  }),
  braceInWords: (name: string, at: Span): Diagnostic => ({
    code: 'syntax/unexpected-brace',
    severity: 'error',
    message: `Unexpected \`{\` inside \`${name}\`, expected \`;\`: it holds a list of words, no blocks`,
    span: at,
    hint: 'put a word that holds braces in quotes, and end each entry with `;`'
  }),
  bareRegexBrace: (repeat: string, at: Span): Diagnostic => ({
    code: 'syntax/bare-regex',
    severity: 'error',
    message: `The brace of \`${repeat}\` begins the block here, so the regular expression ends before it`,
    span: at,
    hint: 'put a regular expression that holds braces in quotes'
  }),
  straySemicolon: (at: Span): Diagnostic => ({
    code: 'syntax/unexpected-semicolon',
    severity: 'error',
    message: 'Unexpected `;`, expected a directive before it',
    span: at,
    hint: 'remove it: no `;` follows a closing brace or another `;`',
    fix: { title: 'remove `;`', edits: [{ span: at, text: '' }], safety: 'safe' }
  }),
  tooLong: (what: string, at: Span): Diagnostic => ({
    code: 'syntax/too-long',
    severity: 'error',
    message: `This ${what} is longer than the 4096 bytes that nginx reads in one piece`,
    span: at,
    hint: 'shorten it, or look for a quote that was not closed where it should be'
  }),
  tooDeep: (at: Span): Diagnostic => ({
    code: 'syntax/too-deep',
    severity: 'error',
    message: `Blocks are nested deeper than ${maximumDepth} levels; what is inside this one was not read`,
    span: at,
    hint: 'look for closing braces that are missing'
  }),
  tooLarge: (at: Span): Diagnostic => ({
    code: 'syntax/too-large',
    severity: 'error',
    message: `The file is larger than ${maximumLength / (1024 * 1024)} MiB, or has millions of words, and was not read`,
    span: at,
    hint: 'this is hardly a configuration; check the name of the file'
  }),
  tooMany: (at: Span): Diagnostic => ({
    code: 'syntax/too-many-errors',
    severity: 'error',
    message: 'Too many syntax errors; those behind this place are not shown',
    span: at,
    hint: 'mend the first ones, or check that the file is an nginx configuration'
  })
} as const

function insert(title: string, behind: Span, text: string): Fix {
  const span = { file: behind.file, start: behind.end, end: behind.end }
  return { title, edits: [{ span, text }], safety: 'safe' }
}
