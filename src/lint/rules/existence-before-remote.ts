import type { Rule } from '../rule.js'
import { poolOf } from '../support/places.js'

const here = /^(?:127\.|localhost$|::1$|\[::1\]$|0\.0\.0\.0$|::$|$)/

/** A check for files of this host, ahead of an application that has files of its own. */
export const existenceBeforeRemote: Rule = {
  code: 'fastcgi/existence-before-remote',
  severity: 'info',
  summary: 'A check that the file exists here, ahead of an application on another host',
  dialects: ['lighttpd', 'nginx'],
  visits({ site, report }) {
    return {
      binding({ binding, target, place }) {
        const away = poolOf(site, target)?.members.find(
          ({ address }) => address.kind === 'tcp' && !here.test(address.host)
        )
        if (away?.address.kind !== 'tcp') return
        const tries = place.own('tryFiles')
        const isChecked = target.mustExist || (tries !== undefined && tries.value.last.kind === 'status')
        if (!isChecked) return
        report({
          span: tries?.origin ?? binding.origin,
          message: `the file is looked for on this host, and \`${away.address.host}\` is another one: where the files are only there, all is 404`,
          hint:
            tries === undefined
              ? 'add `"check-local" => "disable"`, and the folder there as `"docroot"`'
              : 'leave the check out where the files are not on this host as well',
          related: [{ span: away.origin, message: 'the application' }]
        })
      }
    }
  }
}
