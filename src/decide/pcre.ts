/**
 * PCRE source to JavaScript source. All three servers match with PCRE; the two languages agree on most of what
 * configurations hold, and this says so construct by construct. The result is used without the `u` flag.
 */
export type Translation =
  | {
      readonly kind: 'translated'
      readonly source: string
      readonly flags: string
      /** Author's group number to the number in the translation; 0 to 0. */
      readonly groups: readonly number[]
      /** Name to the author's group number. */
      readonly names: ReadonlyMap<string, number>
    }
  | { readonly kind: 'untranslatable'; readonly why: string }

export function translate(source: string, ignoreCase: boolean): Translation {
  try {
    return new Translator(source, ignoreCase).run()
  } catch (error) {
    if (error instanceof Untranslatable) return { kind: 'untranslatable', why: error.message }
    throw error
  }
}

class Untranslatable extends Error {}

/** Options that `(?imsx)` sets; they hold to the end of the group they stand in. */
interface Options {
  readonly ignoreCase: boolean
  readonly dotAll: boolean
  readonly multiline: boolean
  readonly extended: boolean
}

const posixClasses: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t-\\r ',
  upper: 'A-Z',
  word: '\\w',
  xdigit: '0-9A-Fa-f'
}

const controls: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['f', '\f'],
  ['e', '\x1b'],
  ['a', '\x07']
])

/** What stands behind a backslash in and outside classes, where JavaScript spells it otherwise. */
const spaces = '\\t-\\r '
const horizontal = '\\t \\xa0'
const vertical = '\\n-\\r\\x85'

class Translator {
  private at = 0
  private readonly out: string[] = []
  private readonly groups: number[] = [0]
  private readonly names = new Map<string, number>()
  private emittedGroups = 0
  private options: Options
  private readonly stack: { readonly options: Options; readonly start: number }[] = []
  /** Index in `out` at which the last thing that a quantifier can follow begins. */
  private atom: number | undefined

  constructor(
    private readonly source: string,
    ignoreCase: boolean
  ) {
    this.options = { ignoreCase, dotAll: false, multiline: false, extended: false }
  }

  run(): Translation {
    // Leading directives such as (*UTF8) only say how bytes are read, which texts here already settle.
    const directive = /^(?:\(\*(?:UTF8?|UCP|UTF16|UTF32)\))+/.exec(this.source)
    if (directive !== null) this.at = directive[0].length
    while (this.at < this.source.length) this.step()
    if (this.stack.length > 0) throw new Untranslatable('a group is not closed')
    return {
      kind: 'translated',
      source: this.out.join(''),
      flags: '',
      groups: this.groups,
      names: this.names
    }
  }

  private step(): void {
    const unit = this.source[this.at] ?? ''
    if (this.options.extended && this.skipExtended(unit)) return
    switch (unit) {
      case '\\':
        this.escape()
        return
      case '[':
        this.characterClass()
        return
      case '(':
        this.open()
        return
      case ')':
        this.close()
        return
      case '.':
        this.emitAtom(this.options.dotAll ? '[^]' : '[^\\n]')
        break
      case '^':
        this.emit(this.options.multiline ? '(?<![^\\n])' : '^')
        break
      case '$':
        // Without (?m) it also fits before a newline that ends the subject.
        this.emit(this.options.multiline ? '(?![^\\n])' : '(?=\\n?$)')
        break
      case '|':
        this.emit('|')
        break
      case '*':
      case '+':
      case '?':
        this.quantify(unit)
        return
      case '{':
        this.brace()
        return
      default:
        this.emitAtom(this.letter(unit))
    }
    this.at += 1
  }

  private emit(text: string): void {
    this.out.push(text)
    this.atom = undefined
  }

  private emitAtom(text: string): void {
    this.atom = this.out.length
    this.out.push(text)
  }

  private skipExtended(unit: string): boolean {
    if (/\s/.test(unit)) {
      this.at += 1
      return true
    }
    if (unit !== '#') return false
    const end = this.source.indexOf('\n', this.at)
    this.at = end < 0 ? this.source.length : end + 1
    return true
  }

  /** One literal character; letters stand for both cases where that is asked for. */
  private letter(unit: string): string {
    if (this.options.ignoreCase) {
      const lower = unit.toLowerCase()
      const upper = unit.toUpperCase()
      if (lower !== upper && lower.length === 1 && upper.length === 1) return `[${lower}${upper}]`
    }
    return /[\\^$.*+?()[\]{}|/]/.test(unit) ? `\\${unit}` : unit
  }

  private quantify(quantifier: string): void {
    if (this.atom === undefined) throw new Untranslatable(`nothing to repeat at \`${quantifier}\``)
    this.at += quantifier.length
    const next = this.source[this.at]
    if (next === '+') {
      this.at += 1
      this.makeAtomic(this.atom, quantifier)
      return
    }
    let text = quantifier
    if (next === '?') {
      this.at += 1
      text += '?'
    }
    this.out.push(text)
    this.atom = undefined
  }

  /** `a++` and `(?>a+)` never give back what they took: a lookahead with a reference to it does the same here. */
  private makeAtomic(start: number, quantifier: string): void {
    const body = this.out.splice(start).join('') + quantifier
    // The groups inside come behind the new one: their numbers move by one.
    const inside = countGroups(body)
    const number = this.emittedGroups - inside + 1
    for (let index = 0; index < this.groups.length; index++) {
      const group = this.groups[index] ?? 0
      if (group >= number) this.groups[index] = group + 1
    }
    this.emittedGroups += 1
    if (/\\[1-9]/.test(body)) throw new Untranslatable('a reference inside a possessive or atomic group')
    this.out.push(`(?:(?=(${body}))\\${String(number)})`)
    this.atom = this.out.length - 1
  }

  private brace(): void {
    const match = /^\{(\d+)(,(\d*))?\}/.exec(this.source.slice(this.at, this.at + 24))
    if (match === null) {
      this.emitAtom('\\{')
      this.at += 1
      return
    }
    this.quantify(match[0])
  }

  private open(): void {
    const rest = this.source.slice(this.at, this.at + 80)
    if (rest.startsWith('(*')) throw new Untranslatable('backtracking verbs')
    if (!rest.startsWith('(?')) {
      this.push('(')
      this.addGroup()
      this.at += 1
      return
    }
    if (rest.startsWith('(?#')) {
      const end = this.source.indexOf(')', this.at)
      this.at = end < 0 ? this.source.length : end + 1
      return
    }
    const named = /^\(\?(?:P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/.exec(rest)
    if (named !== null) {
      const name = named[1] ?? named[2] ?? ''
      if (this.names.has(name)) throw new Untranslatable(`the name \`${name}\` stands for two groups`)
      this.push('(')
      this.addGroup()
      this.names.set(name, this.groups.length - 1)
      this.at += named[0].length
      return
    }
    const reference = /^\(\?P=([A-Za-z_]\w*)\)/.exec(rest)
    if (reference !== null) {
      this.nameReference(reference[1] ?? '')
      this.at += reference[0].length
      return
    }
    const plain = /^\(\?(?:<?[=!]|:|>)/.exec(rest)
    if (plain !== null) {
      this.push(plain[0])
      this.at += plain[0].length
      return
    }
    this.openOptions(rest)
  }

  private push(opening: string): void {
    this.stack.push({ options: this.options, start: this.out.length })
    this.emit(opening)
  }

  private addGroup(): void {
    this.emittedGroups += 1
    this.groups.push(this.emittedGroups)
  }

  /** `(?i)` up to the end of the group, `(?i:…)` for a group of its own. */
  private openOptions(rest: string): void {
    const match = /^\(\?([imsx]*)(?:-([imsx]+))?([:)])/.exec(rest)
    if (match === null) throw new Untranslatable(`\`${rest.slice(0, 4)}\``)
    const [whole, on = '', off = '', end] = match
    if (end === ':') this.push('(?:')
    const chosen = (letter: string, before: boolean): boolean =>
      off.includes(letter) ? false : on.includes(letter) ? true : before
    this.options = {
      ignoreCase: chosen('i', this.options.ignoreCase),
      dotAll: chosen('s', this.options.dotAll),
      multiline: chosen('m', this.options.multiline),
      extended: chosen('x', this.options.extended)
    }
    this.at += whole.length
  }

  private close(): void {
    const opened = this.stack.pop()
    if (opened === undefined) throw new Untranslatable('a parenthesis too many')
    this.options = opened.options
    this.at += 1
    if (this.out[opened.start] === '(?>') {
      this.out[opened.start] = '(?:'
      this.out.push(')')
      this.makeAtomic(opened.start, '')
      return
    }
    this.out.push(')')
    this.atom = opened.start
  }

  private escape(): void {
    const next = this.source[this.at + 1]
    if (next === undefined) throw new Untranslatable('a backslash at the end')
    const rest = this.source.slice(this.at, this.at + 80)
    const quoted = /^\\Q([^]*?)(?:\\E|$)/.exec(this.source.slice(this.at))
    if (quoted !== null) {
      for (const unit of quoted[1] ?? '') this.emitAtom(this.letter(unit))
      this.at += quoted[0].length
      return
    }
    const name = /^\\k(?:<(\w+)>|'(\w+)'|\{(\w+)\})/.exec(rest) ?? /^\\g\{([A-Za-z_]\w*)\}/.exec(rest)
    if (name !== null) {
      this.nameReference(name[1] ?? name[2] ?? name[3] ?? '')
      this.at += name[0].length
      return
    }
    const number = /^\\(?:([1-9]\d?)|g(\d+)|g\{(\d+)\})/.exec(rest)
    if (number !== null) {
      this.numberReference(Number(number[1] ?? number[2] ?? number[3]))
      this.at += number[0].length
      return
    }
    const character = this.characterEscape(rest)
    if (character !== undefined) {
      this.emitAtom(this.letter(character.text))
      this.at += character.length
      return
    }
    this.assertionOrSet(next)
    this.at += 2
  }

  /** Escapes that mean a set of characters or a place. */
  private assertionOrSet(next: string): void {
    switch (next) {
      case 'd':
      case 'D':
      case 'w':
      case 'W':
        this.emitAtom(`\\${next}`)
        return
      case 's':
        this.emitAtom(`[${spaces}]`)
        return
      case 'S':
        this.emitAtom(`[^${spaces}]`)
        return
      case 'h':
        this.emitAtom(`[${horizontal}]`)
        return
      case 'H':
        this.emitAtom(`[^${horizontal}]`)
        return
      case 'v':
        this.emitAtom(`[${vertical}]`)
        return
      case 'N':
        this.emitAtom('[^\\n]')
        return
      case 'R':
        this.emitAtom(`(?:\\r\\n|[${vertical}])`)
        return
      case 'b':
      case 'B':
        this.emit(`\\${next}`)
        return
      case 'A':
        this.emit('(?<![^])')
        return
      case 'z':
        this.emit('(?![^])')
        return
      case 'Z':
        this.emit('(?=\\n?(?![^]))')
        return
      default:
        if (/[A-Za-z0-9]/.test(next)) throw new Untranslatable(`\`\\${next}\``)
        this.emitAtom(this.letter(next))
    }
  }

  /** Escapes that mean one character. */
  private characterEscape(rest: string): { readonly text: string; readonly length: number } | undefined {
    const hex = /^\\x(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{0,2}))/.exec(rest)
    if (hex !== null) {
      const code = parseInt(hex[1] ?? hex[2] ?? '', 16)
      return { text: String.fromCodePoint(Number.isNaN(code) ? 0 : code), length: hex[0].length }
    }
    const octal = /^\\0([0-7]{0,2})/.exec(rest)
    if (octal !== null)
      return { text: String.fromCharCode(parseInt(`0${octal[1] ?? ''}`, 8)), length: octal[0].length }
    const control = controls.get(rest[1] ?? '')
    return control === undefined ? undefined : { text: control, length: 2 }
  }

  private nameReference(name: string): void {
    const number = this.names.get(name)
    if (number === undefined) throw new Untranslatable(`a reference to \`${name}\` before the group`)
    this.numberReference(number)
  }

  private numberReference(number: number): void {
    const group = this.groups[number]
    if (group === undefined) throw new Untranslatable(`a reference to group ${String(number)} before it`)
    if (this.options.ignoreCase) throw new Untranslatable('a reference that ignores case')
    // The empty group keeps a digit that follows apart.
    this.emitAtom(`(?:\\${String(group)})`)
  }

  private characterClass(): void {
    let at = this.at + 1
    const negated = this.source[at] === '^'
    if (negated) at += 1
    const parts: string[] = []
    let first = true
    for (;;) {
      const unit = this.source[at]
      if (unit === undefined) throw new Untranslatable('a class is not closed')
      if (unit === ']' && !first) break
      first = false
      const item = this.classItem(at)
      at += item.length
      const to =
        this.source[at] === '-' && this.source[at + 1] !== ']' ? this.rangeEnd(at + 1, item) : undefined
      if (to === undefined) {
        parts.push(item.set ?? this.classRange(item.text, item.text))
        continue
      }
      parts.push(this.classRange(item.text, to.text))
      at += 1 + to.length
    }
    this.at = at + 1
    this.emitAtom(`[${negated ? '^' : ''}${parts.join('')}]`)
  }

  private rangeEnd(at: number, from: ClassItem): ClassItem | undefined {
    if (from.set !== undefined || this.source[at] === undefined) return undefined
    const to = this.classItem(at)
    return to.set === undefined ? to : undefined
  }

  private classItem(at: number): ClassItem {
    const unit = this.source[at] ?? ''
    if (unit === '[') {
      const posix = /^\[:(\^?)([a-z]+):\]/.exec(this.source.slice(at, at + 16))
      if (posix !== null)
        return posixItem(posix[0], posix[1] === '^', posix[2] ?? '', this.options.ignoreCase)
    }
    if (unit !== '\\') return { text: unit, length: 1 }
    const rest = this.source.slice(at, at + 12)
    const character = this.characterEscape(rest)
    if (character !== undefined) return character
    const next = rest[1] ?? ''
    if (next === 'b') return { text: '\b', length: 2 }
    if (/[dDwW]/.test(next)) return { text: '', set: `\\${next}`, length: 2 }
    if (next === 's') return { text: '', set: spaces, length: 2 }
    if (next === 'S') return { text: '', set: '\\x00-\\x08\\x0e-\\x1f!-\\uffff', length: 2 }
    if (next === 'h') return { text: '', set: horizontal, length: 2 }
    if (next === 'v') return { text: '', set: vertical, length: 2 }
    if (/[A-Za-z0-9]/.test(next)) throw new Untranslatable(`\`\\${next}\` in a class`)
    return { text: next, length: 2 }
  }

  private classRange(from: string, to: string): string {
    if (from > to) throw new Untranslatable(`the range ${from}-${to} is out of order`)
    const range = from === to ? classUnit(from) : `${classUnit(from)}-${classUnit(to)}`
    if (!this.options.ignoreCase) return range
    return range + otherCase(from, to, 'a', 'z', -32) + otherCase(from, to, 'A', 'Z', 32)
  }
}

interface ClassItem {
  readonly text: string
  readonly set?: string
  readonly length: number
}

function posixItem(text: string, negated: boolean, name: string, ignoreCase: boolean): ClassItem {
  const set = posixClasses[ignoreCase && (name === 'lower' || name === 'upper') ? 'alpha' : name]
  if (set === undefined || negated) throw new Untranslatable(`\`${text}\``)
  return { text: '', set, length: text.length }
}

/** The part of a range that lies within the letters, moved to the other case. */
function otherCase(from: string, to: string, low: string, high: string, shift: number): string {
  const start = from > low ? from : low
  const end = to < high ? to : high
  if (start > end) return ''
  const move = (unit: string): string => String.fromCharCode(unit.charCodeAt(0) + shift)
  return start === end ? move(start) : `${move(start)}-${move(end)}`
}

function classUnit(unit: string): string {
  if (/[\\\]^[-]/.test(unit)) return `\\${unit}`
  const code = unit.charCodeAt(0)
  return code < 32 ? `\\x${code.toString(16).padStart(2, '0')}` : unit
}

/** Capturing groups in translated source. */
function countGroups(source: string): number {
  return (
    source
      .replace(/\\[^]/g, '')
      .replace(/\[[^\]]*\]/g, '')
      .match(/\((?!\?)/g) ?? []
  ).length
}
