import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Dialect } from '../../src/dialects/index.js'

/** One fenced example of a rule's page. */
export interface Example {
  readonly rule: string
  readonly language: Dialect['language']
  readonly kind: 'bad' | 'good'
  /** For a bad one: the text that the finding must begin at. */
  readonly at?: string
  readonly text: string
  /** As `page.md:12`. */
  readonly name: string
}

const folder = join(import.meta.dirname, '../../src/lint/rules')

export const pages = readdirSync(folder)
  .filter((name) => name.endsWith('.md'))
  .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))

/** The code in a page's title. */
export function codeOf(page: { readonly text: string }): string | undefined {
  return /^# `([^`]+)`\n/.exec(page.text)?.[1]
}

export function examplesOf(page: { readonly name: string; readonly text: string }): readonly Example[] {
  const fences = page.text.matchAll(/^```(\w+) (bad|good)(?: at=(.+))?\n([\s\S]*?)^```$/gm)
  return [...fences].map(([all, language = '', kind, at, text = '']) => {
    const line = page.text.slice(0, page.text.indexOf(all)).split('\n').length
    return {
      rule: codeOf(page) ?? '',
      language: languageOf(language),
      kind: kind === 'bad' ? 'bad' : 'good',
      ...(at === undefined ? {} : { at }),
      text,
      name: `${page.name}:${line}`
    }
  })
}

function languageOf(word: string): Dialect['language'] {
  if (word === 'lighttpd' || word === 'nginx' || word === 'apache') return word
  throw new Error(`an example is written for ${word}, which is no language`)
}
