import type { PlanNote, Scope, Site } from '../model/index.js'

/** Applications that write the status line themselves are not spoken to in that way by any writer. */
export function unparsedNotes({ root }: Site): readonly PlanNote[] {
  return notesIn(root)
}

function notesIn(scope: Scope): readonly PlanNote[] {
  const own = scope.settings.flatMap((setting) => (setting.key === 'bindings' ? setting.value : []))
  return [
    ...own.flatMap(({ origin, target }): readonly PlanNote[] => {
      if (target.kind !== 'fastcgi' || target.unparsed?.kind !== 'always') return []
      const message =
        'the application writes the status line itself, which the target takes for a broken header'
      const advice = 'let it send a Status header in place of the status line'
      return [{ origin, verdict: 'approx', note: { message, affects: ['status', 'body'], advice } }]
    }),
    ...scope.children.flatMap(notesIn)
  ]
}
