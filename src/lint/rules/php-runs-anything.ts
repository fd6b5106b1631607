import type { Instruction } from '../../model/index.js'
import type { Rule, RuleContext } from '../rule.js'
import { namedParams, paramsOf } from '../support/params.js'
import type { Place, PlacedBinding } from '../support/places.js'
import { isForPhp, takes } from '../support/php.js'
import { fits } from '../support/regexes.js'
import { partsOf } from '../support/templates.js'
import { isWhole } from '../support/whole.js'

const probe = '/upload/picture.jpg/x.php'

/** PHP looks for a file to run above one that does not exist, unless somebody looks first whether it does. */
export const phpRunsAnything: Rule = {
  code: 'security/php-runs-anything',
  severity: 'warning',
  summary: 'PHP is asked for scripts that do not exist, and may run an uploaded picture instead',
  dialects: ['lighttpd', 'nginx'],
  security: 8.1,
  visits(context) {
    const { site } = context
    return {
      binding(placed) {
        const { binding, target, place } = placed
        if (target.role !== 'responder' || !isForPhp(site, placed)) return
        const isSuffix = binding.match.kind === 'suffix'
        if (isSuffix ? target.mustExist : isGuarded(placed, context)) return
        if (binding.match.kind !== 'any' && !isSuffix) return
        context.report({
          span: binding.origin,
          message: `nobody looks whether the script exists: \`/upload/picture.jpg/x.php\` ${place.host === undefined && isSuffix ? 'comes here' : 'is handed to PHP'}, which may run the picture`,
          hint: isSuffix
            ? 'leave `check-local` on, which it is without the option'
            : 'add `try_files $uri =404;`, or `try_files $fastcgi_script_name =404;` where there is path info'
        })
      }
    }
  }
}

function isGuarded(placed: PlacedBinding, context: RuleContext): boolean {
  const { place } = placed
  if (place.own('tryFiles') !== undefined || place.own('internalOnly')?.value === true) return true
  // Only a pattern for scripts lets any name through, and only one that ends behind them.
  if (takes(place, probe) !== true || !isWhole(context, place)) return true
  if (isTakenBefore(place)) return true
  for (let around: Place | undefined = place; around !== undefined; around = around.parent) {
    const instructions = around.own('instructions')?.value ?? []
    if (instructions.some(looksForFile)) return true
  }
  // A fixed script runs whatever the path is.
  const script = namedParams(paramsOf(placed)).findLast(({ name }) => name === 'SCRIPT_FILENAME')
  if (script === undefined) return true
  const parts = [...partsOf(script.value)]
  return !parts.some(
    (part) => part.kind === 'variable' && /^(?:script\.name|path|filename|script\.filename)$/.test(part.name)
  )
}

/** A pattern that stands before this one and takes the path: often to refuse it. */
function isTakenBefore(place: Place): boolean {
  for (const sibling of place.parent === undefined ? [] : place.parent.inside) {
    if (sibling === place) return false
    const { location } = sibling.scope
    if (location?.kind === 'regex' && fits(location.regex, probe) === true) return true
  }
  return false
}

function looksForFile(instruction: Instruction): boolean {
  return instruction.kind === 'if' && JSON.stringify(instruction.when).includes('"kind":"exists"')
}
