/** The path as Home Assistant routes it: percent-encoded or not. For comparing with the names of its routes. */
export function routeOf(path: string): string {
  // SECURITY(replace: path.includes('%') → false): tokens that are given out under another spelling would be noted by nobody. Test: tokens are noted under every spelling of the address that gives them out
  return path.includes('%') ? path.split('/').map(decode).join('/') : path
}

/** An encoded slash separates nothing there (aiohttp: `path_safe`), so it must be equal to no route of ours. */
function decode(segment: string): string {
  return decodeURIComponent(segment).replaceAll('/', '%2f')
}
