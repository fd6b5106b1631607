import {
  chmodSync,
  chownSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../ports.js'

const example = fileURLToPath(new URL('../../fixtures/example', import.meta.url))

/** Who servers run as where the tests run as root; programs and their sockets are then theirs. */
export const account = process.getuid?.() === 0 ? accountOf('www-data') : undefined

export interface Account {
  readonly uid: number
  readonly gid: number
}

/** A copy of the bundled example in a folder of its own, on free ports. */
export interface Place {
  readonly folder: string
  readonly main: string
  readonly port: number
  remove(): void
}

export async function copyOfExample(): Promise<Place> {
  const place = await emptyPlace()
  const { folder, main, port } = place
  cpSync(example, folder, { recursive: true })
  const program = await freePort()
  rewrite(main, (text) => text.replace('= 8080', `= ${String(port)}`))
  rewrite(join(folder, 'conf.d/members.conf'), (text) => text.replace('=> 8090', `=> ${String(program)}`))
  handOver(folder)
  return place
}

/** A folder without anything in it, and a free port. */
export async function emptyPlace(): Promise<Place> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'fcgi-conf-live-')))
  return {
    folder,
    main: join(folder, 'lighttpd.conf'),
    port: await freePort(),
    remove: () => {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

function rewrite(path: string, change: (text: string) => string): void {
  const before = readFileSync(path, 'utf8')
  const after = change(before)
  if (after === before) throw new Error(`nothing to change in ${path}`)
  writeFileSync(path, after)
}

/** Servers run as another account than the tests: what is in the folder becomes theirs. */
export function handOver(folder: string): void {
  chmodSync(folder, 0o755)
  if (account === undefined) return
  chownSync(folder, account.uid, account.gid)
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    chownSync(join(folder, entry), account.uid, account.gid)
  }
}

function accountOf(name: string): Account {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  if (uid === undefined || gid === undefined) throw new Error(`there is no account ${name}`)
  return { uid: Number(uid), gid: Number(gid) }
}
