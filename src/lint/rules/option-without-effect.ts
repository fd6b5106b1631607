import type { DirectiveRecord } from '../../model/index.js'
import type { Rule, RuleContext } from '../rule.js'
import { lighttpd } from '../support/dialects.js'
import { optionsIn } from '../support/options.js'
import type { PlacedBinding } from '../support/places.js'
import { fastcgiBindings, poolOf } from '../support/places.js'

/** Options of hosts that do nothing beside, or without, another one. */
export const optionWithoutEffect: Rule = {
  code: 'config/option-without-effect',
  severity: 'warning',
  summary: 'An option that has no effect beside the others',
  dialects: lighttpd,
  site(site, context) {
    for (const placed of fastcgiBindings(site)) {
      for (const { origin } of poolOf(site, placed.target)?.members ?? []) {
        check(placed, optionsIn(site, origin), context)
      }
    }
  }
}

type Options = ReadonlyMap<string, DirectiveRecord>

const ofSpawning = [
  'min-procs',
  'max-procs',
  'max-load-per-proc',
  'idle-timeout',
  'bin-environment',
  'bin-copy-environment',
  'kill-signal'
]

function check({ binding: { match }, target }: PlacedBinding, options: Options, context: RuleContext): void {
  const say = (name: string, why: string, hint: string): void => {
    const record = options.get(name)
    if (record !== undefined)
      context.report({ span: record.span, message: `\`${name}\` has no effect: ${why}`, hint })
  }
  if (!options.has('bin-path')) {
    for (const name of ofSpawning) {
      say(
        name,
        'lighttpd starts no processes here, for there is no `bin-path`',
        'remove it, and set up the program where it is started'
      )
    }
  }
  if (!options.has('x-sendfile') && !options.has('allow-x-send-file')) {
    say('x-sendfile-docroot', '`x-sendfile` is not enabled', 'add `"x-sendfile" => "enable"`, or remove it')
  }
  if (
    (match.kind !== 'prefix' || match.value !== '/' || target.mustExist) &&
    target.script.split.kind !== 'all-path-info'
  ) {
    say('fix-root-scriptname', 'it acts for the key `/` with `check-local` off alone', 'remove it')
  }
  if (options.has('docroot') && target.role === 'responder') {
    say('broken-scriptfilename', 'with `docroot` SCRIPT_FILENAME is made of that', 'remove one of them')
  }
}
