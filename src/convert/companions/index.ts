import type { Diagnostic } from '../../diagnostics/index.js'
import { unreachable } from '../../diagnostics/index.js'
import type { OutputFile } from '../../dialects/index.js'
import type { Spawner } from '../../dialects/spawn.js'
import type { Site } from '../../model/index.js'
import type { Application } from './applications.js'
import { applicationsOf } from './applications.js'
import { fpmPools, isPhp, lostArguments, unsayable } from './php-fpm.js'
import { spawnScript } from './spawn-script.js'
import { systemdAdvice, systemdUnits } from './systemd.js'

/** Files for whoever starts the applications in the target's place. */
export interface Companions {
  readonly files: readonly OutputFile[]
  /** What a person does with them, a line each. */
  readonly advice: readonly string[]
  /** With an error among them nothing is to be written. */
  readonly diagnostics: readonly Diagnostic[]
}

export function companions(spawner: Spawner, site: Site): Companions {
  const applications = applicationsOf(site)
  if (applications.length === 0) return { files: [], advice: [], diagnostics: [noneSpawned(site)] }
  switch (spawner) {
    case 'systemd':
      return {
        files: systemdUnits(applications),
        advice: systemdAdvice(applications),
        diagnostics: applications.flatMap(relativePaths)
      }
    case 'spawn-fcgi':
      return {
        files: [spawnScript(applications)],
        advice: ['run `spawn-backends.sh start` ahead of the web server, at each start of the machine'],
        diagnostics: []
      }
    case 'php-fpm': {
      const php = applications.filter(isPhp)
      const others = applications.filter((application) => !isPhp(application))
      return {
        files: fpmPools(php),
        advice: [
          'copy `php-fpm/*.conf` to the pools of PHP-FPM (Debian: /etc/php/VERSION/fpm/pool.d) and reload it'
        ],
        diagnostics: [...others.map(notPhp), ...php.flatMap(notCarriedOver)]
      }
    }
    default:
      return unreachable(spawner)
  }
}

function noneSpawned({ sources: [main] }: Site): Diagnostic {
  return {
    code: 'convert/nothing-to-spawn',
    severity: 'info',
    message: 'the source starts no applications itself, so there is nothing to write for a spawner',
    ...(main && { span: { file: main.file, start: 0, end: 0 } })
  }
}

function relativePaths({ address, plan, origin }: Application): readonly Diagnostic[] {
  const [program = ''] = plan.command
  const paths = [...(address.kind === 'unix' ? [address.path] : []), program]
  return paths
    .filter((path) => !path.startsWith('/'))
    .map((path) => ({
      code: 'convert/relative-path',
      severity: 'error',
      message: `\`${path}\` is a relative path, which systemd does not take`,
      span: origin,
      hint: 'write it from the root in the source'
    }))
}

function notPhp({ plan, origin }: Application): Diagnostic {
  return {
    code: 'convert/not-php',
    severity: 'error',
    message: `PHP-FPM runs PHP only, and \`${plan.command.join(' ')}\` is not one of PHP's programs`,
    span: origin,
    hint: 'use --spawner systemd or --spawner spawn-fcgi'
  }
}

function notCarriedOver(application: Application): readonly Diagnostic[] {
  const words = [...lostArguments(application), ...unsayable(application)]
  if (words.length === 0) return []
  return [
    {
      code: 'convert/not-in-pool',
      severity: 'warning',
      message: `a pool of PHP-FPM cannot say ${words.map((word) => `\`${word}\``).join(', ')}`,
      span: application.origin,
      hint: 'give it to php-fpm itself, or write it into php.ini'
    }
  ]
}
