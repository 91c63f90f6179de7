/**
 * The path as Jellyfin routes it: any letter case, percent-encoded or not, with a slash at the end or without, and up to
 * 10.11 behind `/emby` or `/mediabrowser`. For comparing with the names of its routes; what is sent on is what came.
 */
export function routeOf(path: string): string {
  const plain = (path.includes('%') ? decode(path) : path).toLowerCase()
  const bare = plain.endsWith('/') && plain.length > 1 ? plain.slice(0, -1) : plain
  return bare.startsWith('/emby/') ? bare.slice(5) : bare.startsWith('/mediabrowser/') ? bare.slice(13) : bare
}

/** Segment by segment: an encoded slash separates nothing there, so it must be equal to no route of ours. */
function decode(path: string): string {
  return path
    .split('/')
    .map((segment) => (segment.includes('%') ? decodeURIComponent(segment).replaceAll('/', '%2f') : segment))
    .join('/')
}
