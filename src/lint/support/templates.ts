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
  for (const part of partsOf(template)) {
    if (part.kind === 'variable' && names.includes(part.name)) return true
  }
  return false
}
