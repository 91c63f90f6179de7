import { describe, expect, test } from 'vitest'
import { useAlone, web, withToken } from '../support/jellyfin/alone.ts'
import { idOf, password } from '../support/jellyfin/house.ts'
import { film, filmId } from '../support/jellyfin/server/media-routes.ts'
import type { Version } from '../support/jellyfin/server/version.ts'

// The stand-in itself, where a bridge would go wrong if it were more patient than the real server.

const { start, jellyfin, ask, status, tokenFor } = useAlone()

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
    const outside = await fetch(new URL('/System/Info/Public', jellyfin().origin))
    expect([outside.status, (await fetch(`${jellyfin().origin}x/System/Info/Public`)).status]).toEqual([404, 404])
  })

  test('a key is no user, and may what administrators may', async () => {
    const key = await start()
    const robin = await tokenFor(key, 'Robin')
    expect(await status('GET', '/Users/Me', withToken(key))).toBe(400)
    for (const path of ['/System/Info', '/Auth/Keys', '/Users', '/Devices'])
      expect([path, await status('GET', path, withToken(key))]).toEqual([path, 200])
    expect(await status('GET', '/Auth/Keys', withToken(robin))).toBe(403)
  })
})

describe('users', () => {
  test('new ones have a usable name of their own, and a policy is replaced as a whole', async () => {
    const key = await start()
    const create = (Name: string) => ask('POST', '/Users/New', withToken(key), { Name, Password: 'x' })
    for (const name of ['robin', ' Ann', 'a/b', '']) expect([name, (await create(name)).status]).toEqual([name, 400])
    const made = (await create("Zoë O'Neil")).json<{ Id: string; Policy: object }>()
    expect(made.Policy).toMatchObject({ IsAdministrator: false, IsHidden: true, EnableRemoteAccess: true })
    const set = (policy: object) => status('POST', `/Users/${made.Id}/Policy`, withToken(key), policy)
    expect(await set({ IsDisabled: true })).toBe(400)
    expect(await set({ ...made.Policy, IsDisabled: true })).toBe(204)
    expect((await ask('GET', `/Users/${made.Id}`, withToken(key))).json()).toMatchObject({
      Policy: { IsDisabled: true },
    })
  })

  test('without a password the empty one opens; a key that sets one ends all tokens', async () => {
    const key = await start()
    await ask('POST', '/Users/New', withToken(key), { Name: 'Ann' })
    const byName = (Username: string, Pw: string) => ask('POST', '/Users/AuthenticateByName', web, { Username, Pw })
    expect((await byName('ANN', '')).status).toBe(200)
    expect((await byName('Robin', 'wrong')).status).toBe(401)
    const { AccessToken } = (await byName('robin', password)).json<{ AccessToken: string }>()
    const set = await status('POST', `/Users/Password?userId=${idOf(jellyfin(), 'Robin')}`, withToken(key), {
      NewPw: 'new',
    })
    expect([set, await status('GET', '/Users/Me', withToken(AccessToken))]).toEqual([204, 401])
  })
})

describe('media', () => {
  test('streams and pictures are open to anyone, playlists and downloads are not, and hand on the token', async () => {
    const key = await start()
    const token = await tokenFor(key, 'Robin')
    const part = await ask('GET', `/videos/${filmId}/stream`, { range: 'bytes=399-400' })
    expect([part.status, part.headers['content-range']]).toEqual([206, `bytes 399-400/${film.length}`])
    expect(part.bytes).toEqual(Buffer.from([0, 1]))
    expect(await status('GET', `/Items/${filmId}/Images/Primary`)).toBe(200)
    for (const path of [`/Items/${filmId}/Download`, `/Videos/${filmId}/master.m3u8`, `/Items/${filmId}/PlaybackInfo`])
      expect([path, await status('GET', path)]).toEqual([path, 401])
    const info = await ask('POST', `/Items/${filmId}/PlaybackInfo`, withToken(token), {})
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
    Object.assign(jellyfin().state.users.named('Kim')?.policy ?? {}, { EnableRemoteAccess: false })
    expect(await status('GET', '/Users/Me', { ...withToken(token), ...far })).toBe(answer)
    expect(jellyfin().asked.at(-1)?.place.address).toBe(address)
  })
})

test('what an administrator or a key can read of the proxy settings', async () => {
  const key = await start({ knownProxies: ['10.0.0.1'] })
  const robin = await tokenFor(key, 'Robin')
  const read = (token: string) => ask('GET', '/System/Configuration/network', withToken(token))
  expect((await read(key)).json()).toMatchObject({ KnownProxies: ['10.0.0.1'], BaseUrl: '' })
  expect((await read(robin)).status).toBe(403)
})
