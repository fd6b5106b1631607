/**
 * Where the pieces of an nginx configuration end. One function a piece, each a single pass over character codes,
 * so that a line of a megabyte costs as little as many short ones. The rules are those of `ngx_conf_read_token`.
 */

const TAB = 0x09
const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const DOUBLE = 0x22
const HASH = 0x23
const DOLLAR = 0x24
const SINGLE = 0x27
const MINUS = 0x2d
const SEMICOLON = 0x3b
const EQUALS = 0x3d
const LEFT_BRACKET = 0x5b
const BACKSLASH = 0x5c
const RIGHT_BRACKET = 0x5d
const OPEN = 0x7b
const CLOSE = 0x7d

/** Only these four end a token; a form feed or a no-break space is an ordinary character. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === LF || code === TAB || code === CR
}

const WORD = 0
const BLANK = 1
const TERMINATOR = 2

/** What a character code below 128 is to `piecesIn`. */
const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
  if (isBlank(code)) return BLANK
  return [SEMICOLON, OPEN, CLOSE, DOUBLE, SINGLE].includes(code) ? TERMINATOR : WORD
})

/** About how many words, terminators and comments a text has; never less than a quarter of its tokens. */
export function piecesIn(text: string): number {
  let pieces = 0
  let before = BLANK
  for (let at = 0; at < text.length; at++) {
    const kind = kinds[text.charCodeAt(at)] ?? WORD
    if (kind === TERMINATOR || (kind === WORD && before !== WORD)) pieces++
    before = kind
  }
  return pieces
}

/** Behind the blanks that begin at `at`. */
export function blankEnd(text: string, at: number): number {
  let end = at
  while (end < text.length && isBlank(text.charCodeAt(end))) end++
  return end
}

/** Behind the comment whose `#` is at `at`: only LF ends it, a CR before that is a blank of its own. */
export function commentEnd(text: string, at: number): number {
  const lineEnd = text.indexOf('\n', at)
  if (lineEnd === -1) return text.length
  return lineEnd > at && text.charCodeAt(lineEnd - 1) === CR ? lineEnd - 1 : lineEnd
}

/** Whether a token that is a plain word, not a quoted one, can begin with this character. */
export function beginsBareWord(code: number): boolean {
  switch (code) {
    case SPACE:
    case TAB:
    case LF:
    case CR:
    case SEMICOLON:
    case OPEN:
    case CLOSE:
    case HASH:
    case DOUBLE:
    case SINGLE:
      return false
    default:
      return true
  }
}

/**
 * Behind the plain word that begins at `at`. A backslash takes the next character with it, whatever it is, and a `{`
 * directly behind `$` (or behind `${`) belongs to the word.
 *
 *     ~ \.php${   a\;b   a}b   a"b   a#b
 */
export function bareWordEnd(text: string, at: number): number {
  let end = at
  while (end < text.length) {
    const code = text.charCodeAt(end)
    if (code === BACKSLASH) {
      end = Math.min(end + 2, text.length)
    } else if (code === DOLLAR) {
      end++
      while (text.charCodeAt(end) === OPEN) end++
    } else if (isBlank(code) || code === SEMICOLON || code === OPEN) {
      return end
    } else {
      end++
    }
  }
  return end
}

/** Behind the closing quote of the quoted word that begins at `at`; undefined where the file ends before it. */
export function quotedEnd(text: string, at: number): number | undefined {
  const quote = text.charCodeAt(at)
  let end = at + 1
  while (end < text.length) {
    const code = text.charCodeAt(end)
    if (code === quote) return end + 1
    end += code === BACKSLASH ? 2 : 1
  }
  return undefined
}

/**
 * Behind the `;` or `{` of the directive whose first word begins at `at`, where nothing but blanks parts its words; undefined
 * where anything else stands between them or in the place of its terminator.
 */
export function plainHeadEnd(text: string, at: number): number | undefined {
  let end = wordEnd(text, at)
  while (end !== undefined) {
    const next = blankEnd(text, end)
    const code = text.charCodeAt(next)
    if (code === SEMICOLON || code === OPEN) return next + 1
    end = wordEnd(text, next)
  }
  return undefined
}

/** Behind the plain or quoted word at `at`; undefined where none begins, or what follows may not follow it. */
export function wordEnd(text: string, at: number): number | undefined {
  const code = text.charCodeAt(at)
  if (beginsBareWord(code)) return at < text.length ? bareWordEnd(text, at) : undefined
  const end = code === DOUBLE || code === SINGLE ? quotedEnd(text, at) : undefined
  return end !== undefined && mayFollowQuote(text.charCodeAt(end)) ? end : undefined
}

/** Whether nginx accepts this character directly behind a closing quote (NaN is the end of the file). */
export function mayFollowQuote(code: number): boolean {
  return Number.isNaN(code) || isBlank(code) || code === SEMICOLON || code === OPEN || code === 0x29
}

/** Behind the run of one repeated character. */
export function runEnd(text: string, at: number): number {
  const code = text.charCodeAt(at)
  let end = at + 1
  while (text.charCodeAt(end) === code) end++
  return end
}

/**
 * Behind the brace that closes the Lua block opened at `at`; undefined where none does. Strings, long brackets and
 * comments of Lua hide the braces in them (lua-nginx-module's `ngx_http_lua_conf_lua_block_parse`).
 */
export function luaBlockEnd(text: string, at: number): number | undefined {
  let depth = 0
  let end = at
  while (end < text.length) {
    const code = text.charCodeAt(end)
    switch (code) {
      case OPEN:
        depth++
        end++
        break
      case CLOSE:
        depth--
        end++
        if (depth === 0) return end
        break
      case DOUBLE:
      case SINGLE:
        end = luaStringEnd(text, end)
        break
      case LEFT_BRACKET:
        end = luaLongBracketEnd(text, end) ?? end + 1
        break
      case MINUS:
        end = text.charCodeAt(end + 1) === MINUS ? luaCommentEnd(text, end) : end + 1
        break
      default:
        end++
    }
  }
  return undefined
}

/** A Lua string ends at its quote, or, unfinished, at the end of its line. */
function luaStringEnd(text: string, at: number): number {
  const quote = text.charCodeAt(at)
  let end = at + 1
  while (end < text.length) {
    const code = text.charCodeAt(end)
    if (code === quote) return end + 1
    if (code === LF) return end
    end += code === BACKSLASH ? 2 : 1
  }
  return text.length
}

function luaCommentEnd(text: string, at: number): number {
  const long = luaLongBracketEnd(text, at + 2)
  if (long !== undefined) return long
  const lineEnd = text.indexOf('\n', at)
  return lineEnd === -1 ? text.length : lineEnd
}

/** `[[ … ]]`, `[==[ … ]==]`; undefined where no long bracket begins. */
function luaLongBracketEnd(text: string, at: number): number | undefined {
  if (text.charCodeAt(at) !== LEFT_BRACKET) return undefined
  let level = at + 1
  while (text.charCodeAt(level) === EQUALS) level++
  if (text.charCodeAt(level) !== LEFT_BRACKET) return undefined
  const closing = `${String.fromCharCode(RIGHT_BRACKET)}${text.slice(at + 1, level)}]`
  const end = text.indexOf(closing, level + 1)
  return end === -1 ? text.length : end + closing.length
}
