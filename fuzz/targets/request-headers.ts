import fc from 'fast-check'
import { silentLog } from '../../src/lib/log.ts'
import { cookieNames } from '../../src/sessions/cookies.ts'
import {
  appFields,
  neverFields,
  preflightFields,
  socketFields,
  standardFields,
} from '../../src/traffic/forwarding/request-fields.ts'
import { createRequestHeaders } from '../../src/traffic/forwarding/request-headers.ts'
import { readHead } from '../../src/traffic/reading/head.ts'
import { anyCase, bytes } from '../pieces.ts'
import { must, pureTarget } from '../target.ts'

const AUTHORITY = 'movies.home.example'

const build = createRequestHeaders(
  {
    name: 'movies',
    title: 'Movies',
    authority: AUTHORITY,
    origin: `https://${AUTHORITY}`,
    upstream: new URL('http://127.0.0.1:1'),
    upstreamTls: undefined,
    allow: undefined,
    cors: [],
    trustedOrigins: [],
    // As much as an operator can let through; names of identities and addresses must stay behind all the same.
    requestHeaders: ['x-*', 'remote-*'],
    cookies: cookieNames(true, AUTHORITY),
  },
  'https',
  silentLog,
)

const listed = [...preflightFields, ...standardFields, ...appFields, ...socketFields]
const sign = fc.constantFrom('-', '_', '.', '--')
/** A name with its hyphens written otherwise, each for itself. */
const spelled = (name: string) => {
  const words = name.replace('*', 'user').split('-')
  return fc
    .array(sign, { minLength: words.length, maxLength: words.length })
    .map((signs) => words.map((word, i) => word + (i + 1 < words.length ? signs[i] : '')).join(''))
}
const spellings = fc
  .constantFrom(...neverFields, 'x-forwarded-user', 'remote-user', 'x-unheard-of', 'host', 'cookie', 'connection')
  .chain((base) => fc.oneof(anyCase(base.replace('*', 'user')), spelled(base)))
const listedName = fc.constantFrom(...listed).chain((base) => anyCase(base.replace('*', 'thing')))
const field = fc.tuple(fc.oneof(spellings, listedName, bytes(10)), fc.oneof(bytes(20), listedName))

const setByUs = ['host', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-port', 'x-forwarded-for', 'cookie']
const isListed = (name: string) =>
  [...listed, 'x-*', 'remote-*'].some((entry) =>
    entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry,
  )

/** Nothing unlisted goes upstream (promise 2), and what we set is there once, whatever a client says. */
export const requestHeaders = pureTarget(
  'request-headers',
  fc.property(
    fc.array(field, { maxLength: 30 }),
    fc.constantFrom('http' as const, 'webSocket' as const, 'preflight' as const),
    (fields, kind) => {
      const raw = fields.flat()
      const built = build(readHead('GET', '1.1', '/', raw), raw, kind, '192.0.2.7')
      const names = built.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase())
      const theirs = names.filter((name) => !setByUs.includes(name))
      must(
        !theirs.some((name) => /^(x[^a-z]+(forwarded|real|auth[^a-z]+request)|remote[^a-z]+user)/.test(name)),
        'an identity or an address of their own goes upstream',
      )
      for (const name of names) must(setByUs.includes(name) || isListed(name), `"${name}" goes upstream`)
      for (const name of setByUs.slice(0, 5))
        must(names.filter((one) => one === name).length === 1, `"${name}" is there more than once`)
      must(built[1] === AUTHORITY && built.includes('192.0.2.7'), 'what we set is not what we say')
      if (kind === 'preflight')
        must(!names.includes('authorization') && !names.includes('cookie'), 'a preflight carries credentials')
    },
  ),
)
