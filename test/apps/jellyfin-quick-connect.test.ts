import { expect, test } from 'vitest'
import { MINUTE, SECOND } from '../../src/lib/clock.ts'
import { useAlone, web, withToken } from '../support/jellyfin/alone.ts'
import { idOf } from '../support/jellyfin/house.ts'
import type { Version } from '../support/jellyfin/server/version.ts'

// The stand-in's Quick Connect, where a bridge would go wrong if it were more patient than the real server.

const { start, jellyfin, ask, status, tokenFor, clock } = useAlone()

type Begun = { Secret: string; Code: string; DeviceName: string }
const begin = async (headers = web) => (await ask('POST', '/QuickConnect/Initiate', headers)).json<Begun>()
const approve = (key: string, code: string, userId: string) =>
  status('POST', `/QuickConnect/Authorize?code=${code}&userId=${userId}`, withToken(key))
const redeem = (Secret: string) => ask('POST', '/Users/AuthenticateWithQuickConnect', {}, { Secret })

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
  expect(await approve(key, late.Code, idOf(jellyfin(), 'Robin'))).toBe(404)
  expect(await status('GET', `/QuickConnect/Connect?secret=${late.Secret}`)).toBe(404)

  const { Code, Secret } = await begin()
  await clock.advance(9 * MINUTE)
  expect(await approve(key, Code, idOf(jellyfin(), 'Robin'))).toBe(200)
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
  expect(await status('POST', path, withToken('0'.repeat(32)))).toBe(401)
  expect(await status('POST', path, withToken(key))).toBe(400)
  expect(await status('POST', `${path}&userId=${'0'.repeat(32)}`, withToken(key))).toBe(400)
  expect(await status('POST', `${path}&userId=${idOf(jellyfin(), 'Kim')}`, withToken(robin))).toBe(403)
  expect(await status('POST', `/QuickConnect/Authorize?code=1&userId=${idOf(jellyfin(), 'Kim')}`, withToken(key))).toBe(
    404,
  )
  expect(await status('POST', path, withToken(robin))).toBe(200)
  expect(await approve(key, Code, idOf(jellyfin(), 'Robin'))).toBe(500)
  // Both were on one device, so that approving has cost Robin the token that approved.
  expect(await status('GET', '/Users/Me', withToken(robin))).toBe(401)
})

test('limits hold at the approval, being disabled does not, and the token of a disabled user opens nothing', async () => {
  const key = await start()
  const { users } = jellyfin().state
  Object.assign(users.named('Kim')?.policy ?? {}, { EnableAllDevices: false, EnabledDevices: ['other'] })
  const { Code } = await begin()
  expect(await approve(key, Code, idOf(jellyfin(), 'Kim'))).toBe(403)
  Object.assign(users.named('Robin')?.policy ?? {}, { IsDisabled: true })
  const token = await tokenFor(key, 'Robin')
  expect(token).toMatch(/^[0-9a-f]{32}$/)
  expect(await status('GET', '/Users/Me', withToken(token))).toBe(401)
  const long = { authorization: web.authorization.replace('10.11.11', '1'.repeat(33)) }
  expect(await approve(key, (await begin(long)).Code, idOf(jellyfin(), 'admin'))).toBe(500)
})

test('the same person on the same device replaces their token, another person keeps theirs', async () => {
  const key = await start()
  const [first, kim, second] = [await tokenFor(key, 'Robin'), await tokenFor(key, 'Kim'), await tokenFor(key, 'Robin')]
  const opens = (token: string) => status('GET', '/Users/Me', withToken(token))
  expect([await opens(first), await opens(kim), await opens(second)]).toEqual([401, 200, 200])
  expect(await status('DELETE', '/Devices?id=tv-1', withToken(key))).toBe(204)
  expect([await opens(kim), await opens(second)]).toEqual([401, 401])
})

test('switched off it says 401 everywhere but where it is asked whether it is on', async () => {
  const key = await start()
  jellyfin().state.settings.QuickConnectAvailable = false
  expect((await ask('GET', '/QuickConnect/Enabled')).json()).toBe(false)
  expect(await status('POST', '/QuickConnect/Initiate', web)).toBe(401)
  expect(await status('GET', '/QuickConnect/Connect?secret=x')).toBe(401)
  expect(await approve(key, '123456', idOf(jellyfin(), 'Robin'))).toBe(401)
})
