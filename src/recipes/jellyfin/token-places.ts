import type { Asked } from '../recipe.ts'

/** What stands for several tokens in one request; it has no form that a token has. */
const AMBIGUOUS = 'more than one'

/**
 * The token that a request brings, wherever Jellyfin of any version takes one: `Authorization` with its scheme or Emby's,
 * `X-Emby-Authorization`, `X-Emby-Token`, `X-MediaBrowser-Token`, and the query's `ApiKey` or `api_key`. An empty one is
 * none. 12.0 reads the old places no more: then such a token opens less there than here, and never more.
 */
export function tokenIn({ fields, target }: Pick<Asked, 'fields' | 'target'>): string | undefined {
  const found = new Set<string>()
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const name = fields[i] as string
    // By length first: nearly all names end here.
    if (!LENGTHS.has(name.length)) continue
    const place = places.get(name.toLowerCase())
    if (place !== undefined) for (const token of place(fields[i + 1] as string)) note(found, token)
  }
  const { text, path } = target
  if (text.length > path.length) for (const token of queriedIn(text.slice(path.length + 1))) note(found, token)
  // SECURITY(replace: found.size > 1 → false): of two tokens Jellyfin might take the one that we have not judged. Test: a request with two tokens is refused, wherever they stand
  if (found.size > 1) return AMBIGUOUS
  return found.values().next().value
}

/** Whether it can be one: ids of keys and of sign-ins alike are letters and digits. */
export function isTokenLike(token: string): boolean {
  return /^[\w-]{1,200}$/.test(token)
}

function note(found: Set<string>, sent: string): void {
  const token = decode(sent.trim())
  if (token !== '') found.add(token)
}

/** Every `Token=` in a header, wherever it stands: which of them counts is not for us to guess. */
function namedIn(header: string): string[] {
  return [...header.matchAll(/token\s*=\s*(?:"([^"]*)"|([^",]*))/gi)].map(([, quoted, bare = '']) => quoted ?? bare)
}

const places = new Map<string, (value: string) => readonly string[]>([
  ['authorization', namedIn],
  ['x-emby-authorization', namedIn],
  ['x-emby-token', (value) => [value]],
  ['x-mediabrowser-token', (value) => [value]],
])
const LENGTHS: ReadonlySet<number> = new Set([...places.keys()].map((name) => name.length))

function queriedIn(query: string): string[] {
  const found: string[] = []
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=')
    if (equals < 6) continue
    const name = decode(pair.slice(0, equals)).toLowerCase()
    if (name === 'apikey' || name === 'api_key') found.push(pair.slice(equals + 1))
  }
  return found
}

function decode(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' ')).trim()
  } catch {
    return text
  }
}
