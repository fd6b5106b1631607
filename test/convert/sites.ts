import type { Span } from '../../src/diagnostics/index.js'
import type {
  Condition,
  DirectiveRecord,
  HostName,
  Listener,
  Scope,
  Setting,
  Site
} from '../../src/model/index.js'
import { always, literal } from '../../src/model/index.js'
import { site as empty } from '../sites.js'

/** A place in a source that does not exist; each number is a directive of its own. */
export function at(number: number): Span {
  return { file: 'source.conf', start: number * 10, end: number * 10 + 5 }
}

export function scope(name: string, more: Partial<Scope> = {}): Scope {
  return { name, when: always, choose: { kind: 'all' }, settings: [], children: [], rank: 0, ...more }
}

export function root(path: string): Setting {
  return { key: 'root', value: { kind: 'root', path: literal(path) }, reach: 'inherited' }
}

export function index(name: string): Setting {
  return { key: 'index', value: { names: [literal(name)], how: 'append' }, reach: 'inherited' }
}

export function host(test: Extract<Condition, { kind: 'test' }>['test']): Condition {
  return { kind: 'test', subject: { of: 'host', port: 'never' }, test }
}

export function path(prefix: string): Condition {
  return {
    kind: 'test',
    subject: { of: 'path' },
    test: { kind: 'prefix', value: prefix, segments: false }
  }
}

export function directory(path: string): Condition {
  return {
    kind: 'test',
    subject: { of: 'filename' },
    test: { kind: 'glob', pattern: path, crossesSlash: false, below: true }
  }
}

export function listener(id: string, port: number, tls = false): Listener {
  return { id, address: { kind: 'tcp', host: '', port }, tls }
}

export function exact(value: string): HostName {
  return { kind: 'exact', value, origin: at(1) }
}

export function site(tree: Scope, listeners: readonly Listener[] = [listener('main', 80)]): Site {
  return { ...empty, listeners, root: tree }
}

export function record(
  name: string,
  number: number,
  state: DirectiveRecord['state'],
  more: Partial<DirectiveRecord> = {}
): DirectiveRecord {
  return { name, span: at(number), comments: [], state, ...more }
}
