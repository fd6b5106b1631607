import type { Template, TemplatePart } from '../../model/index.js'

/** Every part of a template, those inside of others too. */
export function* partsOf(template: Template): Generator<TemplatePart> {
  for (const part of template) {
    yield part
    if (part.kind === 'first-of') for (const inner of part.of) yield* partsOf(inner)
    if (part.kind === 'part') yield* partsOf(part.of)
    if (part.kind === 'apply') yield* partsOf(part.to)
  }
}

export function uses(template: Template, ...names: readonly string[]): boolean {
  return some(template, (part) => part.kind === 'variable' && names.includes(part.name))
}

/** Whether there is such a part, in others too. */
export function some(template: Template, isOne: (part: TemplatePart) => boolean): boolean {
  for (const part of template) {
    if (isOne(part)) return true
    const inside = part.kind === 'first-of' ? part.of : part.kind === 'part' ? [part.of] : []
    if (inside.some((inner) => some(inner, isOne))) return true
    if (part.kind === 'apply' && some(part.to, isOne)) return true
  }
  return false
}
