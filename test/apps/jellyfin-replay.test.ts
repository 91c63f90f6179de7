import { expect, test } from 'vitest'
import { MINUTE } from '../../src/lib/clock.ts'
import { createFakeClock } from '../support/clock.ts'
import { tokenFor } from '../support/jellyfin/administrator.ts'
import { withToken } from '../support/jellyfin/alone.ts'
import { ask } from '../support/jellyfin/ask.ts'
import { letInside, tokenOf } from '../support/jellyfin/enter.ts'
import { password, useSignedInHouse } from '../support/jellyfin/house.ts'
import { filmId } from '../support/jellyfin/server/media-routes.ts'
import { letTelevisionIn } from '../support/let-in.ts'
import { signOutFirst } from '../support/phone.ts'
import { openRaw } from '../support/raw.ts'

// Everything that was ever in a browser which was inside, sent again once its session has ended.

const clock = createFakeClock(Date.now())
const users = { 'robin@home.example': 'Robin', 'sam@home.example': 'Kim' }
const { house, jellyfin } = useSignedInHouse({ users }, { clock }, { clock })

const status = async (target: string, headers: Record<string, string>) =>
  (await ask('GET', house.cinema + target, { headers })).status

/** Everything that needs to be somebody, with a token wherever one can stand. */
async function replay(token: string, cookie: string): Promise<[string, number][]> {
  const targets: [string, string][] = [
    ['GET', '/Users/Me'],
    ['GET', '/Items'],
    ['GET', '/System/Info'],
    ['GET', `/Videos/${filmId}/stream.mp4`],
    ['GET', `/Items/${filmId}/Download`],
    ['GET', `/Items/${filmId}/Images/Primary`],
    ['GET', '/web/'],
    ['GET', '/'],
    ['POST', '/Sessions/Playing'],
    ['POST', '/Sessions/Logout'],
    ['POST', '/Users/AuthenticateByName'],
  ]
  const places: [Record<string, string>, string][] = [
    [withToken(token), ''],
    [{ authorization: `Emby Token="${token}"` }, ''],
    [{ 'x-emby-authorization': `MediaBrowser Token="${token}"` }, ''],
    [{ 'x-emby-token': token }, ''],
    [{ 'x-mediabrowser-token': token }, ''],
    [{}, `?api_key=${token}`],
    [{}, `?ApiKey=${token}`],
    [{}, ''],
  ]
  const answers: [string, number][] = []
  for (const [method, target] of targets)
    for (const [fields, query] of places)
      for (const cookies of ['', cookie])
        for (const prefix of ['', '/emby']) {
          const headers = { ...fields, ...(cookies && { cookie: cookies }) }
          const answer = await ask(method, house.cinema + prefix + target + query, { headers })
          answers.push([`${method} ${prefix}${target}${query}`, answer.status])
        }
  return answers
}

test('after signing out from the phone nothing that was in the browser is answered with 2xx', async () => {
  const inside = await letInside(house)
  expect((await replay(tokenOf(inside), inside.cookie)).filter(([, code]) => code < 300).length).toBeGreaterThan(50)
  const again = await letInside(house)
  await signOutFirst(house.door, again.phone)
  const answers = await replay(tokenOf(again), again.cookie)
  expect(answers.filter(([, code]) => code < 400)).toEqual([])
})

test('the same while Jellyfin is down, which ends the token when it is back', async () => {
  const inside = await letInside(house)
  const token = tokenOf(inside)
  jellyfin().interfere = () => 'hang up'
  await signOutFirst(house.door, inside.phone)
  const answers = await replay(token, inside.cookie)
  expect(answers.filter(([, code]) => code < 400)).toEqual([])
  expect(jellyfin().state.devices.find(token)).toBeDefined()
  jellyfin().interfere = undefined
  // Past the gate it would still open everything; here it opens nothing, before and after it has been ended.
  expect(await status('/Users/Me', withToken(token))).toBe(401)
  await clock.advance(MINUTE)
  await expect.poll(() => jellyfin().state.devices.find(token)).toBeUndefined()
})

test('a token that was in the browser before, or was typed in there, ends with the session that brought it', async () => {
  const { tv, phone } = await letTelevisionIn(house)
  const cookie = tv.browser.cookies(new URL(house.cinema).hostname)
  const old = await tokenFor(jellyfin(), 'Robin', 'of-before')
  expect(await status('/Users/Me', { ...withToken(old), cookie })).toBe(200)
  const says = 'MediaBrowser Client="Jellyfin Web", Device="Chrome", DeviceId="typed", Version="1"'
  const typed = await ask('POST', `${house.cinema}/Users/AuthenticateByName`, {
    headers: { cookie, authorization: says },
    body: { Username: 'Kim', Pw: password },
  })
  expect(typed.status).toBe(200)
  const { AccessToken } = typed.json<{ AccessToken: string }>()
  await signOutFirst(house.door, phone)
  for (const token of [old, AccessToken]) {
    await expect.poll(() => jellyfin().state.devices.find(token)).toBeUndefined()
    expect(await status('/Users/Me', withToken(token))).toBe(401)
  }
})

test('open sockets are cut, with a cookie and with a token alone', async () => {
  const inside = await letInside(house)
  const token = tokenOf(inside)
  const open = async (fields: string[]) => {
    const client = await openRaw(house.port)
    const lines = [
      `GET /socket?api_key=${token} HTTP/1.1`,
      `Host: ${new URL(house.cinema).host}`,
      'Connection: Upgrade',
    ]
    const more = ['Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==']
    client.write(`${[...lines, ...more, ...fields].join('\r\n')}\r\n\r\n`)
    await client.until((received) => received.includes(' 101 ') && received.includes('\r\n\r\n'))
    return client
  }
  const both = [await open([`Cookie: ${inside.cookie}`]), await open([])]
  expect(jellyfin().sockets.openFor(token)).toBe(2)
  await signOutFirst(house.door, inside.phone)
  await Promise.all(both.map((client) => client.closed()))
  await expect.poll(() => jellyfin().sockets.openFor(token)).toBe(0)
})
