import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { foundFolder, type RecordedRequest, type Setup } from '../cases.js'
import type { Recording } from './trial.js'

/** Writes a case that was found as a fixture, in the format of fixtures/observed. */
export function writeFound(name: string, about: string, setup: Setup, observed: Recording): string {
  const folder = foundFolder(setup.server)
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name}.json`)
  const unused = [...setup.backends.keys()].filter((backend) => !isUsed(backend, setup))
  const json = {
    server: setup.server,
    about,
    files: Object.fromEntries(setup.files),
    config: setup.config,
    ...(setup.configs.size > 0 && { configs: Object.fromEntries(setup.configs) }),
    backends: Object.fromEntries([...setup.backends].filter(([backend]) => !unused.includes(backend))),
    requests: setup.requests.map(requestJson),
    observed
  }
  // An address is known by the name of a backend that the case may be kept without.
  const text = unused.reduce(
    (rest, backend) => rest.replaceAll(`@TCPHOST:${backend}@`, '127.0.0.1'),
    JSON.stringify(json, undefined, 1)
  )
  writeFileSync(file, `${text}\n`)
  return file
}

function isUsed(backend: string, { config, configs, files }: Setup): boolean {
  return [config, ...configs.values(), ...files.values()].some((text) => text.includes(`:${backend}@`))
}

function requestJson({ method, target, headers, body, port }: RecordedRequest): object {
  return {
    ...(method !== 'GET' && { method }),
    target,
    ...(headers.length > 0 && { headers: Object.fromEntries(headers) }),
    ...(body !== undefined && { body }),
    ...(port === 2 && { port })
  }
}
