import type { RequestRules } from '../model/index.js'
import { valuesOf } from './headers.js'
import { readHost, type Host } from './host.js'
import { splitAbsolute } from './target.js'
import type { Request } from './types.js'

/** Which host a request asks for: by its Host header, or by a target that names one. */

export const noHost: Host = { name: '', port: '', authority: '' }

/** In lower case, and else not put in form yet. */
export function hostAsSent({ headers }: Request): Host {
  const authority = (valuesOf(headers, 'host')[0] ?? '').toLowerCase()
  return { ...noHost, name: authority.replace(/:\d*$/, ''), authority }
}

/** Where the host of an absolute target must be that of the Host header, it stands for one, before all other headers. */
export function withHostOfTarget(request: Request, rules: RequestRules): Request {
  const { authority } = splitAbsolute(request.target)
  if (authority === undefined || rules.target.absoluteForm !== 'must-equal-host') return request
  const usual = request.tls ? '443' : '80'
  const inForm = (host: string): string =>
    (readHost(host, rules.host, usual)?.authority ?? host).toLowerCase()
  const others = request.headers.filter(
    ([name, value]) => name.toLowerCase() !== 'host' || inForm(value) !== inForm(authority)
  )
  return { ...request, headers: [['Host', authority], ...others] }
}

const looseAuthority = /^(?:[a-z0-9.-]+|\[[a-z0-9:._~!$&'()*+,;=-]+\])(?::\d*)?$/i

/** The host, or why the request is refused. */
export function readAuthority(
  request: Request,
  absolute: string | undefined,
  rules: RequestRules
): Host | string {
  const usual = request.tls ? '443' : '80'
  const written = valuesOf(request.headers, 'host')
  const [header] = written
  if (new Set(written).size > 1) {
    return header === absolute
      ? `the target's host \`${absolute ?? ''}\` is not the Host header's`
      : 'several Host headers that differ'
  }
  if (absolute !== undefined && rules.target.absoluteForm !== 'must-equal-host') {
    const isLoose = rules.host.looseInTarget === true && looseAuthority.test(absolute)
    return (
      readHost(absolute, { ...rules.host, strict: !isLoose }, usual) ??
      `the host \`${absolute}\` is not well formed`
    )
  }
  if (header === undefined) {
    if (rules.host.missing === 'refused-since-1.1' && request.protocol !== 'HTTP/1.0') return 'no Host header'
    return noHost
  }
  return readHost(header, rules.host, usual) ?? `the host \`${header}\` is not well formed`
}
