import type { NormalForm, RequestRules, TargetRules } from '../../model/index.js'
import { requestRules } from './behaviour.js'
import type { Block } from './blocks.js'
import { flagOf, numberOf } from './options.js'
import type { Value } from './values.js'

/** The switches of `server.http-parseopts`, and whether they are on where nothing is said. */
export const parseOptions = {
  'header-strict': true,
  'host-strict': true,
  'host-normalize': true,
  'method-get-body': false,
  'url-normalize': true,
  'url-normalize-unreserved': true,
  'url-normalize-required': false,
  'url-ctrls-reject': true,
  // Means something on Windows alone.
  'url-path-backslash-trans': false,
  'url-path-2f-decode': true,
  'url-path-2f-reject': false,
  'url-path-dotseg-remove': true,
  'url-path-dotseg-reject': false,
  'url-query-20-plus': false,
  'url-invalid-utf8-reject': true
} as const

/** Have a directive of their own as well, which counts before the list. */
const alone = ['header-strict', 'host-strict', 'host-normalize'] as const

type ParseOption = keyof typeof parseOptions

export function isParseOption(name: string): name is ParseOption {
  return name in parseOptions
}

/** How requests are read under this configuration. */
export function requestRulesOf(global: Block): RequestRules {
  const value = global.held.get('server.http-parseopts')?.value
  const { said, on } = switchesOf(value, global)
  const size = global.held.get('server.max-request-field-size')
  const rules = { ...requestRules, longestHead: (size && numberOf(size.value, 16)) ?? 8192 }
  if (said.size === 0) return rules
  return {
    ...rules,
    strictHeaders: on('header-strict') ? true : 'separators',
    body: { ...requestRules.body, withGet: on('method-get-body') ? 'accepted' : 'refused' },
    // What is strict is normalised too. Where strictness is said to be off, so is the other unless it is said to be on.
    host: hostRules(said.get('host-strict') ?? true, said.get('host-normalize') ?? false),
    target: on('url-normalize') ? normalTarget(on, said) : plainTarget(on('header-strict'))
  }
}

interface Switches {
  readonly said: ReadonlyMap<string, boolean>
  readonly on: (name: ParseOption) => boolean
}

/** Once normalisation is switched off, the rest of the list is not looked at (config_http_parseopts). */
function switchesOf(value: Value | undefined, global: Block): Switches {
  const said = new Map<string, boolean>()
  for (const { key = '', value: asked } of value?.kind === 'list' ? value.entries : []) {
    const flag = flagOf(asked)
    if (flag !== undefined) said.set(key, flag)
    if (key === 'url-normalize' && flag === false) break
  }
  for (const name of alone) {
    const held = global.held.get(`server.http-parseopt-${name}`)
    const flag = held && flagOf(held.value)
    if (flag !== undefined) said.set(name, flag)
  }
  return { said, on: (name) => said.get(name) ?? parseOptions[name] }
}

function hostRules(strict: boolean, normalize: boolean): RequestRules['host'] {
  return {
    ...requestRules.host,
    strict,
    ...(!strict && { anyCharacters: true }),
    ...(!strict && !normalize && { keepsPort: true })
  }
}

/** The target stays as it came; its path is decoded, whatever that gives. */
function plainTarget(strict: boolean): TargetRules {
  return {
    ...requestRules.target,
    normalised: false,
    control: 'underscore',
    invalidUtf8: 'kept',
    rawBytes: strict ? 'refused' : 'kept'
  }
}

function normalTarget(on: Switches['on'], said: Switches['said']): TargetRules {
  const required = on('url-normalize-required')
  // Without either form of escapes the usual one is taken, with what belongs to it unless that is said to be off.
  const neither = !required && !on('url-normalize-unreserved')
  const rejects = on('url-path-2f-reject')
  const decodes = neither ? said.get('url-path-2f-decode') !== false && !rejects : on('url-path-2f-decode')
  const controls = on('url-ctrls-reject')
  const removes = on('url-path-dotseg-remove')
  const form: NormalForm = {
    ...(required && { escapes: 'required' }),
    ...(rejects && { encodedSlash: 'refused' }),
    ...(on('url-path-dotseg-reject') ? { dots: 'refused' } : removes ? {} : { dots: 'kept' }),
    ...(on('url-query-20-plus') && { spaces: 'plus' })
  }
  return {
    ...requestRules.target,
    encodedSlash: decodes ? 'decoded' : 'kept',
    control: controls ? 'refused' : 'underscore',
    invalidUtf8: neither || on('url-invalid-utf8-reject') ? 'refused' : 'kept',
    ...(!controls && on('header-strict') && { rawBytes: 'refused' }),
    ...(Object.keys(form).length > 0 && { normalForm: form })
  }
}
