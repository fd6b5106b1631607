import type { Note } from '../model/index.js'

/** What is said of a check that a target cannot make: what it guards is closed, or open where that was asked for. */
export function unguarded(
  message: string,
  allowOpen: boolean,
  advice?: string
): Note & { readonly affects: readonly string[] } {
  return {
    message: `${message}; what it guards is ${allowOpen ? 'left open, as --allow-open asks' : 'closed'}`,
    affects: ['status', 'routing', 'body'],
    guards: true,
    ...(advice === undefined ? {} : { advice })
  }
}
