import { characterClass } from './character-class.js'
import { Untranslatable, characterEscape, horizontal, literal, spaces, vertical } from './characters.js'
import { propertySet } from './property.js'

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
      /** What it says of texts with other characters is not known. */
      readonly onlyAscii?: true
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

/** Options that `(?imsx)` sets; they hold to the end of the group they stand in. */
interface Options {
  readonly ignoreCase: boolean
  readonly dotAll: boolean
  readonly multiline: boolean
  readonly extended: boolean
}

class Translator {
  private at = 0
  private onlyAscii = false
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
      names: this.names,
      ...(this.onlyAscii && { onlyAscii: true })
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
        this.bracket()
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
        this.emitAtom(this.literal(unit))
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

  private literal(unit: string): string {
    return literal(unit, this.options.ignoreCase)
  }

  private bracket(): void {
    const { text, end, onlyAscii } = characterClass(this.source, this.at, this.options.ignoreCase)
    this.at = end
    this.onlyAscii ||= onlyAscii
    this.emitAtom(text)
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
      for (const unit of quoted[1] ?? '') this.emitAtom(this.literal(unit))
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
    const character = characterEscape(rest)
    if (character !== undefined) {
      this.emitAtom(this.literal(character.text))
      this.at += character.length
      return
    }
    const property = propertySet(rest, this.options.ignoreCase)
    if (property !== undefined) {
      this.onlyAscii = true
      this.emitAtom(`[${property.set}]`)
      this.at += property.length
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
        this.emitAtom(this.literal(next))
    }
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
