import type { HostName, Scope } from '../../model/index.js'
import type { Rule } from '../rule.js'

/** Of two hosts with one name the second is never asked. */
export const serverNameTwice: Rule = {
  code: 'routing/server-name-twice',
  severity: 'warning',
  summary: 'A name that two hosts of one address have, of which the second never answers',
  dialects: 'all',
  visits({ report }) {
    const taken = new Map<string, Map<string, Taken>>()
    return {
      host({ scope }) {
        const { names = [], listeners = [] } = scope.host ?? {}
        for (const name of names) {
          if (name.kind === 'regex' || (name.kind === 'exact' && name.value === '')) continue
          const { kind, value, origin } = name
          const folded = value.toLowerCase()
          let first: Taken | undefined
          for (const id of listeners) {
            const seen = mapIn(taken, `${id} ${kind}`)
            const known = seen.get(folded)
            if (known === undefined) seen.set(folded, { scope, name })
            first ??= known
          }
          if (first === undefined || first.scope === scope) continue
          const other = first.name.origin
          if (other.start === origin.start && other.file === origin.file) continue
          report({
            span: origin,
            message: `\`${value}\` is the name of another host at the same address, and that one answers`,
            hint: 'remove the name from one of them',
            related: [{ span: other, message: 'this one answers' }]
          })
        }
      }
    }
  }
}

interface Taken {
  readonly scope: Scope
  readonly name: HostName
}

function mapIn<Inner>(maps: Map<string, Map<string, Inner>>, key: string): Map<string, Inner> {
  const known = maps.get(key)
  if (known !== undefined) return known
  const made = new Map<string, Inner>()
  maps.set(key, made)
  return made
}
