import type { Ledger, Plan, PlannedHost } from '../../../model/index.js'
import type { OutputFile, WriteOptions } from '../../dialect.js'
import { markAccount, markDirectives, markOwnName, markUnreached } from '../../account.js'
import { block, directive, printItems, type Item } from './document.js'
import { httpItems, unaskedDifferences } from './http.js'
import { computedItems } from './maps.js'
import { openOutput } from './output.js'
import { serverItem } from './server.js'
import { settle } from './shared.js'

/** The plan as nginx configuration: whole, or only what belongs inside `http`. */
export function write(plan: Plan, options: WriteOptions, ledger: Ledger): readonly OutputFile[] {
  const out = openOutput(plan.site, plan.site.listeners, ledger, options.allowOpen === true)
  // Names decide, wherever the default stands; people look for the main site first.
  const hosts = [
    ...plan.hosts.filter(({ isDefault }) => isDefault),
    ...plan.hosts.filter(({ isDefault }) => !isDefault)
  ]
  const servers = hosts.map((host) => serverItem(host, {}, sharesListener(host, plan), out))
  const settled = settle(servers)
  const http: readonly Item[] = [
    ...httpItems(plan, options.fragment),
    ...settled.above,
    ...computedItems(plan.site.computed ?? [], out),
    ...out.httpItems(),
    ...settled.items
  ]
  unaskedDifferences(plan, ledger)
  markDirectives(ledger, plan, ['pool.connection'], 'exact')
  markAccount(ledger, plan)
  markOwnName(ledger, plan)
  markUnreached(ledger, plan, out.used)
  const [first] = plan.site.directives
  const heading = ledger.takeComments(first?.span)
  const items = options.fragment
    ? http
    : [block(['events'], [directive('worker_connections', '1024')]), block(['http'], http)]
  const head = heading.length === 0 ? '' : `${heading.join('\n')}\n\n`
  return [{ path: 'nginx.conf', text: head + printItems(items) }]
}

function sharesListener(host: PlannedHost, plan: Plan): boolean {
  return plan.hosts.some(
    (other) => other !== host && other.listeners.some((listener) => host.listeners.includes(listener))
  )
}
