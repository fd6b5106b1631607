import type { PlanNote, Scope, Setting, Site } from '../model/index.js'
import { origins } from '../model/index.js'

/** Document roots that depend on which directory is there are left to a person: no writer has them. */
export function plainRoots(site: Site): { readonly site: Site; readonly notes: readonly PlanNote[] } {
  const notes: PlanNote[] = []
  return { site: { ...site, root: plain(site.root, notes) }, notes }
}

function plain(scope: Scope, notes: PlanNote[]): Scope {
  return {
    ...scope,
    settings: scope.settings.map((setting) => plainSetting(setting, notes)),
    children: scope.children.map((child) => plain(child, notes))
  }
}

function plainSetting(setting: Setting, notes: PlanNote[]): Setting {
  if (setting.key !== 'root' || setting.value.kind !== 'root' || setting.value.preferred === undefined) {
    return setting
  }
  for (const origin of origins(setting)) {
    notes.push({
      origin,
      verdict: 'lost',
      note: {
        message: 'the directory of each host is not looked for: every host has the document root',
        affects: ['routing', 'status', 'DOCUMENT_ROOT', 'SCRIPT_FILENAME', 'SERVER_NAME'],
        advice: 'Write a virtual host for each name, with its directory.'
      }
    })
  }
  const { kind, path } = setting.value
  return { ...setting, value: { kind, path } }
}
