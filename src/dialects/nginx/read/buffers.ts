import { parseSize } from '../../../model/index.js'
import { page } from './constants.js'
import type { Level } from './level.js'
import type { Session } from './session.js'
import { parseNumber } from './values.js'

const names = [
  'fastcgi_buffer_size',
  'fastcgi_buffers',
  'fastcgi_busy_buffers_size',
  'fastcgi_temp_file_write_size',
  'fastcgi_max_temp_file_size'
] as const

/** The sizes must fit each other at every level, after inheritance (`ngx_http_fastcgi_merge_loc_conf`). */
export function checkBuffers(session: Session, level: Level): void {
  if (!level.says(...names)) return
  const word = (name: (typeof names)[number], index = 0): string | undefined =>
    level.inForce(name).at(-1)?.directive.args[index]?.value
  const size = (text: string | undefined): number | undefined =>
    text === undefined ? undefined : parseSize(text, true)
  const count = parseNumber(word('fastcgi_buffers') ?? '8') ?? 0
  const one = size(word('fastcgi_buffers', 1)) ?? page
  const largest = Math.max(size(word('fastcgi_buffer_size')) ?? page, one)
  const busy = size(word('fastcgi_busy_buffers_size')) ?? 2 * largest
  const written = size(word('fastcgi_temp_file_write_size')) ?? 2 * largest
  const file = size(word('fastcgi_max_temp_file_size')) ?? 1024 ** 3
  const problem = problemOf({ count, one, largest, busy, written, file })
  if (problem === undefined) return
  const item = names.flatMap((name) => level.own(name)).at(-1)
  if (item !== undefined)
    session.refuse('nginx/buffer-sizes', session.head(item), problem.message, problem.hint)
}

interface Sizes {
  readonly count: number
  readonly one: number
  readonly largest: number
  readonly busy: number
  readonly written: number
  readonly file: number
}

function problemOf({
  count,
  one,
  largest,
  busy,
  written,
  file
}: Sizes): { readonly message: string; readonly hint: string } | undefined {
  if (one === 0 || count === 0)
    return { message: '`fastcgi_buffers` has no room', hint: 'give number and size, such as `8 4k`' }
  if (count < 2)
    return { message: 'There must be at least 2 `fastcgi_buffers`', hint: 'give a larger number' }
  if (busy < largest) {
    return {
      message: '`fastcgi_busy_buffers_size` is smaller than the largest buffer',
      hint: `make it at least ${largest} bytes`
    }
  }
  if (busy > (count - 1) * one) {
    const message =
      '`fastcgi_busy_buffers_size` (unless set, twice the largest buffer) is larger than all `fastcgi_buffers` but one'
    return {
      message,
      hint: `raise \`fastcgi_buffers\` as well: ${busy} bytes must fit into all of them but one`
    }
  }
  if (written < largest) {
    return {
      message: '`fastcgi_temp_file_write_size` is smaller than the largest buffer',
      hint: `make it at least ${largest} bytes`
    }
  }
  if (file !== 0 && file < largest) {
    return {
      message: '`fastcgi_max_temp_file_size` is neither 0 nor as large as the largest buffer',
      hint: `make it 0, or at least ${largest} bytes`
    }
  }
  return undefined
}
