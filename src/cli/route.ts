import type { Decision, History, Request, Router, Surroundings } from '../decide/types.js'
import { compile } from '../decide/index.js'
import { diskFiles } from '../runtime/files.js'
import { folderFiles } from '../runtime/folder-files.js'
import { checkPassword } from '../runtime/passwords/index.js'
import type { Address, Listener, Site } from '../model/index.js'
import { complain, isFatal } from './complain.js'
import type { ColourOption } from './colour.js'
import { styleFor } from './colour.js'
import { below, withFiles } from './file-view.js'
import { readInput } from './input.js'
import type { InputOptions } from './input.js'
import { CommandError } from './io.js'
import type { ExitCode, Io } from './io.js'
import { routeJson, routeText } from './route-text.js'

export interface RouteOptions extends InputOptions {
  readonly header: readonly string[]
  readonly remote: string
  readonly exists: readonly string[]
  readonly json?: boolean
  readonly trace?: boolean
  readonly color?: ColourOption
}

/** More would be a configuration that asks authorizers in a circle. */
const mostDecisions = 10

/** Who answers a request, why, and with what the application is told: the decision `serve` would make. */
export async function routeCommand(
  file: string,
  method: string,
  url: string,
  options: RouteOptions,
  io: Io
): Promise<ExitCode> {
  const input = await readInput(file, options, io)
  await complain(input, options.color, io)
  if (input.kind === 'failed' || isFatal(input.result)) return 2
  const { site, folderFile } = input.result
  const { request, listener } = requestFor(site, method, url, options)
  const files = withFiles(
    options.root === undefined ? diskFiles : below(options.root, io.cwd, diskFiles),
    options.exists
  )
  const surroundings = {
    files,
    pick: firstMember,
    ...(folderFile && { folderFile: folderFiles(folderFile, files, ({ message }) => io.err(`${message}\n`)) })
  }
  const decisions = await decideAll(compile(site), request, surroundings, options.trace === true)
  const found = { site, url, request, listener, decisions, shown: input.shown }
  io.out(options.json === true ? routeJson(found) : routeText(found, styleFor(options.color, io)))
  return decisions.some(({ outcome }) => outcome.kind === 'unsupported') ? 1 : 0
}

/** A decision for the request, and where an authorizer is asked first, one more as if it had said yes. */
export async function decideAll(
  router: Router,
  request: Request,
  surroundings: Surroundings,
  trace: boolean
): Promise<readonly Decision[]> {
  const decisions: Decision[] = []
  let history: History = { authorized: [], redirects: [] }
  while (decisions.length < mostDecisions) {
    const decision = router.decide(request, surroundings, history, { trace })
    const { outcome } = decision
    if (outcome.kind === 'password') {
      const { given, stored, form } = outcome
      const compared = { given, stored, verdict: await checkPassword(given, stored, form) }
      history = { ...history, passwords: [...(history.passwords ?? []), compared] }
      continue
    }
    if (outcome.kind === 'count') {
      // How many others there are is not known here.
      history = {
        ...history,
        limited: { ...history.limited, [outcome.counts]: { verdict: 'passed', redirects: 0 } }
      }
      continue
    }
    decisions.push(decision)
    if (outcome.kind !== 'fastcgi' || (outcome.role === 'responder' && outcome.permission !== true)) break
    const { origin, about, at, rootWhenAllowed: root } = outcome
    const brought = {
      ...(about !== undefined && { about }),
      ...(at && { at }),
      ...(root !== undefined && { root })
    }
    const yes = { origin, allowed: true, variables: [], status: 200, ...brought }
    history = { ...history, authorized: [...history.authorized, yes] }
  }
  return decisions
}

function firstMember({
  members
}: Site['pools'][number]): Site['pools'][number]['members'][number] | undefined {
  return members.find(({ down, backup }) => !down && !backup) ?? members.find(({ down }) => !down)
}

interface Asked {
  readonly request: Request
  readonly listener: Listener
}

function requestFor(site: Site, method: string, url: string, options: RouteOptions): Asked {
  const asked = partsOf(url)
  const headers = options.header.map(headerOf)
  const hasHost = headers.some(([name]) => name.toLowerCase() === 'host')
  const listener = listenerFor(site, asked)
  const port = listener.address.kind === 'tcp' ? listener.address.port : 80
  const host = listener.address.kind === 'tcp' ? hostAddress(listener.address) : '127.0.0.1'
  return {
    listener,
    request: {
      listener: listener.id,
      method: method.toUpperCase(),
      target: asked.target,
      protocol: 'HTTP/1.1',
      headers: hasHost ? headers : [['Host', asked.authority ?? 'localhost'], ...headers],
      body: { kind: 'none' },
      remote: { address: options.remote, port: 50000 },
      local: { address: host, port },
      tls: listener.tls
    }
  }
}

interface UrlParts {
  readonly scheme?: 'http' | 'https'
  /** Host and port as they stand in the URL. */
  readonly authority?: string
  readonly port?: number
  /** As it would stand on the request line; nothing is normalised, for that is the server's business. */
  readonly target: string
}

function partsOf(url: string): UrlParts {
  if (url.startsWith('/') || url === '*') return { target: url }
  const found = /^(https?):\/\/([^/?#]+)(.*)$/is.exec(url)
  if (found === null) {
    throw new CommandError(
      `\`${url}\` is no URL that can be asked for`,
      'give a path (/index.php?a=b) or a whole URL (http://www.example.com/index.php)'
    )
  }
  const [, scheme = 'http', authority = '', rest = ''] = found
  const isHttps = scheme.toLowerCase() === 'https'
  const port = /:(\d+)$/.exec(authority)?.[1]
  return {
    scheme: isHttps ? 'https' : 'http',
    authority,
    port: port === undefined ? (isHttps ? 443 : 80) : Number(port),
    target: rest.startsWith('/') ? rest : `/${rest}`
  }
}

/** The listener of the URL's port; one that is alone, or a bare path, needs no port. */
function listenerFor({ listeners }: Site, { port, scheme }: UrlParts): Listener {
  const [first] = listeners
  if (first === undefined) {
    throw new CommandError(
      'this configuration listens nowhere, so that no request can reach it',
      'give the main configuration, which says at which address it listens'
    )
  }
  if (port === undefined) return first
  const fits = listeners.filter(({ address }) => address.kind === 'tcp' && address.port === port)
  const best = fits.find(({ tls }) => tls === (scheme === 'https')) ?? fits[0]
  return best ?? first
}

function hostAddress({ host }: Extract<Address, { readonly kind: 'tcp' }>): string {
  return ['', '*', '0.0.0.0', '::', '[::]'].includes(host) ? '127.0.0.1' : host
}

function headerOf(text: string): readonly [name: string, value: string] {
  const colon = text.indexOf(':')
  if (colon < 1) {
    throw new CommandError(`\`${text}\` is no header`, 'write it as -H "Name: value"')
  }
  return [text.slice(0, colon), text.slice(colon + 1).trim()]
}
