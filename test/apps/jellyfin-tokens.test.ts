import { expect, test } from 'vitest'
import { MINUTE, SECOND } from '../../src/lib/clock.ts'
import { createFakeClock } from '../support/clock.ts'
import { tokenFor } from '../support/jellyfin/administrator.ts'
import { withToken } from '../support/jellyfin/alone.ts'
import { ask } from '../support/jellyfin/ask.ts'
import { enter, letInside, tokenOf } from '../support/jellyfin/enter.ts'
import { idOf, useSignedInHouse } from '../support/jellyfin/house.ts'
import { filmId } from '../support/jellyfin/server/media-routes.ts'
import { letTelevisionIn } from '../support/let-in.ts'
import { signOutFirst } from '../support/phone.ts'

// Whose a token is, and what becomes of those that are nobody's here.

const clock = createFakeClock(Date.now())
const users = { 'robin@home.example': 'Robin', 'sam@home.example': 'Kim' }
const { house, jellyfin, key, made } = useSignedInHouse({ users }, { clock }, { clock })

const status = async (target: string, headers: Record<string, string>) =>
  (await ask('GET', house.cinema + target, { headers })).status

test('another session’s token is refused whatever the cookie says', async () => {
  const [robin, sam] = [await letInside(house), await letInside(house, 'Sam')]
  expect(await status('/Users/Me', { ...withToken(tokenOf(robin)), cookie: robin.cookie })).toBe(200)
  expect(await status('/Users/Me', { ...withToken(tokenOf(robin)), cookie: sam.cookie })).toBe(401)
  expect(await status(`/Videos/${filmId}/stream?ApiKey=${tokenOf(robin)}`, { cookie: sam.cookie })).toBe(401)
})

test('a request with two tokens is refused, wherever they stand', async () => {
  const [one, other] = [await letInside(house), await letInside(house, 'Sam')]
  for (const [target, headers] of [
    [`/Users/Me?api_key=${tokenOf(other)}`, withToken(tokenOf(one))],
    ['/Users/Me', { ...withToken(tokenOf(one)), 'x-emby-token': tokenOf(other) }],
    ['/Users/Me', { authorization: `MediaBrowser Token="${tokenOf(one)}", Token="${tokenOf(other)}"` }],
  ] as const) {
    expect(await status(target, { ...headers, cookie: one.cookie })).toBe(401)
    expect(await status(target, headers)).toBe(401)
  }
})

test('an API key from outside is refused, with a session’s cookie too', async () => {
  const { cookie } = await letInside(house)
  const before = jellyfin().asked.length
  for (const brought of [{}, { cookie }])
    for (const target of ['/Users', '/Auth/Keys', `/Videos/${filmId}/stream`]) {
      expect(await status(target, { ...withToken(key()), ...brought })).toBe(401)
      expect(await status(`${target}?ApiKey=${key()}`, brought)).toBe(401)
    }
  const asked = jellyfin()
    .asked.slice(before)
    .map(({ target }) => target)
  expect(asked.filter((target) => target !== '/Users/Me')).toEqual([])
})

test('a token of a user whom nobody here is opens nothing', async () => {
  jellyfin().state.users.create('Stranger', 'x')
  const token = await tokenFor(jellyfin(), 'Stranger', 'phone')
  for (const target of ['/Users/Me', `/Videos/${filmId}/stream.mp4`])
    expect(await status(target, withToken(token))).toBe(401)
})

test('a token of an account that administers Jellyfin opens nothing for a native app, nor on a screen', async () => {
  const { cookie } = await letInside(house)
  const token = await tokenFor(jellyfin(), 'admin', 'phone')
  expect(await status('/Users/Me', withToken(token))).toBe(401)
  expect(await status('/Users/Me', { ...withToken(token), cookie })).toBe(401)
})

test('whatever way of signing in gives a token, it is noted before anybody has it', async () => {
  const { tv } = await letTelevisionIn(house)
  const headers = { cookie: tv.browser.cookies(new URL(house.cinema).hostname) }
  const kim = { Id: idOf(jellyfin(), 'Kim'), Name: 'Kim', Policy: { IsAdministrator: false, IsDisabled: false } }
  for (const path of [
    '/Users/AuthenticateByName',
    `/users/${kim.Id}/authenticate`,
    '/emby/Users/AuthenticateWithQuickConnect',
  ]) {
    const AccessToken = await tokenFor(jellyfin(), 'Kim', path.toLowerCase())
    const body = JSON.stringify({ AccessToken, ServerId: jellyfin().state.serverId, User: kim })
    jellyfin().interfere = (method) => (method === 'POST' ? { status: 200, body } : undefined)
    const answer = await ask('POST', house.cinema + path, { headers, body: {} })
    jellyfin().interfere = undefined
    expect([path, answer.text.includes(AccessToken)]).toEqual([path, true])
    expect([path, await made().parts.inside.markOf('cinema', AccessToken)]).toEqual([path, expect.any(String)])
  }
})

test('whoever tries tokens by the hundred is not asked about at Jellyfin any more', async () => {
  await clock.advance(5 * MINUTE)
  const before = jellyfin().asked.length
  for (let n = 0; n < 90; n++) expect(await status('/Users/Me', withToken(n.toString(16).padStart(32, 'f')))).toBe(401)
  expect(jellyfin().asked.length - before).toBeLessThan(70)
  // Who is known goes on.
  const inside = await letInside(house)
  expect(await status('/Users/Me', { ...inside.headers, cookie: inside.cookie })).toBe(200)
  await clock.advance(5 * MINUTE)
})

test('a browser’s token without a cookie is a player’s, as long as its session and the token live', async () => {
  const inside = await letInside(house)
  const film = `/Videos/${filmId}/stream.mp4?ApiKey=${tokenOf(inside)}`
  expect(await status(film, {})).toBe(200)
  // Removed in Jellyfin itself, it opens nothing here from a minute later on.
  jellyfin().state.devices.end(({ token }) => token === tokenOf(inside))
  await clock.advance(MINUTE + SECOND)
  expect(await status(film, {})).toBe(401)
})

test('what a television was given is noted before it gets it', async () => {
  const { tv, phone } = await letTelevisionIn(house)
  await enter(house, tv.browser)
  const [held] = await Promise.all(
    jellyfin()
      .state.devices.all()
      .filter(({ deviceId }) => deviceId === 'tv-1')
      .map(({ token }) => made().parts.inside.markOf('cinema', token)),
  )
  expect(held).toBeDefined()
  await signOutFirst(house.door, phone)
})

test('whoever enters again has one token', async () => {
  const { tv } = await letTelevisionIn(house)
  const first = await enter(house, tv.browser, { _deviceId2: 'one' })
  const second = await enter(house, tv.browser, { _deviceId2: 'two' })
  expect(jellyfin().state.devices.find(tokenOf(first))).toBeUndefined()
  const session = await made().parts.inside.markOf('cinema', tokenOf(second))
  expect((await made().parts.inside.of(session ?? ''))?.credentials.map(({ id }) => id)).toEqual(['two'])
})

test('tabs that open together get one token', async () => {
  const { tv } = await letTelevisionIn(house)
  const all = await Promise.all([1, 2, 3].map(() => enter(house, tv.browser, {})))
  expect(new Set(all.map(tokenOf)).size).toBe(1)
  const [first = await letInside(house)] = all
  expect(await status('/Users/Me', { ...withToken(tokenOf(first)), cookie: first.cookie })).toBe(200)
})
