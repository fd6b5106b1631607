import type { Site } from '../../model/index.js'
import type { Rule } from '../rule.js'
import { answering } from '../support/answering.js'
import { nginx } from '../support/dialects.js'
import type { Place } from '../support/places.js'
import { fastcgiAt, within } from '../support/places.js'
import { isWhole } from '../support/whole.js'

const hidden = ['/.git/config', '/.env', '/.htpasswd']
const backups = ['/config.php.bak', '/index.php~']

/** Files beside those of the site, which their names keep out of sight and nothing else. */
export const sensitiveFiles: Rule = {
  code: 'security/sensitive-files',
  severity: 'info',
  summary: 'Repositories, secrets and backups below the root that anybody may fetch',
  dialects: nginx,
  security: 5.3,
  precision: 'medium',
  visits(context) {
    const { site } = context
    return {
      host(place) {
        const root = place.own('root')
        if (root?.origin === undefined || !isWhole(context, place) || !hasApplications(place)) return
        // Where no PHP is, there is mostly nothing but what was put there to be fetched.
        const sent = hidden.filter((path) => isSent(site, place, path))
        if (sent.length === 0) return
        const open = [...sent, ...backups.filter((path) => isSent(site, place, path))]
        context.report({
          span: root.origin,
          message: `${open.map((path) => `\`${path}\``).join(', ')}: what lies there is sent to whoever asks`,
          hint: 'add `location ~ /\\.(?!well-known/) { return 404; }` and `location ~ (?:~|\\.(?:bak|orig|sql|swp))$ { return 404; }`'
        })
      }
    }
  }
}

/** Sent as a file: no application answers, nobody refuses it. */
function isSent(site: Site, server: Place, path: string): boolean {
  const place = answering(site, server, path)
  if (place === undefined) return false
  if (fastcgiAt(place).length > 0 || place.get('bindings') !== undefined) return false
  if (place.own('internalOnly')?.value === true) return false
  const access = place.get('access')?.value
  if (access?.rules.some(({ allow }) => !allow) === true || place.get('authentication') !== undefined)
    return false
  for (let around: Place | undefined = place; around !== undefined; around = around.parent) {
    // What answers, or what may, is not a file.
    const instructions = around.own('instructions')?.value ?? []
    if (instructions.some(({ kind }) => kind === 'answer' || kind === 'if' || kind === 'rewrite'))
      return false
  }
  const root = place.get('root')
  return root?.value.kind === 'root' && root.origin === server.own('root')?.origin
}

function hasApplications(server: Place): boolean {
  for (const place of within(server)) {
    if (place.own('bindings') !== undefined) return true
  }
  return false
}
