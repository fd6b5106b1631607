import { expect, test } from 'vitest'
import { convert } from '../../../src/convert/index.js'
import { loadDialect, type ReadIo } from '../../../src/dialects/index.js'

const nothing: ReadIo = {
  readFile: () => ({ kind: 'failed', why: 'missing', message: 'there is no such file' }),
  glob: () => [],
  filesBelow: () => undefined,
  kind: () => 'missing',
  environment: () => undefined
}

const site = (pool: string): string => `server.port = 8080
server.document-root = "/srv/www"
server.username = "shop"
server.modules = ( "mod_fastcgi" )
fastcgi.server = ( ".php" => (( "socket" => "/run/php.sock"${pool} )) )
`

async function written(text: string): Promise<ReturnType<typeof convert>> {
  const lighttpd = await loadDialect('lighttpd')
  const io: ReadIo = {
    ...nothing,
    readFile: (path) => (path === 'lighttpd.conf' ? { kind: 'text', text } : nothing.readFile(path))
  }
  const read = lighttpd.read('lighttpd.conf', io, { name: 'lighttpd' })
  return convert(read, { from: 'lighttpd', to: 'lighttpd', fragment: false }, [lighttpd])
}

test('the account that programs are started as is the one of the server', async () => {
  const { files, ledger } = await written(site(', "bin-path" => "/usr/bin/php-cgi"'))
  expect(files[0]?.text).toContain('server.username = "shop"')
  expect(ledger.find(({ directive }) => directive === 'server.username')?.verdict).toBe('exact')
})

test('where it starts none, a person is told to set the account', async () => {
  const { ledger } = await written(site(''))
  expect(ledger.find(({ directive }) => directive === 'server.username')?.verdict).toBe('manual')
})
