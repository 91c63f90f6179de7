import { describe, expect, test } from 'vitest'
import { useTabs } from '../support/jellyfin/api-client.ts'
import { ask } from '../support/jellyfin/ask.ts'
import { find, kept } from '../support/jellyfin/connect.ts'
import { enter, type Inside, tryToEnter } from '../support/jellyfin/enter.ts'
import { idOf, useSignedInHouse } from '../support/jellyfin/house.ts'
import type { Version } from '../support/jellyfin/server/version.ts'
import { letTelevisionIn } from '../support/let-in.ts'
import { signOutFirst } from '../support/phone.ts'

// One scan, and Jellyfin itself is signed in: what a browser is given, what it opens, and how it ends.

const users = { 'robin@home.example': 'Robin' }
const openTab = useTabs()

describe.each<Version>(['10.9', '10.10', '10.11', '12.0'])('Jellyfin %s', (version) => {
  const { house, jellyfin } = useSignedInHouse({ users }, { version })

  test('a television is taken into Jellyfin as the linked user', async () => {
    const { tv } = await letTelevisionIn(house)
    const inside = await enter(house, tv.browser)
    expect(inside.go).toBe('/web/')
    const [server] = inside.servers
    expect(server).toMatchObject({
      ManualAddress: house.cinema,
      UserId: idOf(jellyfin(), 'Robin'),
      Id: jellyfin().state.serverId,
    })
    expect(inside.write['enableAutoLogin']).toBe('true')
    const me = await ask('GET', `${house.cinema}/Users/Me`, { cookie: inside.cookie, headers: inside.headers })
    expect([me.status, me.json<{ Name: string }>().Name]).toEqual([200, 'Robin'])
  })
})

describe('inside', () => {
  const { house, jellyfin } = useSignedInHouse({ users })

  async function letIn(): Promise<Inside & Awaited<ReturnType<typeof letTelevisionIn>>> {
    const let_ = await letTelevisionIn(house)
    return { ...let_, ...(await enter(house, let_.tv.browser)) }
  }

  test('the front page leads into the app, once', async () => {
    const { tv } = await letTelevisionIn(house)
    for (const path of ['/', '/web', '/web/', '/WEB/Index.html']) {
      const answer = await tv.browser.go(house.cinema + path)
      expect([path, answer.status, answer.headers.get('location')]).toEqual([path, 302, '/.entryphone/auth/enter'])
    }
    // A script that fetches the page is nobody's visit.
    const fetched = await tv.browser.go(`${house.cinema}/web/`, undefined, { accept: '*/*' })
    expect(fetched.status).toBe(200)
    await enter(house, tv.browser)
    expect((await tv.browser.go(`${house.cinema}/web/`)).status).toBe(200)
  })

  test('what the web client is given signs it in, socket and all', async () => {
    const { write, servers, cookie } = await letIn()
    const tab = openTab(house.cinema, () => cookie)
    for (const [key, value] of Object.entries(write)) tab.storage.set(key, value)
    const found = await find(tab, house.cinema, kept(tab))
    expect(found.State).toBe('SignedIn')
    expect(await found.ApiClient.getCurrentUser()).toMatchObject({ Name: 'Robin' })
    await found.socketOpen()
    expect(jellyfin().sockets.openFor(servers[0]?.AccessToken ?? '')).toBe(1)
  })

  test('the fragment of Jellyfin’s own login page is left behind, or it would be shown to whoever is signed in', async () => {
    const { tv } = await letTelevisionIn(house)
    expect(await tryToEnter(house, tv.browser)).toMatchObject({ go: '/web/', leaves: '#/login' })
    const page = await tv.browser.go(`${house.cinema}/.entryphone/auth/enter`)
    expect(await page.text()).toContain("(said.leaves&&location.hash.indexOf(said.leaves)===0?'':location.hash)")
  })

  test('signed out from the phone, the token ends at Jellyfin and opens nothing here', async () => {
    const { phone, servers, cookie, headers } = await letIn()
    const token = servers[0]?.AccessToken ?? ''
    await signOutFirst(house.door, phone)
    await expect.poll(() => jellyfin().state.devices.find(token)).toBeUndefined()
    for (const target of ['/Users/Me', `/Users/Me?api_key=${token}`, '/web/'])
      expect((await ask('GET', house.cinema + target, { cookie, headers })).status).toBe(401)
  })
})
