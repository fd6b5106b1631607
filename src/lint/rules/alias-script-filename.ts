import type { Rule } from '../rule.js'
import { nginx } from '../support/dialects.js'
import { namedParams, paramsOf } from '../support/params.js'

/** Under an alias the document root and the path do not make the file's name. */
export const aliasScriptFilename: Rule = {
  code: 'fastcgi/alias-script-filename',
  severity: 'warning',
  summary: 'SCRIPT_FILENAME made of document root and path, where an alias is in force',
  dialects: nginx,
  visits({ report }) {
    return {
      binding(placed) {
        const root = placed.place.get('root')
        if (root?.value.kind !== 'alias' || root.origin === undefined) return
        const script = namedParams(paramsOf(placed)).findLast(({ name }) => name === 'SCRIPT_FILENAME')
        const names = script?.value.flatMap((part) => (part.kind === 'variable' ? [part.name] : [])) ?? []
        if (script === undefined || names[0] === undefined || !names[0].startsWith('document-root')) return
        if (!names.some((name) => name === 'script.name' || name === 'path')) return
        // An alias that repeats the location's name changes nothing.
        report({
          span: script.origin,
          message:
            'this names no file: with `alias` the document root is the folder itself, and the path still begins with the location',
          hint: 'write `$request_filename`',
          related: [{ span: root.origin, message: 'the alias' }]
        })
      }
    }
  }
}
