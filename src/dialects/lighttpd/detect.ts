import type { Evidence } from '../dialect.js'

/** Signs of the language, each with how sure it makes us that this is it. */
const signs: readonly { readonly pattern: RegExp; readonly score: number; readonly because: string }[] = [
  {
    pattern: /^[ \t]*fastcgi\.(?:server|map-extensions)\s*(?:\+|:)?=/m,
    score: 0.95,
    because: '`fastcgi.server =`'
  },
  { pattern: /^[ \t]*server\.modules\s*(?:\+|:)?=/m, score: 0.95, because: '`server.modules =`' },
  {
    pattern: /^[ \t}]*(?:else[ \t]*)?\$(?:HTTP|SERVER|REQUEST_HEADER)[ \t]*\[[ \t]*"/m,
    score: 0.95,
    because: 'a condition such as `$HTTP["host"]`'
  },
  {
    pattern: /^[ \t]*server\.[a-z0-9-]+[ \t]*(?:\+|:)?=[ \t]*["(\d]/m,
    score: 0.9,
    because: 'a `server.… =` directive'
  },
  {
    pattern:
      /^[ \t]*(?:mimetype\.assign|index-file\.names|alias\.url|url\.[a-z-]+|ssl\.[a-z.-]+|accesslog\.[a-z-]+|var\.\w+)[ \t]*(?:\+|:)?=/m,
    score: 0.8,
    because: 'a directive with `=`'
  },
  {
    pattern: /^[ \t]*include(?:_shell)?[ \t]+"[^"\n]*"[ \t]*(?:#.*)?$/m,
    score: 0.3,
    because: 'an `include "…"` line'
  }
]

/** A file of nothing else may as well be httpd's, which does not look at the case of `include`. */
const onlyIncludes = 0.6

function holdsIncludesOnly(text: string): boolean {
  const lines = text.split(/\r\n?|\n/).filter((line) => !/^[ \t]*(#|$)/.test(line))
  return lines.length > 0 && lines.every((line) => /^[ \t]*include[ \t]+"[^"]*"[ \t]*(#|$)/.test(line))
}

/** How sure a look at name and text makes us. */
export function detectLighttpd(file: string, text: string): Evidence {
  const found = signs.filter(({ pattern }) => pattern.test(text))
  const named = /(?:^|[/.-])lighttpd\b[^/]*$|(?:^|\/)lighttpd\/.*\.conf$/i.test(file)
  const signed = Math.max(0, ...found.map(({ score }) => score))
  const best = holdsIncludesOnly(text) ? Math.max(signed, onlyIncludes) : signed
  const score = named ? Math.max(best + (1 - best) / 2, 0.5) : best
  return {
    score: Math.min(1, score),
    because: [...found.map(({ because }) => because), ...(named ? ['the file’s name'] : [])]
  }
}
