import { mkdtempSync, rmSync } from 'node:fs'
import type { Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Address, Member, Site } from '../model/index.js'
import type { Dialing } from './applications.js'
import { echoServer } from './echo.js'

/** The echo application in the place of every backend: one for each address, named after it. */
export class EchoBackends implements Dialing {
  private readonly directory = mkdtempSync(join(tmpdir(), 'fcgi-conf-echo-'))
  private readonly servers = new Map<string, { readonly server: Server; readonly address: Address }>()

  async start(site: Site): Promise<void> {
    for (const { members } of site.pools) for (const member of members) await this.lease(member)
  }

  async lease(member: Member): Promise<{ readonly address: Address; done(): void }> {
    const name = nameOf(member)
    const address = this.servers.get(name)?.address ?? (await this.open(name))
    return { address, done: () => undefined }
  }

  async stop(): Promise<void> {
    await Promise.all(
      [...this.servers.values()].map(({ server }) => new Promise((resolve) => server.close(resolve)))
    )
    rmSync(this.directory, { recursive: true, force: true })
  }

  private async open(name: string): Promise<Address> {
    const path = join(this.directory, String(this.servers.size))
    const address: Address = { kind: 'unix', path }
    const server = echoServer({ name })
    this.servers.set(name, { server, address })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(path, resolve)
    })
    return address
  }
}

function nameOf({ label, address }: Member): string {
  return label ?? (address.kind === 'unix' ? address.path : `${address.host}:${address.port}`)
}
