import fc from 'fast-check'
import { readTarget } from '../../src/traffic/reading/target.ts'
import { bytes, mixed } from '../pieces.ts'
import { must, pureTarget } from '../target.ts'

const HOST = 'movies.home.example'

// biome-ignore format: pieces by the line
const pieces = [
  '/', '//', '/./', '/../', '..', '.', '%2e', '%2E%2e', '.%2e', '%2f', '%5c', '\\', ';', ';x=', '%3b', '?', '%3f', '#', '%23',
  '%00', '%0a', '%0d%0a', '%7f', '%', '%z', '%25', '%252e', '%c0%ae', '%ff', 'é', 'films', 'secret', '.entryphone', '.Entryphone',
  '%2eentryphone', '.entryphone/auth/', '@', ':', 'http://', `https://${HOST}`, 'https://other.example', '*', '&', '=', '+', '~',
]

const target = fc.oneof(
  mixed(pieces, bytes(6), 12).map((rest) => `/${rest}`),
  mixed(pieces, bytes(6), 12),
)

/** The path rule (promise 1): what passes can be read in one way only, by a URL parser as well. */
export const paths = pureTarget(
  'paths',
  fc.property(target, (raw) => {
    const read = readTarget(raw, 'https', HOST)
    if ('fault' in read) return
    must(read.text === (raw.startsWith('/') ? raw : withoutOrigin(raw)), 'other bytes than were sent')
    const seen = new URL(read.text, `https://${HOST}`)
    must(seen.host === HOST, 'a URL parser sees another host')
    // It escapes what may not stand in a URI and sees the same path.
    must(decodeURI(seen.pathname) === decodeURI(read.path), `a URL parser sees another path: ${seen.pathname}`)
    must(seen.hash === '', 'a URL parser sees a fragment')
    must(`${read.path}${read.text.slice(read.path.length)}` === read.text, 'the path is not its beginning')
    must(read.reserved === read.path.startsWith('/.entryphone/'), 'reserved is not what it says')
    if (!read.reserved) must(!soundsLikeOurs(read.path), 'an app would be asked for a path of ours')
    const again = readTarget(read.text, 'https', HOST)
    must('text' in again && again.text === read.text, 'judged twice, it is judged otherwise')
  }),
)

/** RFC 9112 §3.2.2: what is left of absolute-form, with the path that an empty one means. */
function withoutOrigin(raw: string): string {
  const rest = raw.replace(/^https:\/\/[^/?#\\]*/i, '')
  return rest.startsWith('/') ? rest : `/${rest}`
}

/** Whoever decodes once and folds case, slashes and parameters lands below our prefix. */
function soundsLikeOurs(path: string): boolean {
  const folded = decodeURIComponent(path)
    .toLowerCase()
    .replace(/\/+/g, '/')
    .replace(/;[^/]*/g, '')
  return folded === '/.entryphone' || folded.startsWith('/.entryphone/')
}
