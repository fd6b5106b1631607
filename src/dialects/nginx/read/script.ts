import type { Script, Setting } from '../../../model/index.js'
import type { Level } from './level.js'
import type { Session } from './session.js'
import { setting } from './setting.js'

export const splitting = ['fastcgi_split_path_info', 'fastcgi_index'] as const

/** For variables where nothing asks an application. */
export function readSplit(session: Session, level: Level): Setting | undefined {
  if (!level.says(...splitting)) return undefined
  const origins = splitting.flatMap((name) => session.spans(level.inForce(name)))
  return setting('script', readScript(level), 'inherited', origins)
}

/** `$fastcgi_script_name` and `$fastcgi_path_info`: the split in force, and the index behind a final slash. */
export function readScript(level: Level): Script {
  const source = level.inForce('fastcgi_split_path_info').at(-1)?.directive.args[0]?.value
  const index = level.inForce('fastcgi_index').at(-1)?.directive.args[0]?.value
  return {
    split: source === undefined ? { kind: 'whole' } : { kind: 'regex', regex: { source, ignoreCase: false } },
    root: { kind: 'document-root' },
    keepPathInfo: false,
    ...(index === undefined || index === '' ? {} : { index: [{ kind: 'text', text: index }] }),
    documentRootFollows: false
  }
}
