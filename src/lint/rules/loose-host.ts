import type { Rule } from '../rule.js'

/** In a pattern for hosts a dot that fits everything, or no end: foreign names fit too. */
export const looseHost: Rule = {
  code: 'security/loose-host',
  severity: 'info',
  summary: 'A pattern for host names that foreign names fit too',
  dialects: 'all',
  security: 4.3,
  visits({ report }) {
    return {
      place({ scope }) {
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
}

interface Problem {
  readonly message: string
  readonly hint: string
}

function problemOf(source: string): Problem | undefined {
  const plain = source.replace(/\[[^\]]*\]/g, (all) => 'x'.repeat(all.length))
  const loose = /[a-z0-9)](\.)(com|org|net|de|io|info|eu|local|test|[a-z]{2})(?:\$|\)|:|$)/i.exec(plain)
  if (loose !== null) {
    return {
      message: `the dot before \`${loose[2] ?? ''}\` in \`${source}\` fits every character, so that names of others fit too`,
      hint: 'write `\\.`'
    }
  }
  if (/[a-z]$/i.test(source) && source.includes('\\.')) {
    return {
      message: `\`${source}\` has no end: \`${withoutPattern(source)}.evil.example\` fits too`,
      hint: 'end it with `$`'
    }
  }
  return undefined
}

/** A name that the end of a pattern fits: all of it where it says nothing but a name. */
function withoutPattern(source: string): string {
  const [end = ''] = /(?:[a-z0-9-]|\\\.)+$/i.exec(source) ?? []
  return end.replaceAll('\\.', '.').replace(/^\./, 'www.')
}
