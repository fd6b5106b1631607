import { always, variable } from '../../../model/index.js'
import type { Condition, Script, Template } from '../../../model/index.js'
import { fileScript } from './behaviour.js'
import { test } from './patterns.js'

/** What the variable `proxy-fcgi-pathinfo` says of the path info; any other value means the whole path. `otherwise`: where it is not set. */
export function pathInfoScripts(
  path: Template,
  otherwise: Script
): readonly { readonly when: Condition; readonly script: Script }[] {
  const name: Template = [{ kind: 'environment', name: 'proxy-fcgi-pathinfo' }]
  const is = (value: string): Condition =>
    test({ of: 'text', template: name }, { kind: 'equals', value, ignoreCase: true })
  const split = (pathInfo: Template): Script => ({ ...fileScript, split: { kind: 'common-tail', pathInfo } })
  // Where there is nothing to split, the path info stays what it was.
  const kept: Template = otherwise.split.kind === 'whole' ? [] : variable('path-info')
  const orKept = (pathInfo: Template): Template =>
    kept.length === 0 ? pathInfo : [{ kind: 'first-of', of: [pathInfo, kept] }]
  const unescaped = (to: Template): Template => [{ kind: 'apply', function: 'unescape', to }]
  const behind = (source: string): Template =>
    unescaped([{ kind: 'part', of: path, matching: { source, ignoreCase: false } }])
  return [
    { when: is(''), script: otherwise },
    { when: is('first-dot'), script: split(orKept(behind('^[^.]*\\.[^/]*(/.*)$'))) },
    { when: is('last-dot'), script: split(orKept(behind('^.*\\.[^./]*(/[^.]*)$'))) },
    { when: is('full'), script: { ...fileScript, split: { kind: 'disk', path: unescaped(path) } } },
    { when: is('unescape'), script: split(unescaped(path)) },
    { when: always, script: split(path) }
  ]
}
