import type { Asked } from '../recipe.ts'

/** What stands for several tokens in one request; it has no form that a token has. */
const AMBIGUOUS = 'more than one'

/**
 * The token that a request brings, wherever Jellyfin of any version takes one: `Authorization` with its scheme or Emby's,
 * `X-Emby-Authorization`, `X-Emby-Token`, `X-MediaBrowser-Token`, and the query's `ApiKey` or `api_key`. An empty one is
 * none. 12.0 reads the old places no more: then such a token opens less there than here, and never more.
 */
export function tokenIn({ fields, target }: Pick<Asked, 'fields' | 'target'>): string | undefined {
  const found: string[] = []
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const name = fields[i] as string
    // By length first: nearly all names end here.
    if (!LENGTHS.has(name.length)) continue
    places.get(name.toLowerCase())?.(fields[i + 1] as string, found)
  }
  const { text, path } = target
  if (text.length > path.length) {
    inQuery(text, path.length, found)
    // SECURITY: sockets take a query that is encoded as a whole for a query. Test: is opened by no token in a query that is encoded as a whole
    if (ENCODED_EQUALS.test(text)) inNames(text.slice(path.length + 1), found)
  }
  // SECURITY(replace: found.some((other) => other !== found[0]) → false): of two tokens Jellyfin might take the one that we have not judged. Test: a request with two tokens is refused, wherever they stand
  if (found.some((other) => other !== found[0])) return AMBIGUOUS
  return found[0]
}

/** Whether it can be one: ids of keys and of sign-ins alike are letters and digits. */
export function isTokenLike(token: string): boolean {
  return /^[\w-]{1,200}$/.test(token)
}

function note(sent: string, found: string[]): void {
  const token = decode(sent.trim())
  if (token !== '') found.push(token)
}

/** Every `Token=` in a header, wherever it stands: which of them counts is not for us to guess. */
function inHeader(header: string, found: string[]): void {
  NAMED.lastIndex = 0
  for (let match = NAMED.exec(header); match !== null; match = NAMED.exec(header))
    note(withoutQuotes(match[1] as string), found)
}
/**
 * Up to the next comma, as no token has one. Behind the name Jellyfin skips spaces of any alphabet, in UTF-8, which Node reads
 * byte by byte.
 */
// SECURITY(replace: \s\x80-\xff → \s): Jellyfin would take a token that is none here. Test: a token behind a space of another alphabet is judged like any other
const NAMED = /token[\s\x80-\xff]*=([^,]*)/gi

/**
 * Jellyfin takes all quotes off both ends, however many, closed or not. By hand: a pattern that looks for the end would
 * look from each of a thousand spaces anew.
 */
function withoutQuotes(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isQuote(text.charCodeAt(start))) start++
  while (end > start && isQuote(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

/** A quote, or a space of any kind that a header can hold. */
function isQuote(code: number): boolean {
  return code === 0x22 || code === 0x20 || code === 0x09
}

const places = new Map<string, (value: string, found: string[]) => void>([
  ['authorization', inHeader],
  ['x-emby-authorization', inHeader],
  ['x-emby-token', note],
  ['x-mediabrowser-token', note],
])
const LENGTHS: ReadonlySet<number> = new Set([...places.keys()].map((name) => name.length))

function inQuery(text: string, from: number, found: string[]): void {
  for (let start = from + 1; start <= text.length; ) {
    const next = text.indexOf('&', start)
    const end = next < 0 ? text.length : next
    const equals = text.indexOf('=', start)
    // Nearly all names are told from these two by their first letter.
    if (equals > start + 5 && equals < end && /[aA%]/.test(text[start] as string)) {
      const name = decode(text.slice(start, equals)).toLowerCase()
      if (name === 'apikey' || name === 'api_key') note(text.slice(equals + 1, end), found)
    }
    start = end + 1
  }
}

const ENCODED_EQUALS = /%3d/i

/** A name in the query that is a whole query, encoded once. What is malformed in it keeps nothing else from being read. */
function inNames(query: string, found: string[]): void {
  for (const pair of query.split('&')) {
    const name = pair.split('=', 1)[0] as string
    if (!ENCODED_EQUALS.test(name)) continue
    const whole = name.replace(/%([0-9a-f]{2})/gi, (_, byte: string) => String.fromCharCode(Number.parseInt(byte, 16)))
    inQuery(whole, -1, found)
  }
}

function decode(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' ')).trim()
  } catch {
    return text
  }
}
