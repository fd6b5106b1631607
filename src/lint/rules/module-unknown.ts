import { nearest } from '../../diagnostics/index.js'
import type { Vocabulary } from '../../dialects/vocabulary.js'
import type { Rule } from '../rule.js'
import { httpd } from '../support/dialects.js'
import { recordsOf } from '../support/records.js'
import { wordsOf } from '../support/source.js'

/** What an `<IfModule>` of a misspelt module holds never takes effect, and nobody says so. */
export const moduleUnknown: Rule = {
  code: 'config/module-unknown',
  severity: 'warning',
  summary: 'An `<IfModule>` of a module that does not exist',
  dialects: httpd,
  site(site, context) {
    const records = recordsOf(site, 'IfModule')
    if (records.length === 0) return
    const known = knownModules(context.vocabulary)
    for (const record of records) {
      const word = wordsOf(context, record.span)[1]
      if (word === undefined || word.value.includes('$')) continue
      const name = word.value.replace(/^!/, '')
      const module = name
        .replace(/\.c$/, '')
        .replace(/_module$/, '')
        .replace(/^mod_/, '')
      if (known.has(module)) continue
      const meant = nearest(
        module,
        [...known].filter((other) => Math.abs(other.length - module.length) < 3)
      )
      // Modules of third parties are many; a name is only called wrong where it is nearly another one.
      if (meant === undefined || module.length < 4 || distanceIsLarge(module, meant)) continue
      const form = name.endsWith('_module') ? `${meant}_module` : `mod_${meant}.c`
      context.report({
        span: word.span,
        message: `there is no module \`${name}\`: what stands in this section ${word.value.startsWith('!') ? 'always' : 'never'} takes effect`,
        hint: `did you mean \`${form}\`?`,
        fix: {
          title: `write \`${form}\``,
          safety: 'unsafe',
          edits: [{ span: word.span, text: word.value.startsWith('!') ? `!${form}` : form }]
        }
      })
    }
  }
}

/** One letter in four may be wrong, case aside. */
function distanceIsLarge(name: string, meant: string): boolean {
  const letters = new Set(meant)
  const foreign = Array.from(name.toLowerCase()).filter((letter) => !letters.has(letter)).length
  return foreign > 1 || Math.abs(name.length - meant.length) > 1
}

const sets = new WeakMap<Vocabulary, ReadonlySet<string>>()

/** Every module whose directives are known, and those that have none of their own or are often built in. */
function knownModules(vocabulary: Vocabulary): ReadonlySet<string> {
  const known = sets.get(vocabulary)
  if (known !== undefined) return known
  const made = new Set(furtherModules.split(/\s+/))
  for (const { module, orModule } of vocabulary.values()) {
    for (const name of [module, orModule]) if (name !== undefined) made.add(name.replace(/^mod_/, ''))
  }
  sets.set(vocabulary, made)
  return made
}

/** httpd 2.4's own, 2.2's, and what is often added. */
const furtherModules = `core http so unixd mpm_prefork mpm_worker mpm_event mpm_winnt prefork worker event mpm_common mpm_netware
access_compat actions alias allowmethods asis auth_basic auth_digest auth_form authn_alias authn_anon authn_core authn_dbd authn_dbm
authn_default authn_file authn_socache authnz_fcgi authnz_ldap authz_core authz_dbd authz_dbm authz_default authz_groupfile authz_host
authz_owner authz_user autoindex brotli bucketeer buffer cache cache_disk cache_socache cern_meta cgi cgid charset_lite data dav dav_fs
dav_lock dbd deflate dialup dir disk_cache dumpio echo env example expires ext_filter file_cache filter headers heartbeat heartmonitor http2
ident imagemap include info isapi lbmethod_bybusyness lbmethod_byrequests lbmethod_bytraffic lbmethod_heartbeat ldap log_config log_debug
log_forensic logio lua macro md mem_cache mime mime_magic negotiation nw_ssl optional_hook_export privileges proxy proxy_ajp proxy_balancer
proxy_connect proxy_express proxy_fcgi proxy_fdpass proxy_ftp proxy_hcheck proxy_html proxy_http proxy_http2 proxy_scgi proxy_uwsgi
proxy_wstunnel ratelimit reflector remoteip reqtimeout request rewrite sed session session_cookie session_crypto session_dbd setenvif
slotmem_plain slotmem_shm socache_dbm socache_dc socache_memcache socache_redis socache_shmcb speling ssl status substitute suexec
suphp systemd tls unique_id userdir usertrack version vhost_alias watchdog xml2enc fastcgi fcgid php php4 php5 php7 php8 perl python
passenger wsgi jk pagespeed security security2 evasive evasive20 qos geoip maxminddb xsendfile rpaf cloudflare ruid2 itk mpm_itk bw
auth_mysql auth_pgsql auth_kerb auth_gssapi auth_mellon auth_openidc auth_cas auth_token mono dav_svn authz_svn hfsplus_apple shib
spdy limitipconn cband rpaf-2 expires gzip throttle apreq2 upload_progress authnz_external authz_unixgroup scgi uwsgi proxy_uwsgi
proxy_msrpc auth_tkt authz_umask vroot mapcache tile log_sql logio dnssd fcgi_handler`
