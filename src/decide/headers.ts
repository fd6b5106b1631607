import type { Request } from './types.js'

/** The values of a header, by its lower-case name, in the order in which they came. */
export function valuesOf(headers: Request['headers'], wanted: string): readonly string[] {
  return headers.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value)
}

/** All values by lower-case name. */
export function byName(
  list: readonly (readonly [name: string, value: string])[]
): ReadonlyMap<string, readonly string[]> {
  const map = new Map<string, string[]>()
  for (const [name, value] of list) {
    const key = name.toLowerCase()
    const values = map.get(key)
    if (values === undefined) map.set(key, [value])
    else values.push(value)
  }
  return map
}
