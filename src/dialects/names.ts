import type { Dialect, DialectName } from './dialect.js'

const languages: Readonly<Record<DialectName, Dialect['language']>> = {
  lighttpd: 'lighttpd',
  nginx: 'nginx',
  apache: 'apache',
  'apache-fcgid': 'apache',
  'apache-proxy-fcgi': 'apache'
}

/** The language in which configurations of this name are written. */
export function languageOf(name: DialectName): Dialect['language'] {
  return languages[name]
}
