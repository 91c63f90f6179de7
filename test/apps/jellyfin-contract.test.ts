import { afterEach, describe, expect, test } from 'vitest'
import { MINUTE, SECOND } from '../../src/lib/clock.ts'
import { createFakeClock } from '../support/clock.ts'
import { furnish, idOf, password } from '../support/jellyfin/house.ts'
import { film, filmId } from '../support/jellyfin/media-routes.ts'
import { type Jellyfin, type JellyfinOptions, startJellyfin } from '../support/jellyfin/server.ts'
import type { Version } from '../support/jellyfin/version.ts'

// The stand-in itself, where an app's bridge would go wrong if it were more patient than the real server.

const clock = createFakeClock()
let jellyfin: Jellyfin
afterEach(() => jellyfin.close())

async function start(options: JellyfinOptions = {}): Promise<string> {
  jellyfin = await startJellyfin({ clock, ...options })
  furnish(jellyfin)
  return jellyfin.state.devices.keys()[0]?.token ?? ''
}

const web = { authorization: 'MediaBrowser Client="Jellyfin Web", Device="LG TV", DeviceId="tv-1", Version="10.11.11"' }
const withKey = (token: string) => ({ authorization: `MediaBrowser Token="${token}"` })

async function ask(method: string, target: string, headers: Record<string, string> = {}, body?: object) {
  const answer = await fetch(`${jellyfin.origin}${target}`, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, json: <Shape>() => JSON.parse(text) as Shape }
}
const status = async (...given: Parameters<typeof ask>) => (await ask(...given)).status

type Begun = { Secret: string; Code: string; DeviceName: string; DateAdded: string }
const begin = async (headers = web) => (await ask('POST', '/QuickConnect/Initiate', headers)).json<Begun>()
const approve = (key: string, code: string, userId: string) =>
  status('POST', `/QuickConnect/Authorize?code=${code}&userId=${userId}`, withKey(key))
const redeem = (Secret: string) => ask('POST', '/Users/AuthenticateWithQuickConnect', {}, { Secret })
const tokenFor = async (key: string, name: string, headers = web) => {
  const { Code, Secret } = await begin(headers)
  await approve(key, Code, idOf(jellyfin, name))
  return (await redeem(Secret)).json<{ AccessToken: string }>().AccessToken
}

describe('Quick Connect', () => {
  test.each<[Version, number, number]>([
    ['10.9', 200, 200],
    ['10.10', 200, 200],
    ['10.11', 200, 200],
    ['12.0', 405, 200],
  ])('%s is begun by GET (%i) and POST (%i)', async (version, get, post) => {
    await start({ version })
    expect(await status('GET', '/QuickConnect/Initiate', web)).toBe(get)
    expect(await status('POST', '/QuickConnect/Initiate', web)).toBe(post)
  })

  test('all four parts have to be there, in quotes or without, encoded or not', async () => {
    await start()
    for (const part of ['Client', 'Device', 'DeviceId', 'Version']) {
      const left = web.authorization.replace(new RegExp(`${part}="[^"]*"(, )?`), '')
      expect(await status('POST', '/QuickConnect/Initiate', { authorization: left })).toBe(400)
      const empty = web.authorization.replace(new RegExp(`${part}="[^"]*"`), `${part}=""`)
      expect(await status('POST', '/QuickConnect/Initiate', { authorization: empty })).toBe(400)
    }
    const swift = {
      authorization: 'MediaBrowser Version=1.3, Token=, DeviceId=a, Client=Jellyfin tvOS, Device=Apple TV',
    }
    expect((await begin(swift)).DeviceName).toBe('Apple TV')
    const encoded = { authorization: web.authorization.replace('LG TV', 'K%C3%BCche%2C%20links') }
    expect((await begin(encoded)).DeviceName).toBe('Küche, links')
  })

  test('a key that is sent along puts its name in the place of the client', async () => {
    const key = await start()
    const { authorization } = web
    const begun = await ask('POST', '/QuickConnect/Initiate', { authorization: `${authorization}, Token="${key}"` })
    expect(begun.json()).toMatchObject({ AppName: 'Entryphone' })
  })

  test('a code lives ten minutes, an approved secret opens again and again for ten more', async () => {
    const key = await start()
    const late = await begin()
    await clock.advance(10 * MINUTE + SECOND)
    expect(await approve(key, late.Code, idOf(jellyfin, 'Robin'))).toBe(404)
    expect(await status('GET', `/QuickConnect/Connect?secret=${late.Secret}`)).toBe(404)

    const { Code, Secret } = await begin()
    await clock.advance(9 * MINUTE)
    expect(await approve(key, Code, idOf(jellyfin, 'Robin'))).toBe(200)
    const first = (await redeem(Secret)).json<{ AccessToken: string }>()
    await clock.advance(9 * MINUTE)
    expect((await redeem(Secret)).json()).toMatchObject({ AccessToken: first.AccessToken })
    const seen = (await ask('GET', `/QuickConnect/Connect?secret=${Secret}`)).json()
    expect(seen).toMatchObject({ Authenticated: true })
    await clock.advance(2 * MINUTE)
    expect((await redeem(Secret)).status).toBe(404)
  })

  test('who may approve, and for whom', async () => {
    const key = await start()
    const robin = await tokenFor(key, 'Robin')
    const { Code } = await begin()
    const path = `/QuickConnect/Authorize?code=${Code}`
    expect(await status('POST', path)).toBe(401)
    expect(await status('POST', path, withKey('0'.repeat(32)))).toBe(401)
    expect(await status('POST', path, withKey(key))).toBe(400)
    expect(await status('POST', `${path}&userId=${'0'.repeat(32)}`, withKey(key))).toBe(400)
    expect(await status('POST', `${path}&userId=${idOf(jellyfin, 'Kim')}`, withKey(robin))).toBe(403)
    expect(await status('POST', `/QuickConnect/Authorize?code=1&userId=${idOf(jellyfin, 'Kim')}`, withKey(key))).toBe(
      404,
    )
    expect(await status('POST', path, withKey(robin))).toBe(200)
    expect(await approve(key, Code, idOf(jellyfin, 'Robin'))).toBe(500)
    // Both were on one device, so that approving has cost Robin the token that approved.
    expect(await status('GET', '/Users/Me', withKey(robin))).toBe(401)
  })

  test('limits hold at the approval, being disabled does not, and the token of a disabled user opens nothing', async () => {
    const key = await start()
    const { users } = jellyfin.state
    Object.assign(users.named('Kim')?.policy ?? {}, { EnableAllDevices: false, EnabledDevices: ['other'] })
    const { Code } = await begin()
    expect(await approve(key, Code, idOf(jellyfin, 'Kim'))).toBe(403)
    Object.assign(users.named('Robin')?.policy ?? {}, { IsDisabled: true })
    const token = await tokenFor(key, 'Robin')
    expect(token).toMatch(/^[0-9a-f]{32}$/)
    expect(await status('GET', '/Users/Me', withKey(token))).toBe(401)
    const long = { authorization: web.authorization.replace('10.11.11', '1'.repeat(33)) }
    expect(await approve(key, (await begin(long)).Code, idOf(jellyfin, 'admin'))).toBe(500)
  })

  test('the same person on the same device replaces their token, another person keeps theirs', async () => {
    const key = await start()
    const [first, kim, second] = [
      await tokenFor(key, 'Robin'),
      await tokenFor(key, 'Kim'),
      await tokenFor(key, 'Robin'),
    ]
    const opens = (token: string) => status('GET', '/Users/Me', withKey(token))
    expect([await opens(first), await opens(kim), await opens(second)]).toEqual([401, 200, 200])
    expect(await status('DELETE', '/Devices?id=tv-1', withKey(key))).toBe(204)
    expect([await opens(kim), await opens(second)]).toEqual([401, 401])
  })

  test('switched off it says 401 everywhere but where it is asked whether it is on', async () => {
    const key = await start()
    jellyfin.state.settings.QuickConnectAvailable = false
    expect((await ask('GET', '/QuickConnect/Enabled')).json()).toBe(false)
    expect(await status('POST', '/QuickConnect/Initiate', web)).toBe(401)
    expect(await status('GET', '/QuickConnect/Connect?secret=x')).toBe(401)
    expect(await approve(key, '123456', idOf(jellyfin, 'Robin'))).toBe(401)
  })
})

describe('tokens and paths', () => {
  test.each<[Version, number]>([
    ['10.9', 200],
    ['10.11', 200],
    ['12.0', 401],
  ])('in %s the old places of tokens are answered with %i', async (version, old) => {
    const key = await start({ version })
    const token = await tokenFor(key, 'Robin')
    expect(await status('GET', '/Users/Me', { authorization: `mediabrowser token=${token}` })).toBe(200)
    expect(await status('GET', `/Users/Me?ApiKey=${token}`)).toBe(200)
    expect(await status('GET', '/Users/Me', { authorization: `Bearer ${token}` })).toBe(401)
    for (const headers of [
      { authorization: `Emby Token="${token}"` },
      { 'x-emby-authorization': `MediaBrowser Token="${token}"` },
      { 'x-emby-token': token },
      { 'x-mediabrowser-token': token },
    ])
      expect([headers, await status('GET', '/Users/Me', headers)]).toEqual([headers, old])
    expect(await status('GET', `/Users/Me?api_key=${token}`)).toBe(old)
  })

  test.each<[Version, number]>([
    ['10.11', 200],
    ['12.0', 404],
  ])('in %s the prefixes of old are answered with %i, and letter case means nothing', async (version, old) => {
    await start({ version })
    for (const path of ['/emby/System/Info/Public', '/MediaBrowser/system/info/public'])
      expect(await status('GET', path)).toBe(old)
    for (const path of ['/system/info/PUBLIC', '/users/public', '/%75sers/public'])
      expect(await status('GET', path)).toBe(200)
  })

  test('with a base URL nothing is served outside it', async () => {
    await start({ baseUrl: '/films' })
    expect(await status('GET', '/System/Info/Public')).toBe(200)
    const outside = await fetch(new URL('/System/Info/Public', jellyfin.origin))
    expect([outside.status, (await fetch(`${jellyfin.origin}x/System/Info/Public`)).status]).toEqual([404, 404])
  })

  test('a key is no user, and may what administrators may', async () => {
    const key = await start()
    const robin = await tokenFor(key, 'Robin')
    expect(await status('GET', '/Users/Me', withKey(key))).toBe(400)
    for (const path of ['/System/Info', '/Auth/Keys', '/Users', '/Devices'])
      expect([path, await status('GET', path, withKey(key))]).toEqual([path, 200])
    expect(await status('GET', '/Auth/Keys', withKey(robin))).toBe(403)
  })
})

describe('users', () => {
  test('new ones have a usable name of their own, and a policy is replaced as a whole', async () => {
    const key = await start()
    const create = (Name: string) => ask('POST', '/Users/New', withKey(key), { Name, Password: 'x' })
    for (const name of ['robin', ' Ann', 'a/b', '']) expect([name, (await create(name)).status]).toEqual([name, 400])
    const made = (await create("Zoë O'Neil")).json<{ Id: string; Policy: object }>()
    expect(made.Policy).toMatchObject({ IsAdministrator: false, IsHidden: true, EnableRemoteAccess: true })
    const set = (policy: object) => status('POST', `/Users/${made.Id}/Policy`, withKey(key), policy)
    expect(await set({ IsDisabled: true })).toBe(400)
    expect(await set({ ...made.Policy, IsDisabled: true })).toBe(204)
    expect((await ask('GET', `/Users/${made.Id}`, withKey(key))).json()).toMatchObject({ Policy: { IsDisabled: true } })
  })

  test('without a password the empty one opens; a key that sets one ends all tokens', async () => {
    const key = await start()
    await ask('POST', '/Users/New', withKey(key), { Name: 'Ann' })
    const byName = (Username: string, Pw: string) => ask('POST', '/Users/AuthenticateByName', web, { Username, Pw })
    expect((await byName('ANN', '')).status).toBe(200)
    expect((await byName('Robin', 'wrong')).status).toBe(401)
    const { AccessToken } = (await byName('robin', password)).json<{ AccessToken: string }>()
    const set = await status('POST', `/Users/Password?userId=${idOf(jellyfin, 'Robin')}`, withKey(key), {
      NewPw: 'new',
    })
    expect([set, await status('GET', '/Users/Me', withKey(AccessToken))]).toEqual([204, 401])
  })
})

describe('media', () => {
  test('streams and pictures are open to anyone, playlists and downloads are not, and hand on the token', async () => {
    const key = await start()
    const token = await tokenFor(key, 'Robin')
    const part = await fetch(`${jellyfin.origin}/videos/${filmId}/stream`, { headers: { range: 'bytes=399-400' } })
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 399-400/${film.length}`])
    expect(Buffer.from(await part.arrayBuffer())).toEqual(Buffer.from([0, 1]))
    expect(await status('GET', `/Items/${filmId}/Images/Primary`)).toBe(200)
    for (const path of [`/Items/${filmId}/Download`, `/Videos/${filmId}/master.m3u8`, `/Items/${filmId}/PlaybackInfo`])
      expect([path, await status('GET', path)]).toEqual([path, 401])
    const info = await ask('POST', `/Items/${filmId}/PlaybackInfo`, withKey(token), {})
    const { MediaSources } = info.json<{ MediaSources: { TranscodingUrl: string }[] }>()
    expect(MediaSources[0]?.TranscodingUrl).toContain(`ApiKey=${token}`)
    expect(await status('GET', MediaSources[0]?.TranscodingUrl ?? '')).toBe(200)
  })
})

describe('known proxies', () => {
  const far = { 'x-forwarded-for': '203.0.113.9, 10.0.0.1' }
  test.each<[string[], string, number]>([
    [[], '127.0.0.1', 200],
    [['127.0.0.1'], '10.0.0.1', 200],
    [['127.0.0.1', '10.0.0.1'], '203.0.113.9', 403],
  ])('with %j the client is at %s, and who must stay at home gets %i', async (knownProxies, address, answer) => {
    const key = await start({ knownProxies })
    const token = await tokenFor(key, 'Kim')
    Object.assign(jellyfin.state.users.named('Kim')?.policy ?? {}, { EnableRemoteAccess: false })
    expect(await status('GET', '/Users/Me', { ...withKey(token), ...far })).toBe(answer)
    expect(jellyfin.asked.at(-1)?.place.address).toBe(address)
  })
})
