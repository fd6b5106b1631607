import type { Binding, FastcgiTarget, InForce } from '../../../model/index.js'
import { answering } from '../../answering.js'
import { block, directive, type Item } from './document.js'
import { markBinding, passItems } from './fastcgi.js'
import { covers, type UrlNode } from './nodes.js'
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
    affects: ['FCGI_ROLE', 'status', 'body', 'Location'],
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
