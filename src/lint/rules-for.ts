import type { Dialect } from '../dialects/dialect.js'
import { rules as ofSeveral } from './languages/every.js'
import type { Rule } from './rule.js'

const lists: Readonly<Record<Dialect['language'], () => Promise<{ readonly rules: readonly Rule[] }>>> = {
  lighttpd: () => import('./languages/lighttpd.js'),
  nginx: () => import('./languages/nginx.js'),
  apache: () => import('./languages/apache.js')
}

/** The rules that can have something to say of a language; the others are not loaded. Of none: those of a Site from anywhere. */
export function rulesFor(language: Dialect['language'] | undefined): Promise<readonly Rule[]> {
  const known = asked.get(language) ?? load(language)
  asked.set(language, known)
  return known
}

/** Thousands of files may ask. */
const asked = new Map<Dialect['language'] | undefined, Promise<readonly Rule[]>>()

async function load(language: Dialect['language'] | undefined): Promise<readonly Rule[]> {
  return language === undefined ? ofSeveral : [...ofSeveral, ...(await lists[language]()).rules]
}
