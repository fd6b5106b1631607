import type { Edit, Span } from '../../diagnostics/index.js'
import type { Site } from '../../model/index.js'
import type { Rule, RuleContext } from '../rule.js'
import { nginx } from '../support/dialects.js'
import type { NamedParam } from '../support/params.js'
import { namedParams, paramsOf } from '../support/params.js'
import type { PlacedBinding } from '../support/places.js'
import { settingsOf } from '../support/places.js'
import { wordsOf } from '../support/source.js'
import { takes } from '../support/php.js'
import { uses } from '../support/templates.js'

/** A try list that finds its file makes that file the path, and the path info behind it is gone. */
export const pathInfoReset: Rule = {
  code: 'fastcgi/path-info-reset',
  severity: 'warning',
  summary: 'PATH_INFO that is always empty because of a try list beside it',
  dialects: nginx,
  visits(context) {
    return {
      binding(placed) {
        const { place, target } = placed
        const tries = place.own('tryFiles')
        if (
          tries === undefined ||
          tries.value.candidates.length === 0 ||
          target.script.split.kind !== 'regex'
        )
          return
        // Where no path info can come, `fastcgi/path-info-never-comes` speaks.
        if (takes(place, '/index.php') === true && takes(place, '/index.php/info') === false) return
        const param = namedParams(paramsOf(placed)).find(({ value }) => uses(value, 'script.path-info'))
        if (param === undefined || tries.origin === undefined) return
        const edits = editsFor(param, placed, context)
        context.report({
          span: tries.origin,
          message: `\`try_files\` makes the file it finds the current path, so that \`${param.name}\` is always empty`,
          hint: 'keep it first: `set $path_info $fastcgi_path_info;`, and give `$path_info` as the param',
          related: [{ span: param.origin, message: 'used here' }],
          ...(edits && { fix: { title: 'keep the path info in a variable', safety: 'safe' as const, edits } })
        })
      }
    }
  }
}

const kept = 'path_info'

function editsFor(
  param: NamedParam,
  { place }: PlacedBinding,
  context: RuleContext
): readonly Edit[] | undefined {
  const tries = place.own('tryFiles')?.origin
  const word = wordsOf(context, param.origin)[2]
  if (tries === undefined || word?.value !== '$fastcgi_path_info' || isTaken(context.site)) return undefined
  if (param.origin.file !== tries.file) return undefined
  return [
    {
      span: { ...tries, end: tries.start },
      text: `set $${kept} $fastcgi_path_info;\n${indentAt(tries, context)}`
    },
    { span: word.span, text: `$${kept}` }
  ]
}

function isTaken(site: Site): boolean {
  return settingsOf(site, 'instructions').some(({ setting }) =>
    setting.value.some((one) => one.kind === 'set' && one.name === kept)
  )
}

function indentAt({ file, start }: Span, { text }: RuleContext): string {
  return /(?:^|\n)([ \t]*)$/.exec(text({ file, start: Math.max(0, start - 200), end: start }))?.[1] ?? ''
}
