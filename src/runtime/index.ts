import type { Site } from '../model/index.js'
import type { Running, ServeOptions } from './options.js'
import { Server } from './server.js'

export type { Clock } from './clock.js'
export { echoServer } from './echo.js'
export { diskFiles } from './files.js'
export type { Log, LogEntry } from './log.js'
export { StartError } from './options.js'
export type { Running, ServeOptions } from './options.js'
export { checkStart } from './start-check.js'

/** Serves a site until it is stopped. Rejects with a `StartError` whose diagnostics say why it cannot be. */
export async function serve(site: Site, options: ServeOptions): Promise<Running> {
  const server = new Server()
  await server.reload(site, options)
  return server
}
