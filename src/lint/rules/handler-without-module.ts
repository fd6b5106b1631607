import type { Site } from '../../model/index.js'
import type { Rule, RuleContext } from '../rule.js'
import { httpd } from '../support/dialects.js'
import { liveRecordsOf, recordsOf } from '../support/records.js'
import { valuesOf, wordsOf } from '../support/source.js'

const modules: readonly (readonly [handler: RegExp, module: string])[] = [
  [/^fastcgi-script$/, 'fastcgi'],
  [/^fcgid-script$/, 'fcgid'],
  [/^proxy:.*fcgi:/i, 'proxy_fcgi']
]

/** A handler of a module that is not loaded is no handler: the file itself is sent. */
export const handlerWithoutModule: Rule = {
  code: 'fastcgi/handler-without-module',
  severity: 'error',
  summary: 'A handler whose module is not loaded, so that scripts are sent as text',
  dialects: httpd,
  security: 7.5,
  site(site, context) {
    const loaded = loadedModules(site, context)
    // A part of a configuration says nothing of modules.
    if (loaded === undefined) return
    for (const record of [...liveRecordsOf(site, 'SetHandler'), ...liveRecordsOf(site, 'AddHandler')]) {
      const word = wordsOf(context, record.span)[1]
      const module = word && modules.find(([handler]) => handler.test(word.value))?.[1]
      if (word === undefined || module === undefined || loaded.has(module)) continue
      if (liveRecordsOf(site, 'Action').some(({ span }) => valuesOf(context, span)[1] === word.value))
        continue
      context.report({
        span: word.span,
        message: `nobody answers for the handler \`${word.value}\`: mod_${module} is not loaded, and the file itself is sent`,
        hint: `load it, as with \`LoadModule ${module}_module modules/mod_${module}.so\``
      })
    }
  }
}

function loadedModules(site: Site, context: RuleContext): ReadonlySet<string> | undefined {
  const records = liveRecordsOf(site, 'LoadModule')
  if (recordsOf(site, 'LoadModule').length === 0 || context.missing.length > 0) return undefined
  return new Set(
    records.flatMap(({ span }) => {
      const [, name = '', file = ''] = valuesOf(context, span)
      return [name.replace(/_module$/, ''), /mod_(\w+)\.\w+$/.exec(file)?.[1] ?? '']
    })
  )
}
