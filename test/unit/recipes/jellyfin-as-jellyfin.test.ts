import fc from 'fast-check'
import { expect, test } from 'vitest'
import { routeOf } from '../../../src/recipes/jellyfin/route.ts'
import { isTokenLike, tokenIn } from '../../../src/recipes/jellyfin/token-places.ts'
import { readTarget } from '../../../src/traffic/reading/target.ts'
import { readClientInfo, readQuery, readQueryBehind } from '../../support/jellyfin/server/client-info.ts'
import { matchRoutes, route, routedPath } from '../../support/jellyfin/server/router.ts'
import type { Version } from '../../support/jellyfin/server/version.ts'

// Whatever is sent: the gate and the server behind it must not read two things.

const versions: Version[] = ['10.9', '12.0']
const tokens = ['a'.repeat(32), 'b'.repeat(32)]

/** Pieces of headers and queries, put together in any way. */
const name = fc.constantFrom('Token', 'token', 'TOKEN', 'Client', 'Device', 'DeviceId', 'XToken', 'To ken')
const value = fc.constantFrom(...tokens, '', 'x', `Token=${tokens[1]}`, `%61${'a'.repeat(31)}`, 'a,b', 'K%C3%BCche')
const pair = fc
  .tuple(
    name,
    fc.constantFrom('=', ' = ', '= ', '\u00c2\u00a0=', '\u00e2\u0080\u0083 ='),
    fc.constantFrom('"', ''),
    value,
  )
  .map(([n, is, q, v]) => n + is + q + v + q)
const header = fc
  .tuple(
    fc.constantFrom('MediaBrowser ', 'Emby ', 'mediabrowser ', 'Bearer ', ''),
    fc.array(pair, { maxLength: 4 }),
    fc.constantFrom(', ', ',', ' '),
  )
  .map(([scheme, pairs, between]) => scheme + pairs.join(between))
const field = fc.oneof(
  fc.tuple(fc.constantFrom('authorization', 'x-emby-authorization'), header),
  fc.tuple(fc.constantFrom('x-emby-token', 'x-mediabrowser-token'), value),
)
const query = fc
  .array(
    fc.tuple(
      fc.constantFrom('ApiKey', 'api_key', 'APIKEY', '%61pikey', 'api%5Fkey', 'x', 'xapi_key', '+api_key', 'apikey+'),
      value,
    ),
    { maxLength: 3 },
  )
  .map((pairs) => pairs.map(([n, v]) => `${n}=${encodeURIComponent(v)}`).join('&'))
/** Sometimes encoded as a whole. */
const searches = fc.tuple(query, fc.boolean()).map(([text, whole]) => (whole ? encodeURIComponent(text) : text))

test('a token that the server would take is the one that is judged, or there are several', () => {
  fc.assert(
    fc.property(fc.uniqueArray(field, { selector: ([n]) => n, maxLength: 4 }), searches, (sent, search) => {
      const text = search === '' ? '/Items' : `/Items?${search}`
      const judged = tokenIn({ fields: sent.flat(), target: { text, path: '/Items', reserved: false } })
      for (const version of versions)
        for (const read of [readQuery, readQueryBehind]) {
          const { token } = readClientInfo(Object.fromEntries(sent), read(search === '' ? '' : `?${search}`), version)
          if (tokens.includes(token)) expect(judged === token || !isTokenLike(judged ?? '')).toBe(true)
        }
    }),
    { numRuns: 3000 },
  )
})

const watched = [
  '/QuickConnect/Initiate',
  '/QuickConnect/Authorize',
  '/Users/AuthenticateByName',
  '/Users/AuthenticateWithQuickConnect',
  '/Sessions/Logout',
  '/Users/Public',
]
const piece = fc.constantFrom('/', '//', '/emby', '/Emby/', '/mediabrowser', '/MEDIABROWSER', '%2f', ';a', '/web', '')
const spelled = fc.tuple(fc.constantFrom(...watched), fc.func(fc.nat({ max: 3 }))).map(([path, how]) =>
  [...path]
    .map((letter, i) => {
      if (letter === '/') return letter
      const way = how(`${letter}${i}`)
      if (way === 0) return `%${letter.charCodeAt(0).toString(16)}`
      return way === 1 ? letter.toUpperCase() : letter.toLowerCase()
    })
    .join(''),
)

test('a path that the server would route to what is watched is known as that', () => {
  const routes = watched.map((path) => route('nothing', 'POST', path, () => ({ status: 204 })))
  let routed = 0
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 2 }), spelled, piece, (before, path, after) => {
      const target = readTarget(before.join('') + path + after, 'https', 'j')
      if ('fault' in target) return
      for (const version of versions) {
        const inside = routedPath(target.path, '', version)
        const [match] = inside === undefined ? [] : matchRoutes(routes, inside)
        if (match === undefined) continue
        routed++
        expect([target.path, routeOf(target.path)]).toEqual([target.path, match.route.path.toLowerCase()])
      }
    }),
    { numRuns: 3000 },
  )
  expect(routed).toBeGreaterThan(100)
})
