import type { Scheme } from '../parts.ts'
import { canonicalAuthority } from './authority.ts'

/** A target that can be read in one way only. `text` is both what is judged and what is sent on, byte for byte. */
export type Target = {
  text: string
  /** `text` up to the query. */
  path: string
  /** It is ours: below `/.entryphone/`. */
  reserved: boolean
}

/** Why a target is refused; `why` is for the log. */
export type TargetFault = { fault: 'bad-target' | 'target-too-long'; why: string }

/** Below this, on every app's host, everything is ours. */
const RESERVED = '/.entryphone/'

const LONGEST = 16_384

/**
 * The path rule: one path for the rule and for the app. Refuses what two parsers could read differently; never
 * rewrites. `//` inside, `;`, `%2f` and double encodings are data and pass unchanged.
 * @param raw the request target as sent
 * @param authority canonical, of the Host that it came with; an absolute-form target must name the same one
 */
export function readTarget(raw: string, scheme: Scheme, authority: string): Target | TargetFault {
  if (raw.length > LONGEST) return { fault: 'target-too-long', why: 'too-long' }
  const text = raw.startsWith('/') ? raw : originForm(raw, scheme, authority)
  if (text === undefined) return bad('not-origin-form')
  // SECURITY: `//host` is a path to us and a host to a URL parser. Test: targets that name another host are refused
  if (text.startsWith('//')) return bad('leading-slashes')
  const bytes = scanBytes(text)
  if (typeof bytes === 'string') return bad(bytes)
  const path = text.slice(0, bytes.pathEnd)
  const why = bytes.plain ? undefined : judgePath(path)
  if (why !== undefined) return bad(why)
  return { text, path, reserved: path.startsWith(RESERVED) }
}

/** Absolute-form (RFC 9112 §3.2.2) for the very authority of the Host field; undefined for any other form. */
function originForm(raw: string, scheme: Scheme, authority: string): string | undefined {
  const match = /^(https?):\/\/([^/?#\\]*)(.*)$/i.exec(raw)
  if (match === null) return undefined
  const [, from = '', host = '', rest = ''] = match
  if (from.toLowerCase() !== scheme || canonicalAuthority(host, scheme) !== authority) return undefined
  return rest.startsWith('/') ? rest : `/${rest}`
}

/** Why a byte may not stand there, or where the path ends and whether it is free of escapes and of `/.`. */
function scanBytes(text: string): string | { pathEnd: number; plain: boolean } {
  let pathEnd = -1
  let plain = true
  let before = 0
  for (let i = 0; i < text.length; i++) {
    const byte = text.charCodeAt(i)
    // SECURITY: a raw `#` hides the rest from one parser, and control bytes end a line in another. Test: raw fragments, controls and non-ASCII bytes are refused
    if (byte <= 0x20 || byte >= 0x7f || byte === 0x23) return 'raw-byte'
    if (pathEnd >= 0) continue
    if (byte === 0x3f) pathEnd = i
    // SECURITY: browsers and some apps read a backslash as a slash. Test: backslashes are refused, raw and encoded
    else if (byte === 0x5c) return 'backslash'
    else if (byte === 0x25 || (byte === 0x2e && before === 0x2f)) plain = false
    before = byte
  }
  return { pathEnd: pathEnd < 0 ? text.length : pathEnd, plain }
}

/** Judges a path that has escapes or a segment that begins with a dot. */
function judgePath(path: string): string | undefined {
  const decoded = decode(path)
  if (decoded === undefined) return 'bad-escape'
  for (let i = 0; i < decoded.length; i++) {
    const char = decoded.charCodeAt(i)
    // SECURITY: an encoded NUL or line end cuts the path for some apps. Test: encoded control bytes are refused
    if (char < 0x20 || char === 0x7f) return 'encoded-control'
    // SECURITY: see the raw one. Test: backslashes are refused, raw and encoded
    if (char === 0x5c) return 'backslash'
  }
  for (const segment of decoded.split('/')) {
    const name = segment.split(';', 1)[0]
    // SECURITY: whoever resolves dots later opens another path than we judged. Test: dot segments are refused in every spelling
    if (name === '.' || name === '..') return 'dot-segment'
  }
  // SECURITY: ours is spelled in one way, so that no app can stand in for it. Test: other spellings of the reserved prefix are refused
  if (!path.startsWith(RESERVED) && soundsReserved(decoded)) return 'reserved-prefix'
  return undefined
}

/** Whether the first segment would be `.entryphone` to somebody who folds case, parameters, slashes or decodes once more. */
function soundsReserved(decoded: string): boolean {
  let path = decoded
  for (let round = 0; round < 3 && path.includes('%'); round++) path = decode(path) ?? path
  const first = path.split('/').find((segment) => segment !== '') ?? ''
  return first.split(';', 1)[0]?.trim().toLowerCase() === '.entryphone'
}

/** Percent-decoded once as UTF-8; undefined for a malformed escape or invalid UTF-8. */
function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

function bad(why: string): TargetFault {
  return { fault: 'bad-target', why }
}
