import { literalText } from '../../model/index.js'
import type { Rule } from '../rule.js'
import { isForPhp } from '../support/php.js'
import { isWhole } from '../support/whole.js'

/** What may lead to PHP without an index. */
const frontControllers = ['tryFiles', 'rewrites', 'missingRewrites'] as const

/** PHP answers, and `index.php` is no index. */
export const indexWithoutScript: Rule = {
  code: 'routing/index-without-script',
  severity: 'info',
  summary: 'PHP without `index.php` among the index files, so that `/` is 403 or 404',
  dialects: ['nginx', 'lighttpd'],
  visits(context) {
    const { site } = context
    const said = new Set<unknown>()
    return {
      binding(placed) {
        const { binding, place } = placed
        const around = binding.match.kind === 'suffix' ? place : place.parent
        if (around === undefined || !isForPhp(site, placed) || said.has(around)) return
        const isPattern = binding.match.kind === 'suffix' || place.scope.location?.kind === 'regex'
        const index = around.get('index')
        // What nginx does unasked stands at the top.
        if (!isPattern || index?.origin === undefined || !isWhole(context, around)) return
        const names = index.value.names.map((name) => literalText(name))
        if (names.some((name) => name === undefined || /\.(?:php\d?|phtml)$|^\//.test(name))) return
        if (frontControllers.some((key) => around.own(key) !== undefined)) return
        // What is added to may stand elsewhere.
        if (context.text(index.origin).includes('+=')) return
        said.add(around)
        context.report({
          span: index.origin,
          message: 'PHP answers here, and `index.php` is not among the index files',
          hint: 'add `index.php`',
          related: [{ span: binding.origin, message: 'PHP is asked here' }]
        })
      }
    }
  }
}
