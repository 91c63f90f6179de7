import { once } from 'node:events'
import { describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { loopbackLookup } from '../../src/demo/loopback.ts'
import { approveWithKey, tokenFor } from '../support/jellyfin/administrator.ts'
import { useTabs } from '../support/jellyfin/api-client.ts'
import { ask } from '../support/jellyfin/ask.ts'
import { find, kept, quickConnect } from '../support/jellyfin/connect.ts'
import { idOf, password, useJellyfinHouse } from '../support/jellyfin/house.ts'
import { createSdk } from '../support/jellyfin/sdk.ts'
import { film, filmId } from '../support/jellyfin/server/media-routes.ts'
import { letTelevisionIn } from '../support/let-in.ts'
import type { Person } from '../support/person.ts'
import { signOutFirst } from '../support/phone.ts'

// Jellyfin behind a gate without its recipe, which knows nothing of it: the session's cookie lets everything
// through, and Jellyfin's own sign-in comes after it.

const { house, jellyfin } = useJellyfinHouse()
const openTab = useTabs()

const cookieOf = (browser: Person) => browser.cookies(new URL(house.cinema).hostname)

/** A television that has been let in, and the web client's library in a tab of its browser. */
async function letTabIn() {
  const { tv, phone } = await letTelevisionIn(house)
  const cookie = cookieOf(tv.browser)
  const tab = openTab(house.cinema, () => cookie)
  return { tab, phone, cookie }
}

/** A television with its token at Jellyfin as well. */
async function letIn() {
  const { tv, phone } = await letTelevisionIn(house)
  const token = await tokenFor(jellyfin(), 'Robin', 'tv')
  const headers = { authorization: `MediaBrowser Token="${token}"` }
  return { phone, token, cookie: cookieOf(tv.browser), headers }
}

describe('the app’s own client code', () => {
  test('the web client finds the server, signs in by Quick Connect, and its socket is open', async () => {
    const { tab } = await letTabIn()
    const found = await find(tab, house.cinema)
    expect(found.State).toBe('ServerSignIn')
    const token = await quickConnect(found, (code) => approveWithKey(jellyfin(), code, 'Robin'))
    await found.socketOpen()
    expect(jellyfin().sockets.openFor(token)).toBe(1)
    expect(kept(tab)).toMatchObject({ ManualAddress: house.cinema, AccessToken: token })
    expect(await found.ApiClient.getCurrentUser()).toMatchObject({ Name: 'Robin' })
  })

  test('by name too, and what it kept signs it in again', async () => {
    const { tab } = await letTabIn()
    const found = await find(tab, house.cinema)
    await found.ApiClient.authenticateUserByName('Robin', password)
    const again = await find(tab, house.cinema, kept(tab))
    expect(again.State).toBe('SignedIn')
    await again.signOut()
    expect(jellyfin().asked.at(-1)).toMatchObject({ method: 'POST', target: '/Sessions/Logout', status: 204 })
  })

  test('somebody who is not let in does not even find a server', async () => {
    const tab = openTab(house.cinema)
    const before = jellyfin().asked.length
    expect((await find(tab, house.cinema)).State).toBe('Unavailable')
    expect(jellyfin().asked.length).toBe(before)
  })

  test.each(['10.11', '12.0'] as const)('the SDK for %s works with the cookie, and not without', async (version) => {
    const { cookie } = await letIn()
    const client = await createSdk(version, house.cinema, { cookie })
    const { data } = await client.begin()
    await approveWithKey(jellyfin(), data.Code, 'Kim')
    await client.redeem(data.Secret)
    expect((await client.me()).data.Name).toBe('Kim')
    const stranger = await createSdk(version, house.cinema)
    stranger.useToken(client.token())
    expect([(await stranger.publicInfo()).status, (await stranger.me()).status]).toEqual([401, 401])
  })
})

describe('watching', () => {
  test('a film comes by ranges, byte for byte, and a download whole', async () => {
    const { cookie, headers } = await letIn()
    const url = `${house.cinema}/Videos/${filmId}/stream.mp4?static=true`
    const parts: Buffer[] = []
    for (let from = 0; from < film.length; from += 30_000) {
      const to = Math.min(from + 29_999, film.length - 1)
      const part = await ask('GET', url, { cookie, headers: { range: `bytes=${from}-${to}` } })
      expect([part.status, part.headers['content-range']]).toEqual([206, `bytes ${from}-${to}/${film.length}`])
      parts.push(part.bytes)
    }
    expect(Buffer.concat(parts).equals(film)).toBe(true)
    expect((await ask('GET', url, { cookie, headers: { range: `bytes=${film.length}-` } })).status).toBe(416)
    const download = await ask('GET', `${house.cinema}/Items/${filmId}/Download`, { cookie, headers })
    expect(download.bytes.equals(film)).toBe(true)
    expect((await ask('GET', `${house.cinema}/Items/${filmId}/Download`, { headers })).status).toBe(401)
  })

  test('a player follows the addresses that carry the token, down to a segment', async () => {
    const { cookie, headers, token } = await letIn()
    const info = await ask('POST', `${house.cinema}/Items/${filmId}/PlaybackInfo`, { cookie, headers, body: {} })
    const { MediaSources } = JSON.parse(info.text) as { MediaSources: { TranscodingUrl: string }[] }
    let url = new URL(MediaSources[0]?.TranscodingUrl ?? '', house.cinema)
    for (const kind of ['application/vnd.apple.mpegurl', 'application/vnd.apple.mpegurl', 'video/mp4']) {
      expect(url.search).toContain(token)
      const answer = await ask('GET', url.href, { cookie })
      expect([answer.status, answer.headers['content-type']]).toEqual([200, kind])
      // The token alone opens nothing here.
      expect((await ask('GET', url.href)).status).toBe(401)
      url = new URL(/^[^#].*$/m.exec(answer.text)?.[0] ?? '', url)
    }
  })

  test('what is watched is reported, and a group that watches together is told over the socket', async () => {
    const { tab } = await letTabIn()
    const found = await find(tab, house.cinema)
    await found.ApiClient.authenticateUserByName('Robin', password)
    await found.socketOpen()
    const token = kept(tab).AccessToken ?? ''
    const { cookie } = await letIn()
    const headers = { authorization: `MediaBrowser Token="${token}"` }
    const update = found.message('SyncPlayGroupUpdate')
    const joined = await ask('POST', `${house.cinema}/SyncPlay/New`, { cookie, headers, body: { GroupName: 'Us' } })
    expect([joined.status, (await update).Data]).toEqual([204, { Type: 'GroupJoined', GroupName: 'Us' }])
    await found.ApiClient.reportPlaybackStart({ ItemId: filmId })
    const played = { event: 'start', userId: idOf(jellyfin(), 'Robin'), itemId: filmId }
    expect(jellyfin().state.played.at(-1)).toEqual(played)
  })

  test('its socket is not for another site, nor for whoever has the token alone', async () => {
    const { cookie, token } = await letIn()
    const open = async (headers: Record<string, string>, origin?: string) => {
      const url = `${house.cinema.replace('http', 'ws')}/socket?api_key=${token}&deviceId=tv`
      const socket = new WebSocket(url, { headers, lookup: loopbackLookup, ...(origin && { origin }) } as object)
      const [outcome] = (await Promise.race([
        once(socket, 'open').then(() => [101]),
        once(socket, 'unexpected-response').then(([, answer]) => [(answer as { statusCode: number }).statusCode]),
      ])) as [number]
      socket.on('error', () => undefined).terminate()
      return outcome
    }
    expect(await open({ cookie }, house.cinema)).toBe(101)
    expect(await open({ cookie }, 'https://evil.example')).toBe(403)
    expect(await open({})).toBe(401)
  })

  test('signed out from the phone, the socket is cut and nothing that the television knew opens anything', async () => {
    const { tab, phone, cookie } = await letTabIn()
    const found = await find(tab, house.cinema)
    await found.ApiClient.authenticateUserByName('Robin', password)
    await found.socketOpen()
    const token = kept(tab).AccessToken ?? ''
    const headers = { authorization: `MediaBrowser Token="${token}"` }
    expect((await ask('GET', `${house.cinema}/Users/Me`, { cookie, headers })).status).toBe(200)
    await signOutFirst(house.door, phone)
    await expect.poll(() => jellyfin().sockets.openFor(token)).toBe(0)
    for (const target of ['/Users/Me', `/Users/Me?api_key=${token}`, `/Videos/${filmId}/stream`, '/System/Info/Public'])
      expect([target, (await ask('GET', house.cinema + target, { cookie, headers })).status]).toEqual([target, 401])
    // Jellyfin knows nothing of it yet: whoever reaches it past the gate still has a token.
    expect(jellyfin().state.devices.find(token)).toBeDefined()
  })
})

test('what goes wrong in Jellyfin is told as it is, and never as a sign-out: some clients forget their token at a 401', async () => {
  const { cookie, headers } = await letIn()
  const me = () => ask('GET', `${house.cinema}/Users/Me`, { cookie, headers })
  const nonsense = { status: 200, headers: { 'content-type': 'application/json' }, body: '{"Id":' }
  onTestFinished(() => {
    jellyfin().interfere = undefined
  })
  for (const [odd, status] of [
    [{ status: 500 }, 500],
    [nonsense, 200],
    ['hang up', 502],
  ] as const) {
    jellyfin().interfere = () => odd
    expect([odd, (await me()).status]).toEqual([odd, status])
  }
  jellyfin().interfere = undefined
  expect((await me()).status).toBe(200)
})
