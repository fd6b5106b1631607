import type { Binding, FastcgiTarget, InForce } from '../../../model/index.js'
import { inside } from '../../../model/index.js'
import { askedFor } from '../../answer-rules.js'
import { answering, urlsOf } from '../../answering.js'
import { block, directive, type Item } from './document.js'
import { markBinding, passItems } from './fastcgi.js'
import { covers, type OpenRule, type UrlNode } from './nodes.js'
import type { Output } from './output.js'
import { paramItems } from './params.js'
import { shared } from './shared.js'

/** What makes nginx ask an authorizer first. */
export interface Guard {
  /** Handed down to the locations inside. */
  readonly inherited: readonly Item[]
  /** Said in each location that answers. */
  readonly leaf: readonly Item[]
  /** What an allowed request finds changed. */
  readonly changes: InForce
  /** The location that asks. */
  readonly asking: Item
}

/** The authorizer that must allow the requests of a node. */
export function authorizerOf(node: UrlNode, out: Output): Guard | undefined {
  const binding = answering(node.settings).find(
    (each) => each.target.kind === 'fastcgi' && each.target.role !== 'responder' && covers(each, node)
  )
  return binding?.target.kind === 'fastcgi' ? guardOf(binding, binding.target, node, out) : undefined
}

/** Authorizers of URLs that end in some way. They guard each location that such URLs come to. */
export function suffixGuards(
  node: UrlNode,
  out: Output
): readonly { readonly suffix: string; readonly guard: Guard }[] {
  if (node.exact) return []
  return answering(node.settings).flatMap((binding) => {
    const { match, target } = binding
    if (match.kind !== 'suffix' || match.value === '' || target.kind !== 'fastcgi') return []
    if (target.role === 'responder') return []
    return [{ suffix: match.value, guard: guardOf(binding, target, node, out) }]
  })
}

/** The authorizer that a rule on some of a node's URLs brings along. */
export function ruleGuard(node: UrlNode, { rule, settings }: OpenRule, out: Output): Guard | undefined {
  if (rule.settings.bindings === undefined) return undefined
  return authorizerOf({ ...node, settings: inside(node.settings, settings), open: [] }, out)
}

/** Every authorizer that some location of a node asks. */
export function guardsOf(node: UrlNode, out: Output): readonly Guard[] {
  const own = authorizerOf(node, out)
  return [
    ...(own === undefined ? [] : [own]),
    ...suffixGuards(node, out).map(({ guard }) => guard),
    ...node.open.flatMap((open) => ruleGuard(node, open, out) ?? [])
  ]
}

/** The URL of the location that asks; one for each authorizer, whichever locations are guarded by it. */
export function askingPath(binding: Binding): string {
  const { match } = binding
  const at = 'value' in match ? match.value.replace(/[^\w]+/g, '_').replace(/^_+|_+$/g, '') : ''
  return at === '' ? '/_authorize' : `/_authorize_${at}`
}

function guardOf(binding: Binding, target: FastcgiTarget, node: UrlNode, out: Output): Guard {
  const path = askingPath(binding)
  markBinding(binding, target, out)
  out.ledger.mark(binding.origin, 'approx', {
    message:
      'the program is asked in the role of a responder, and all of its answers but 2xx, 401 and 403 become 500',
    affects: ['FCGI_ROLE', 'REMOTE_USER', 'status', 'routing', 'body', 'Location', ...askedFor],
    only: ['unusual-answer', 'broken-answer'],
    ...urlsOf(binding),
    advice:
      'The program must accept the role of a responder. For each `Variable-NAME` it sends add `auth_request_set $name $upstream_http_variable_name;` and a fastcgi_param.'
  })
  const root = target.rootWhenAllowed
  const changes: InForce =
    root === undefined
      ? {}
      : {
          root: {
            key: 'root',
            value: { kind: 'root', path: root },
            reach: 'inherited',
            origin: binding.origin
          }
        }
  return {
    inherited: [directive('auth_request', path)],
    leaf: [directive('set', '$asked_uri', '$uri'), directive('set', '$asked_args', '$args')],
    changes,
    asking: asking(path, target, node.settings, out)
  }
}

function asking(path: string, target: FastcgiTarget, settings: InForce, out: Output): Item {
  const at = { settings, script: target.script, scriptName: '$asked_uri', pathInfo: '' }
  // It gets no body, so it must not be told of one.
  const told = paramItems(target, at, out).filter((item) => item.words[1] !== 'CONTENT_LENGTH')
  const params = told.map((item) => ({
    ...item,
    words: item.words.map((word) => (word === '$query_string' ? '$asked_args' : word))
  }))
  return block(
    ['location', '=', path],
    [
      directive('internal'),
      directive('fastcgi_pass_request_body', 'off'),
      shared('params', params),
      ...passItems(target, out)
    ]
  )
}
