/** Ends a switch over a closed union: a new member of the union turns up here as a compile error. */
export function unreachable(value: never): never {
  throw new TypeError(`unexpected value ${JSON.stringify(value)}`)
}
