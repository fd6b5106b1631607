/** The client's own fault: what it sent as a body is none, or too much. */
export class BrokenBody extends Error {
  override readonly name = 'BrokenBody'
}
