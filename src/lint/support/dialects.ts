import type { DialectName } from '../../dialects/dialect.js'

/** The names that configurations of Apache httpd go by. */
export const httpd: readonly DialectName[] = ['apache', 'apache-fcgid', 'apache-proxy-fcgi']
export const nginx: readonly DialectName[] = ['nginx']
export const lighttpd: readonly DialectName[] = ['lighttpd']
