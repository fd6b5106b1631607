import type { DirectiveRecord, Site } from '../../model/index.js'
import type { RuleContext } from '../rule.js'
import { liveRecordsOf } from './records.js'
import { wordsOf } from './source.js'

/** The lines that define an application of mod_fastcgi by its path. */
export function definitionsOf(site: Site): readonly DirectiveRecord[] {
  return ['FastCgiServer', 'FastCgiExternalServer'].flatMap((name) => liveRecordsOf(site, name))
}

/** The paths that they name, as they are written. */
export function definedPaths(site: Site, context: RuleContext): ReturnType<typeof wordsOf> {
  return definitionsOf(site).flatMap(({ span }) => wordsOf(context, span).slice(1, 2))
}
