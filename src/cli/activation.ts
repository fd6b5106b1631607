import type { Site } from '../model/index.js'
import type { ServeOptions } from '../runtime/index.js'
import type { Io } from './io.js'

/** The first descriptor that is handed over (SD_LISTEN_FDS_START). */
const first = 3
const most = 4999

/** Sockets that whoever started this process hands over to it (sd_listen_fds(3)), where the site takes them. */
export function handedOver(
  { activation }: Site,
  { env, pid }: Pick<Io, 'env' | 'pid'>
): Pick<ServeOptions, 'handedOver' | 'environment'> {
  if (activation === undefined) return { environment: env }
  const { LISTEN_FDS: count = '', LISTEN_PID: receiver, LISTEN_FDNAMES: _, ...others } = env
  const number = /^\d+$/.test(count) ? Number(count) : 0
  const isOurs = receiver === String(pid) && number <= most
  return {
    // What is started from here on is not meant.
    environment: others,
    handedOver: isOurs ? Array.from({ length: number }, (_socket, index) => first + index) : []
  }
}
