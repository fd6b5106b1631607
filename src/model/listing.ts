/** How the names in a folder are shown. */
export interface Listing {
  /** A page, or data for programs; `jsonp` is a call of the function that the argument `callback` names, `json` without one. */
  readonly form: 'html' | 'xml' | 'json' | 'jsonp'
  /** Of the page: in bytes, or rounded with K, M and G. */
  readonly sizes: 'exact' | 'rounded'
  /** Of the page: the server's local time, or UTC. */
  readonly times: 'utc' | 'local'
}
