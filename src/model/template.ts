import type { Regex } from './condition.js'

/**
 * A text that is put together for each request. Every server's own variables become names of this one vocabulary,
 * so that what `$document_root$fastcgi_script_name` means and what lighttpd sends as SCRIPT_FILENAME can be compared.
 */
export type Template = readonly TemplatePart[]

export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  /** `first`: what it was when it was first told of a request stays for the rest of it. */
  | { readonly kind: 'variable'; readonly name: VariableName; readonly first?: true }
  /**
   * A request header by its lower-case name; several are joined with `join`, without it the first one counts. Empty when missing.
   * `alike`: it may be sent with `_` where the name has `-`, and the first of either kind counts.
   */
  | { readonly kind: 'header'; readonly name: string; readonly join?: string; readonly alike?: true }
  /** The header that comes last of those whose name, as it was sent, the expression fits; repeated ones are one, joined with `, `. */
  | { readonly kind: 'header-like'; readonly name: Regex }
  /** One argument of the query string, one cookie; found without regard to case, undecoded, the first counts. */
  | { readonly kind: 'argument'; readonly name: string }
  | { readonly kind: 'cookie'; readonly name: string }
  /** A group of the regular expression `from`: the matching rule's own, the scope condition's, the host name's, or the one that ran last. */
  | { readonly kind: 'capture'; readonly group: number | string; readonly from: CaptureSource }
  /**
   * A variable that the configuration defines (`set`, `map`, a captured auth answer). `otherwise`: what it is as long as no
   * instruction has given it a value; empty where absent.
   */
  | { readonly kind: 'user'; readonly name: string; readonly otherwise?: Template }
  /** A variable of the request environment (`SetEnv`, authorizer answers). */
  | { readonly kind: 'environment'; readonly name: string }
  /** The first of these that is not empty; empty if all are. */
  | { readonly kind: 'first-of'; readonly of: readonly Template[] }
  /**
   * What a file of lines says of the key: the second word of the first line whose first word it is (`#` begins a comment); else
   * what `otherwise` gives.
   */
  | { readonly kind: 'listed'; readonly in: string; readonly key: Template; readonly otherwise: Template }
  /** The first group of the expression in what the inner template gives; empty where it does not match. */
  | { readonly kind: 'part'; readonly of: Template; readonly matching: Regex }
  /** Of the TLS connection (`protocol`, `cipher`, `client_verify` …): empty without TLS. */
  | { readonly kind: 'tls'; readonly fact: string }
  /** Of the answer: empty where none was asked for yet. */
  | { readonly kind: 'answer'; readonly of: AnswerFact; readonly first?: true }
  /** A change made to what the inner template gives. */
  | { readonly kind: 'apply'; readonly function: TemplateFunction; readonly to: Template }

/**
 * What is known once an application was asked. Lists tell every try: `, ` between the members of a pool, ` : ` between
 * the pools that internal redirects led to. Names are lower-case, `_` and `-` alike.
 */
export type AnswerFact =
  | 'status'
  | 'address'
  /** Seconds with three digits until the header was there, and until all was there. */
  | 'header-time'
  | 'response-time'
  /** What a store of answers had to do with it: MISS, BYPASS. */
  | 'cache-status'
  | { readonly header: string }
  /** The value of a cookie that the answer sets. */
  | { readonly cookie: string }
  /** Of what goes to the client: its status, or a header. */
  | 'sent-status'
  /** Several are joined with `join`, without it the first one counts. */
  | { readonly sent: string; readonly join?: string }

export type CaptureSource = 'rule' | 'scope' | 'host' | 'last'

export type TemplateFunction =
  | 'lower-case'
  | 'upper-case'
  | 'escape-path'
  /** As `escape-path`, but `%2F` stays as it is where the setting `escapedSlashesStay` says so. */
  | 'escape-passed-path'
  | 'escape-query'
  | 'escape-all'
  | 'escape-once'
  | 'lower-case-outside-escapes'
  | 'unescape'
  | 'base64url'
  /** MurmurHash2 of the bytes, 32 bits, as a decimal number. */
  | 'murmur2'

/** The neutral vocabulary. Where servers differ in what a name gives, they use different names. */
export type VariableName =
  | MomentVariable
  // The request as it came
  | 'request.method'
  | 'request.protocol'
  | 'request.scheme'
  /** The target as sent: path and query, undecoded, without scheme and host of an absolute form. */
  | 'request.uri'
  /** As `request.uri`, the absolute form kept. */
  | 'request.target'
  /** As `request.target`, or as the setting `requestUriTold` wants it. */
  | 'request.target.told'
  /** The host asked for: lower-cased, without port and final dot. */
  | 'request.host'
  /** The Host header as the server keeps it (see `RequestRules.host`). */
  /** Scheme, host and port as redirects of the site have them that name no other. */
  | 'site.origin'
  | 'request.authority'
  /** The port written in the Host header or in an absolute target; empty without one. */
  | 'request.port'
  /** The port that the scheme implies: 80, or 443 for https. */
  | 'scheme.port'
  | 'request.content-length'
  | 'request.content-type'
  | 'request.body-length'
  /** Method, target and protocol as they came. */
  | 'request.line'
  /** The request's body, once it was read for the application and is short enough to be kept in memory; else empty. */
  | 'request.body'
  // The request as it stands now (rewrites and internal redirects change these)
  /** Decoded, normalised path without the query. */
  | 'path'
  /** Path and query of the current target, still encoded. */
  | 'uri'
  /** The path of `uri`, still encoded. */
  | 'uri.path'
  | 'query'
  /** `?` if there is a query, else empty. */
  | 'query.mark'
  /** `?` where there is one, be there anything behind it or not. */
  | 'query.mark.written'
  /** `&` where there is a query with something in it, else empty. */
  | 'query.and'
  /** The decoded path that the client asked for, whatever became of it since. */
  | 'request.path'
  // Mapping to the file system
  | 'document-root'
  /** With every symbolic link resolved. */
  | 'document-root.real'
  /** Prefix and target of the alias that mapped the request; without one: empty and the document root. */
  | 'context.prefix'
  | 'context.document-root'
  /** The file the request is mapped to, without PATH_INFO. */
  | 'filename'
  /** While rules on the path are tried (`PathRules`): what they have made of it so far; ahead of them the path, or the file. */
  | 'path.so-far'
  /** The file that a request for that path would be mapped to, rules and aliases and all; empty where that is what is looked up already. */
  | 'path.so-far.file'
  /** What the path goes on with behind that file. */
  | 'path-info'
  // Split by the handler's `Script` rule
  | 'script.name'
  | 'script.path-info'
  | 'script.filename'
  | 'script.path-translated'
  // Connection and server
  | 'server.name'
  | 'server.address'
  | 'server.port'
  | 'server.software'
  | 'server.protocol'
  | 'server.admin'
  /** A line of HTML; the setting `signature`. */
  | 'server.signature'
  | 'remote.address'
  | 'remote.port'
  /** The address as bytes. */
  | 'remote.address.binary'
  /** Of the connection, whatever a proxy says (see the setting `realAddress`). */
  | 'remote.address.connection'
  | 'remote.port.connection'
  /** `on` for HTTPS, else empty. */
  | 'https'
  // Authentication
  | 'remote.user'
  /** The password that came along with the name. */
  | 'remote.password'
  /** The one that the login in force let in, or is about to; absent where no login is asked for. */
  | 'auth.user'
  /** Before another URL took over. */
  | 'redirect.user'
  | 'auth.type'
  /** Of the pool's member that the request goes to. */
  | 'member.label'
  | 'member.route'
  /** The argument or cookie that the pool's session was found by, and its route; absent without a session. */
  | 'session.name'
  | 'session.route'
  /** `1` where the member is not the one whose route the session has. */
  | 'session.moved'
  // What happened before
  /** The current target, where it is no longer the one received (rewritten, normalised); absent otherwise. */
  | 'redirect.uri'
  /**
   * Before another URL took over (an Action, an error page; not an index): the decoded path without query, the query,
   * the label whose Action it was; absent (and empty) without that.
   */
  | 'redirect.path'
  /** As `redirect.path`, or as the setting `redirectUrlTold` wants it. */
  | 'redirect.url.told'
  | 'redirect.query'
  | 'redirect.handler'
  /** The status that took the request elsewhere, 200 for an Action; absent without that. */
  | 'redirect.status'
  /** `PASSED`, `DELAYED` or `REJECTED`, with `_DRY_RUN` behind it where it has no effect; absent where nothing was counted. */
  | 'limits.requests'
  | 'limits.connections'
  /** What `set-send-rate` gave the answer, in bytes a second; 0 without that. */
  | 'send-rate'
  /** The label the request has now. */
  | 'handler.name'

/** What only a running server knows. */
export type MomentVariable =
  /** 32 hexadecimal digits made up for each request. */
  | 'request.id'
  /** Bytes of the request line, the headers and the body. */
  | 'request.length'
  /** Seconds with three digits since the first byte came. */
  | 'request.time'
  /** A number of its own for each connection, and how many requests came on it so far. */
  | 'connection.number'
  | 'connection.requests'
  /** Seconds with three digits since it was opened. */
  | 'connection.time'
  /** Now: seconds with three digits since 1970, ISO 8601, as in logs. */
  | 'time.seconds'
  | 'time.iso'
  | 'time.log'
  /** Of the machine and the process that serves. */
  | 'machine.name'
  | 'process.id'

/** A template of one literal. */
export function literal(text: string): Template {
  return text === '' ? [] : [{ kind: 'text', text }]
}

/** A template of one variable. */
export function variable(name: VariableName): Template {
  return [{ kind: 'variable', name }]
}

/** The text of a template that does not depend on the request; undefined for one that does. */
export function literalText(template: Template): string | undefined {
  let text = ''
  for (const part of template) {
    if (part.kind !== 'text') return undefined
    text += part.text
  }
  return text
}
