import { unreachable } from '../diagnostics/index.js'
import type { MomentVariable } from '../model/index.js'
import type { State } from './state.js'
import type { Moment } from './types.js'

/** What only a running server knows; without one the variable's name in brackets stands for it. */
export function momentValue(name: MomentVariable, { request, bodyUnread, bodyDropped }: State): string {
  const { moment, body } = request
  if (moment === undefined) return `<${name}>`
  switch (name) {
    case 'request.id':
      return moment.id
    case 'request.length':
      return String(
        moment.headLength + (body.kind === 'none' || bodyUnread || bodyDropped ? 0 : (body.bytes ?? 0))
      )
    case 'request.time':
      return seconds(moment.now() - moment.began)
    case 'connection.number':
      return String(moment.connection.number)
    case 'connection.requests':
      return String(moment.connection.requests)
    case 'connection.time':
      return seconds(moment.now() - moment.connection.began)
    case 'time.seconds':
      return seconds(moment.now())
    case 'time.iso':
      return isoTime(moment)
    case 'time.log':
      return logTime(moment)
    case 'machine.name':
      return moment.machine.name
    case 'process.id':
      return String(moment.machine.process)
    default:
      return unreachable(name)
  }
}

/** With three digits behind the point. */
function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3)
}

/** Told in UTC, whatever the machine's own zone. */
function isoTime({ now }: Moment): string {
  return `${new Date(now()).toISOString().slice(0, 19)}+00:00`
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function logTime({ now }: Moment): string {
  const date = new Date(now())
  const day = String(date.getUTCDate()).padStart(2, '0')
  const month = months[date.getUTCMonth()] ?? ''
  return `${day}/${month}/${String(date.getUTCFullYear())}:${date.toISOString().slice(11, 19)} +0000`
}
