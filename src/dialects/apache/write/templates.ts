import { unreachable } from '../../../diagnostics/index.js'
import type { Template, TemplatePart, VariableName } from '../../../model/index.js'

/**
 * The neutral variables in httpd's expressions (manual: "Expressions in Apache HTTP Server", Variables). Those that
 * only exist among the params are read back with `reqenv`, which `ProxyFCGISetEnvIf` can do.
 */
const variables: { readonly [K in VariableName]?: string } = {
  'request.method': '%{REQUEST_METHOD}',
  'request.protocol': '%{SERVER_PROTOCOL}',
  'server.protocol': '%{SERVER_PROTOCOL}',
  'request.scheme': '%{REQUEST_SCHEME}',
  'request.uri': '%{reqenv:REQUEST_URI}',
  'request.target': '%{reqenv:REQUEST_URI}',
  'request.target.told': '%{reqenv:REQUEST_URI}',
  'request.host': '%{SERVER_NAME}',
  'request.authority': '%{HTTP_HOST}',
  'request.content-length': '%{req:Content-Length}',
  'request.content-type': '%{req:Content-Type}',
  path: '%{REQUEST_URI}',
  query: '%{QUERY_STRING}',
  'document-root': '%{DOCUMENT_ROOT}',
  'context.prefix': '%{CONTEXT_PREFIX}',
  'context.document-root': '%{CONTEXT_DOCUMENT_ROOT}',
  filename: '%{REQUEST_FILENAME}',
  'script.name': '%{reqenv:SCRIPT_NAME}',
  'script.path-info': '%{reqenv:PATH_INFO}',
  'script.filename': '%{reqenv:SCRIPT_FILENAME}',
  'script.path-translated': '%{reqenv:PATH_TRANSLATED}',
  'server.name': '%{SERVER_NAME}',
  'server.address': '%{reqenv:SERVER_ADDR}',
  'server.admin': '%{SERVER_ADMIN}',
  'server.software': '%{SERVER_SOFTWARE}',
  'remote.address': '%{REMOTE_ADDR}',
  'remote.port': '%{reqenv:REMOTE_PORT}',
  'remote.user': '%{REMOTE_USER}',
  'auth.user': '%{REMOTE_USER}',
  'auth.type': '%{AUTH_TYPE}',
  'handler.name': '%{HANDLER}'
}

/** A template as an expression's string (the value of ProxyFCGISetEnvIf, Redirect, Header ...); undefined where httpd has no such variable. */
export function expressionString(template: Template): string | undefined {
  let text = ''
  for (const part of template) {
    const piece = expressionPart(part)
    if (piece === undefined) return undefined
    text += piece
  }
  return text
}

function expressionPart(part: TemplatePart): string | undefined {
  switch (part.kind) {
    case 'text':
      return literalInString(part.text)
    case 'variable':
      return variables[part.name]
    case 'header':
      return `%{req:${part.name}}`
    case 'environment':
      return `%{reqenv:${part.name}}`
    case 'header-like':
    case 'argument':
    case 'cookie':
    case 'capture':
    case 'user':
    case 'tls':
    case 'answer':
    case 'first-of':
    case 'listed':
    case 'part':
    case 'apply':
      return undefined
    default:
      return unreachable(part)
  }
}

/** Text that an expression's string takes as it is. */
export function literalInString(text: string): string {
  return text.replaceAll(/\\|%(?=\{)|\$(?=\d)/g, String.raw`\$&`)
}
