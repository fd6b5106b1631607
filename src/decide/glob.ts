import type { Test } from '../model/index.js'

type Glob = Extract<Test, { kind: 'glob' }>

const compiled = new WeakMap<Glob, RegExp>()

/** Shell wildcards. */
export function globMatches(test: Glob, text: string): boolean {
  let expression = compiled.get(test)
  if (expression === undefined) {
    expression = globExpression(test)
    compiled.set(test, expression)
  }
  return expression.test(text)
}

function globExpression(test: Glob): RegExp {
  const any = test.crossesSlash ? '[^]' : '[^/]'
  const body = wildcards(test.pattern, any)
  return new RegExp(`^${body}${test.below ? '(?:/|$)' : '$'}`, test.ignoreCase === true ? 'i' : '')
}

/** The body of an expression for a pattern; `any` is what `?` stands for. */
export function wildcards(pattern: string, any: string): string {
  return pattern.replace(/\[(!?)([^\]]+)\]|\\?[^]/g, (part: string, not?: string, set?: string) => {
    if (set !== undefined) return `[${not === '!' ? '^' : ''}${set.replace(/[\\[\]^]/g, '\\$&')}]`
    if (part === '*') return `${any}*`
    if (part === '?') return any
    const unit = part.length > 1 ? part.slice(1) : part
    return unit.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&')
  })
}
