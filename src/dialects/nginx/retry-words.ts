import type { RetryReason } from '../../model/index.js'

/** The words of `fastcgi_next_upstream` (and two that only `proxy_next_upstream` knows) and what each has nginx try again; `off` and `non_idempotent` are of another kind. */
export const retryWords: ReadonlyMap<string, readonly RetryReason[]> = new Map<
  string,
  readonly RetryReason[]
>([
  ['error', ['connect', 'closed']],
  ['timeout', ['timeout']],
  ['invalid_header', ['invalid-header']],
  ['http_403', [403]],
  ['http_404', [404]],
  ['http_429', [429]],
  ['http_500', [500]],
  ['http_502', [502]],
  ['http_503', [503]],
  ['http_504', [504]]
])
