import type { Rule } from '../rule.js'
import { placesOf } from '../support/places.js'

/** In a pattern for hosts a dot that fits everything, or no end: foreign names fit too. */
export const looseHost: Rule = {
  code: 'security/loose-host',
  severity: 'info',
  summary: 'A pattern for host names that foreign names fit too',
  dialects: 'all',
  security: 4.3,
  site(site, { report }) {
    for (const { scope } of placesOf(site)) {
      const { when, head, host } = scope
      if (
        when.kind === 'test' &&
        when.subject.of === 'host' &&
        when.test.kind === 'regex' &&
        head !== undefined
      ) {
        const problem = problemOf(when.test.regex.source)
        if (problem !== undefined) report({ span: head, ...problem })
      }
      for (const name of host?.names ?? []) {
        const problem = name.kind === 'regex' ? problemOf(name.regex.source) : undefined
        if (problem !== undefined) report({ span: name.origin, ...problem })
      }
    }
  }
}

function problemOf(source: string): { readonly message: string; readonly hint: string } | undefined {
  const plain = source.replace(/\[[^\]]*\]/g, 'x')
  if (/[a-z0-9)]\.(?:com|org|net|de|io|info|eu|local|test|[a-z]{2})(?:\$|\)|:|$)/i.test(plain)) {
    return {
      message: `a dot in \`${source}\` fits every character: \`wwwxexample.org\` would fit as well as \`www.example.org\``,
      hint: 'write `\\.`'
    }
  }
  if (/[a-z]$/i.test(source) && source.includes('\\.')) {
    return {
      message: `\`${source}\` has no end: \`example.org.evil.example\` would fit too`,
      hint: 'end it with `$`'
    }
  }
  return undefined
}
