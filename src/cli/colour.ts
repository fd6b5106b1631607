import { coloured, plain } from '../diagnostics/formats/style.js'
import type { Style } from '../diagnostics/formats/style.js'
import type { Io } from './io.js'

export type ColourOption = 'auto' | 'always' | 'never'

/** https://no-color.org: any non-empty value turns colours off; an option of the command counts more. */
export function styleFor(option: ColourOption | undefined, { env, isTTY }: Pick<Io, 'env' | 'isTTY'>): Style {
  if (option === 'always') return coloured
  if (option === 'never' || isSet(env['NO_COLOR'])) return plain
  if (isSet(env['FORCE_COLOR']) && env['FORCE_COLOR'] !== '0') return coloured
  return isTTY && env['TERM'] !== 'dumb' ? coloured : plain
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== ''
}
