import fc from 'fast-check'
import type { RecordedRequest, Setup } from '../../cases.js'
import { capturingCondition, condition } from './conditions.js'
import { forHandler, requests, withoutBody, withoutChunks } from './requests.js'
import {
  capturing,
  fastcgiServer,
  mediaTypes,
  oddLine,
  parseOptions,
  statements,
  type Statement
} from './statements.js'
import { backends, mostly } from '../words.js'
import { files } from './words.js'

/** Whole configurations: statements and blocks in each other, spread over included files now and then. */

const modules = [
  'mod_indexfile',
  'mod_access',
  'mod_alias',
  'mod_redirect',
  'mod_rewrite',
  'mod_simple_vhost',
  'mod_evhost',
  'mod_setenv',
  'mod_auth',
  'mod_authn_file',
  'mod_fastcgi',
  'mod_staticfile'
] as const

const usualOrder = fc.constant<readonly string[]>(modules)
const otherOrder = fc.oneof(
  fc.shuffledSubarray<string>([...modules], { minLength: modules.length - 1 }),
  fc.subarray<string>([...modules], { minLength: modules.length - 1 })
)

const indented = (text: string): string => text.replace(/^/gm, '  ')

function body(own: readonly Statement[], inner: readonly string[], odd: string | undefined): string {
  const lines = [...own.map(({ text }) => text), ...(odd === undefined ? [] : [odd]), ...inner]
  return lines.join('\n')
}

const seldomOdd = fc.oneof(
  { weight: 60, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: oddLine }
)

/** How much stands in a configuration at most. */
export interface Size {
  readonly globals: number
  readonly statements: number
  readonly chains: number
  readonly branches: number
  /** Blocks in each other. */
  readonly depth: number
}

/** Small enough that what two directives make of each other is asked more often than what ten do. */
export const plain: Size = { globals: 3, statements: 2, chains: 2, branches: 1, depth: 1 }
export const deep: Size = { globals: 6, statements: 3, chains: 4, branches: 2, depth: 3 }

function chainOf(size: Size, depth = 1): fc.Arbitrary<string> {
  const inner =
    depth < size.depth
      ? fc.array(chainOf(size, depth + 1), { maxLength: 2, size: 'small' })
      : fc.constant<readonly string[]>([])
  const block = fc
    .tuple(statements(size.statements), mostly(fc.constant<readonly string[]>([]), inner, 1), seldomOdd)
    .map(([own, blocks, odd]) => `{\n${indented(body(own, blocks, odd))}\n}`)
  return fc
    .tuple(
      condition,
      block,
      fc.array(fc.tuple(condition, block), { maxLength: size.branches, size: 'small' }),
      mostly(fc.constant(undefined), block, 1)
    )
    .map(([head, first, branches, last]) => {
      const others = branches.map(([next, text]) => ` else ${next} ${text}`)
      return `${head} ${first}${others.join('')}${last === undefined ? '' : ` else ${last}`}`
    })
}

const captured = fc
  .tuple(capturingCondition, capturing)
  .map(([head, { text }]) => `${head} {\n${indented(text)}\n}`)

interface Parts {
  readonly modules: readonly string[]
  readonly globals: readonly Statement[]
  readonly chains: readonly string[]
  readonly odd: string | undefined
  /** Which of the global statements and chains stand in an included file. */
  readonly included: readonly boolean[]
  readonly blocksFirst: boolean
}

const partsOf = (size: Size): fc.Arbitrary<Parts> =>
  fc.record({
    modules: mostly(usualOrder, otherOrder, 3),
    globals: fc
      .tuple(
        fastcgiServer,
        statements(size.globals),
        mostly(fc.constant(undefined), parseOptions, 6),
        mostly(fc.constant(undefined), mediaTypes, 1)
      )
      .map(([server, all, options, types]) => [
        ...(all.some(({ key }) => key === server.key) ? [] : [server]),
        ...all,
        ...(options === undefined ? [] : [options]),
        ...(types === undefined ? [] : [types])
      ]),
    chains: fc
      .tuple(fc.array(chainOf(size), { maxLength: size.chains }), fc.array(captured, { maxLength: 1 }))
      .map(([plain, last]) => [...plain, ...last]),
    odd: seldomOdd,
    included: mostly(fc.constant<boolean[]>([]), fc.array(fc.boolean(), { maxLength: 8 })),
    blocksFirst: fc.boolean()
  })

function setupOf(given: Parts, asked: readonly RecordedRequest[], missing: readonly string[]): Setup {
  const globals = [...given.globals.map(({ text }) => text), ...(given.odd === undefined ? [] : [given.odd])]
  const all = given.blocksFirst ? [...given.chains, ...globals] : [...globals, ...given.chains]
  const here = all.filter((_, index) => given.included[index] !== true)
  const there = all.filter((_, index) => given.included[index] === true)
  const head = [
    // A whole configuration says where its documents are before anything else.
    'server.port = @PORT@',
    'server.bind = "127.0.0.1"',
    ...(all.some((line) => /^\s*server\.document-root\b/.test(line))
      ? []
      : ['server.document-root = "@ROOT@/www"']),
    `server.modules = ( ${given.modules.map((name) => `"${name}"`).join(', ')} )`,
    ...(all.some((line) => /^\s*auth\.backend\b/.test(line)) ? [] : ['auth.backend = "plain"'])
  ]
  const text = [...head, ...here, ...(there.length === 0 ? [] : ['include "more/*.conf"'])].join('\n')
  // A further listener is asked as well, where there is one.
  const isOpen = text.includes('$SERVER["socket"] == "127.0.0.1:@PORT2@"')
  const requests = asked.map((request, index) =>
    isOpen && there.length === 0 && index % 3 === 2 ? { ...request, port: 2 as const } : request
  )
  return {
    server: 'lighttpd',
    files: new Map([...files].filter(([name]) => !missing.includes(name))),
    config: `${text}\n`,
    configs: there.length === 0 ? new Map() : new Map([['more/one.conf', `${there.join('\n')}\n`]]),
    backends,
    requests
  }
}

export const setups = (size: Size): fc.Arbitrary<Setup> =>
  fc
    .tuple(requests, partsOf(size), fc.subarray([...files.keys()], { maxLength: 3 }))
    .map(([asked, given, missing]) => {
      const has = (word: string): boolean => JSON.stringify(given).includes(word)
      const without = [
        ...(has('error-handler') ? [forHandler] : []),
        ...(has('authorizer') ? [withoutBody] : []),
        ...(has('stream-request-body') ? [withoutChunks] : [])
      ]
      return setupOf(
        given,
        without.reduce((all, change) => all.map(change), asked),
        missing
      )
    })
