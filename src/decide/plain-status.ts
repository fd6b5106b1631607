const plainStatuses = [200, 201, 204, 206, 301, 302, 303, 304, 307, 308]

/** Statuses whose answers get the headers that are not meant for errors. */
export function isPlainStatus(status: number): boolean {
  return plainStatuses.includes(status)
}
