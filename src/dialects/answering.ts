import { unreachable } from '../diagnostics/index.js'
import type { Action, Binding, InForce, LabelRule, Match, Note, Script } from '../model/index.js'

/**
 * The bindings of a place in the order they are tried, without handler names: a binding on a name becomes one on the
 * extensions, or on the whole place, that have the name, and an action's URL becomes what answers for that URL.
 */
export function answering(settings: InForce): readonly Binding[] {
  const bindings = settings.bindings?.value ?? []
  return bindings.flatMap((binding) => {
    const { match } = binding
    if (match.kind !== 'label') return [binding]
    return labelled(match.value, settings).map((found) => ({ ...binding, match: found }))
  })
}

function labelled(name: string, settings: InForce): readonly Match[] {
  if (settings.label?.value === name) return [{ kind: 'any' }]
  if (settings.label !== undefined && settings.label.value !== null) return []
  return (settings.labels?.value ?? []).filter((rule) => rule.label === name).map(extensionMatch)
}

function extensionMatch(rule: LabelRule): Match {
  if (rule.counts === 'last') {
    return { kind: 'regex', regex: { source: `${escaped(rule.extension)}$`, ignoreCase: true } }
  }
  return { kind: 'regex', regex: { source: `${escaped(rule.extension)}(?:\\.[^/]*)?$`, ignoreCase: true } }
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`)
}

/** Handler names whose requests an action hands to a URL, with the extensions that have them. */
export function actionsInForce(
  settings: InForce
): readonly { readonly action: Action; readonly matches: readonly Match[] }[] {
  return (settings.actions?.value ?? []).map((action) => ({
    action,
    matches: labelled(action.label, settings)
  }))
}

/** Whether the path is taken apart where the file ends on disk, as every server that looks at the file does. */
export function splitsAtFile(script: Script, mustExist: boolean): boolean {
  switch (script.split.kind) {
    case 'file':
    case 'common-tail':
    case 'disk':
      return true
    case 'whole':
    case 'regex':
    case 'after-prefix':
      return mustExist
    case 'all-path-info':
      return false
  }
}

/** Which URLs a binding has a say in, for a note of the ledger; nothing where that may be any. */
export function urlsOf({ match }: Pick<Binding, 'match'>): Pick<Note, 'urls'> {
  switch (match.kind) {
    case 'prefix':
    case 'exact':
      return match.value === '' ? {} : { urls: [{ kind: match.kind, value: match.value }] }
    case 'suffix':
      // Path info may follow.
      return match.value === '' ? {} : { urls: [{ kind: 'contains', value: match.value }] }
    case 'regex':
    case 'file-prefix':
    case 'any':
    case 'label':
      return {}
    default:
      return unreachable(match)
  }
}
