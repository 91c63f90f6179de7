import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { loopbackLookup } from '../../src/demo/loopback.ts'
import { createFakeClock } from '../support/clock.ts'
import { tokenFor } from '../support/jellyfin/administrator.ts'
import { withToken } from '../support/jellyfin/alone.ts'
import { ask } from '../support/jellyfin/ask.ts'
import { letInside, tokenOf } from '../support/jellyfin/enter.ts'
import { password, useSignedInHouse } from '../support/jellyfin/house.ts'

// What Jellyfin's own code reads in a request, where one would not look for it.

const clock = createFakeClock(Date.now())
const users = { 'robin@home.example': 'Robin', 'sam@home.example': 'Kim' }
const { house, jellyfin, key, made } = useSignedInHouse({ users }, { clock }, { clock })

/** What becomes of a handshake. */
async function handshake(target: string, headers: Record<string, string> = {}): Promise<number> {
  const options = { headers, lookup: loopbackLookup } as object
  const socket = new WebSocket(house.cinema.replace('http', 'ws') + target, options)
  const [status] = (await Promise.race([
    once(socket, 'open').then(() => [101]),
    once(socket, 'unexpected-response').then(([, answer]) => [(answer as { statusCode: number }).statusCode]),
  ])) as [number]
  socket.on('error', () => undefined).terminate()
  return status
}

/** Where anybody may ask, and Jellyfin opens a socket all the same. */
const open = [
  '/System/Info/Public',
  '/emby/system/ping',
  '/Branding/Css',
  '/web/manifest.json',
  '/QuickConnect/Enabled',
]

describe('a socket', () => {
  test('is opened at no other path by a token that opens none at its own', async () => {
    jellyfin().state.users.create('Stranger', 'x')
    const stranger = await tokenFor(jellyfin(), 'Stranger', 'phone')
    const admin = await tokenFor(jellyfin(), 'admin', 'phone')
    const { cookie } = await letInside(house)
    for (const path of ['/socket', ...open])
      for (const token of [stranger, admin, key()])
        expect([path, await handshake(`${path}?ApiKey=${token}`), await handshake(path, withToken(token))]).toEqual([
          path,
          401,
          401,
        ])
    for (const path of ['/socket', ...open])
      expect([path, await handshake(path, { ...withToken(key()), cookie })]).toEqual([path, 401])
  })

  test('a native device that was signed out opens one at no path', async () => {
    const token = await tokenFor(jellyfin(), 'Kim', 'old-tv')
    await letInside(house, 'Sam')
    expect(await handshake(`/System/Ping?ApiKey=${token}`)).toBe(101)
    await made().parts.sessions.end((await made().parts.inside.markOf('cinema', token)) ?? '', 'revoked')
    jellyfin().interfere = (_method, path) => (path.startsWith('/Sessions/Logout') ? 'hang up' : undefined)
    for (const path of ['/socket', ...open])
      expect([path, await handshake(`${path}?ApiKey=${token}`)]).toEqual([path, 401])
    jellyfin().interfere = undefined
  })

  test('is opened by no token in a query that is encoded as a whole', async () => {
    const [robin, sam] = [await letInside(house), await letInside(house, 'Sam')]
    const native = await tokenFor(jellyfin(), 'Kim', 'tablet')
    for (const token of [key(), tokenOf(sam)])
      for (const query of [
        `ApiKey%3D${token}`,
        `deviceId%3Dx%26api_key%3D${token}`,
        `ApiKey%3D${token}=`,
        `&ApiKey%3d${token}&`,
        `ApiKey%3D${token}%26x%zz`,
      ]) {
        expect([query, await handshake(`/socket?${query}`, { cookie: robin.cookie })]).toEqual([query, 401])
        // A header that Connection names is left behind, so that its token is not the one that Jellyfin gets.
        const headers = { ...withToken(native), connection: 'upgrade, authorization' }
        expect([query, await handshake(`/socket?${query}`, headers)]).toEqual([query, 401])
      }
  })
})

test('a token behind a space of another alphabet is judged like any other', async () => {
  const { cookie } = await letInside(house)
  const native = await tokenFor(jellyfin(), 'Kim', 'tablet')
  for (const space of ['\u00a0', '\u2003', '\u3000', '\u0085', '\u2028'])
    for (const name of ['Token', ' Token'])
      for (const field of ['authorization', 'x-emby-authorization']) {
        const bytes = Buffer.from(`MediaBrowser ${name}${space}="${key()}"`).toString('latin1')
        const asked = (target: string, headers: Record<string, string>) =>
          ask('GET', house.cinema + target, { headers: { [field]: bytes, ...headers } })
        expect((await asked('/Users', { cookie })).status).toBe(401)
        expect((await asked(`/Users?ApiKey=${native}`, {})).status).toBe(401)
      }
})

test('what a native app says of itself ends no other device of its user', async () => {
  await letInside(house, 'Sam')
  const as = async (token: string) => {
    const authorization = `MediaBrowser Client="TV", Device="TV", DeviceId="tv-of-sam", Version="1", Token="${token}"`
    return (await ask('GET', `${house.cinema}/Users/Me`, { headers: { authorization } })).status
  }
  const [television, other] = [
    await tokenFor(jellyfin(), 'Kim', 'tv-of-sam'),
    await tokenFor(jellyfin(), 'Kim', 'phone-of-kim'),
  ]
  expect([await as(television), await as(other), await as(television)]).toEqual([200, 200, 200])
})

describe('a sign-in', () => {
  const small = {
    accept: 'application/json; profile="CamelCase"',
    authorization: 'MediaBrowser Client="TV", Device="TV", DeviceId="tv-9", Version="1"',
  }

  test('with small first letters opens no administrator’s account on a television', async () => {
    const { cookie } = await letInside(house)
    const body = { Username: 'admin', Pw: 'only for emergencies' }
    const answer = await ask('POST', `${house.cinema}/Users/AuthenticateByName`, {
      headers: { ...small, cookie },
      body,
    })
    expect([answer.status, answer.text.toLowerCase().includes('accesstoken')]).toEqual([403, false])
  })

  test('with small first letters is noted before anybody has it, and ends with its session', async () => {
    const { cookie } = await letInside(house)
    const body = { Username: 'Robin', Pw: password }
    const answer = await ask('POST', `${house.cinema}/Users/AuthenticateByName`, {
      headers: { ...small, cookie },
      body,
    })
    const { accessToken } = answer.json<{ accessToken: string }>()
    const session = await made().parts.inside.markOf('cinema', accessToken)
    expect((await made().parts.inside.of(session ?? ''))?.credentials.map(({ secret }) => secret)).toContain(
      accessToken,
    )
    await made().parts.sessions.end(session ?? '', 'revoked')
    expect((await ask('GET', `${house.cinema}/Users/Me`, { headers: withToken(accessToken) })).status).toBe(401)
  })

  test('that a native app begins with small first letters is a knock like any other', async () => {
    const begun = await ask('POST', `${house.cinema}/QuickConnect/Initiate`, { headers: small })
    const { code } = begun.json<{ code: string }>()
    expect(await made().recipe.knocks?.byCode(code)).toMatchObject({ code, client: 'TV' })
  })

  test('of another form than it is known to have reaches nobody', async () => {
    const { cookie } = await letInside(house)
    const { accept: _, ...headers } = small
    jellyfin().interfere = (_method, path) =>
      path === '/Users/AuthenticateByName'
        ? { status: 200, body: '{"Result":{"AccessToken":"0123456789"}}' }
        : undefined
    const answer = await ask('POST', `${house.cinema}/Users/AuthenticateByName`, {
      headers: { ...headers, cookie },
      body: { Username: 'Robin', Pw: password },
    })
    jellyfin().interfere = undefined
    expect([answer.status, answer.text.includes('0123456789')]).toEqual([502, false])
  })
})
