import { addressText } from './address.js'
import { mkdtempSync, rmSync } from 'node:fs'
import type { Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Address, Member, Site } from '../model/index.js'
import type { Diagnostic } from '../diagnostics/index.js'
import type { Backends, Lease, Protocol } from './backends.js'
import { echoServer } from './echo.js'
import { echoHttpServer } from './echo-http.js'

/** The echo application in the place of every backend: one for each address and protocol, named after the address. */
export class EchoBackends implements Backends {
  private readonly directory = mkdtempSync(join(tmpdir(), 'fcgi-conf-echo-'))
  private readonly servers = new Map<
    string,
    { readonly server: Server; readonly address: Promise<Address> }
  >()

  constructor(private readonly site: Site) {}

  async start(): Promise<readonly Diagnostic[]> {
    const { pools, httpPools = [] } = this.site
    for (const { members } of pools) for (const member of members) await this.lease(member, 'fastcgi')
    for (const { members } of httpPools) for (const member of members) await this.lease(member, 'http')
    return []
  }

  canAnswer(): boolean {
    return true
  }

  async lease(member: Member, protocol: Protocol): Promise<Lease> {
    const name = nameOf(member)
    const address = this.servers.get(`${protocol} ${name}`)?.address ?? this.open(name, protocol)
    return { address: await address, done: () => undefined }
  }

  async stop(): Promise<void> {
    await Promise.all(
      [...this.servers.values()].map(({ server }) => new Promise((resolve) => server.close(resolve)))
    )
    rmSync(this.directory, { recursive: true, force: true })
  }

  private open(name: string, protocol: Protocol): Promise<Address> {
    const path = join(this.directory, String(this.servers.size))
    const server = protocol === 'http' ? echoHttpServer({ name }) : echoServer({ name })
    const address = new Promise<Address>((resolve, reject) => {
      server.once('error', reject)
      server.listen(path, () => resolve({ kind: 'unix', path }))
    })
    this.servers.set(`${protocol} ${name}`, { server, address })
    return address
  }
}

function nameOf({ label, address }: Member): string {
  return label ?? addressText(address)
}
