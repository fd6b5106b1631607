/**
 * Sections are folded by rank (core: `ap_directory_walk`, `ap_file_walk`, `ap_location_walk`, `ap_if_walk`):
 * Directory by the number of its components, then those with regular expressions, Files or Proxy, Location, If.
 * Ahead of all are variables that mod_setenvif finds: for the server's lines before the URL is mapped, for those of sections behind it.
 */
export const ranks = {
  asked: -3,
  headers: -1,
  directory: 1,
  directoryMatch: 2,
  files: 3,
  proxy: 3.5,
  location: 4,
  if: 5
} as const
