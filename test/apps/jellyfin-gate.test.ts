import { beforeAll, describe, expect, test } from 'vitest'
import { MINUTE } from '../../src/lib/clock.ts'
import { createFakeClock } from '../support/clock.ts'
import { signInOnDesktop } from '../support/desktop.ts'
import { tokenFor } from '../support/jellyfin/administrator.ts'
import { withToken } from '../support/jellyfin/alone.ts'
import { ask } from '../support/jellyfin/ask.ts'
import { enter, letInside, tokenOf } from '../support/jellyfin/enter.ts'
import { idOf, password, useJellyfinHouse, useSignedInHouse } from '../support/jellyfin/house.ts'
import { openEndpoints, spellingsOf } from '../support/jellyfin/open-endpoints.ts'
import { androidPhone, type PackagedRequest, tizen, webos } from '../support/jellyfin/packaged-clients.ts'
import { filmId } from '../support/jellyfin/server/media-routes.ts'
import { letTelevisionIn } from '../support/let-in.ts'
import { createPerson } from '../support/person.ts'
import { signOutFirst } from '../support/phone.ts'
import { linkIn } from '../support/television.ts'

// What passes Jellyfin's gate with a cookie, with a token, and with neither.

const users = { 'robin@home.example': 'Robin' }
const says = 'MediaBrowser Client="Findroid", Device="Phone", DeviceId="phone-1", Version="1"'
const picture = `/Items/${filmId}/Images/Primary`

/** What clients need before they have a token. */
const open = [
  '/System/Info/Public',
  '/System/Ping',
  '/Branding/Configuration',
  '/Branding/Css',
  '/QuickConnect/Enabled',
  '/Users/Public',
  '/web/manifest.json',
]

describe('without a session', () => {
  const { house, jellyfin } = useSignedInHouse({ users })

  test('of all that Jellyfin gives to anybody, in any spelling, that alone passes which clients need to begin', async () => {
    for (const { method, path } of openEndpoints)
      for (const target of spellingsOf(path)) {
        const { status } = await ask(method, house.cinema + target)
        expect([method, target, status]).toEqual([method, target, open.includes(path) ? 200 : 401])
      }
  })

  test('who lives here is told to nobody', async () => {
    for (const target of spellingsOf('/Users/Public')) expect((await ask('GET', house.cinema + target)).text).toBe('[]')
    const { cookie } = await letInside(house)
    expect((await ask('GET', `${house.cinema}/users/public`, { headers: { cookie } })).json()).toMatchObject([
      { Name: 'Robin' },
    ])
  })

  test('nobody tries passwords', async () => {
    const body = { Username: 'Robin', Pw: password }
    const before = jellyfin().asked.length
    for (const path of [
      '/Users/AuthenticateByName',
      '/users/authenticatebyname',
      '/Users/ForgotPassword',
      '/Users/ForgotPassword/Pin',
      `/Users/${filmId}/Authenticate`,
    ])
      expect([
        path,
        (await ask('POST', house.cinema + path, { headers: { authorization: says }, body })).status,
      ]).toEqual([path, 401])
    expect(jellyfin().asked.length).toBe(before)
  })
})

describe('packaged clients', () => {
  const { house, jellyfin } = useSignedInHouse({ users })
  const send = ({ method, target, headers }: PackagedRequest, more: Record<string, string> = {}) =>
    ask(method, house.cinema + target, { headers: { ...headers, ...more } })

  test('find the server and begin Quick Connect from a page of no site', async () => {
    for (const request of [tizen.find, tizen.begin, webos.find, webos.manifest, androidPhone.find]) {
      const answer = await send(request)
      expect([request.target, answer.status]).toEqual([request.target, 200])
      if ('origin' in request.headers) expect(answer.headers['access-control-allow-origin']).toBe('*')
    }
    const preflight = await send(tizen.preflight)
    expect([preflight.status, preflight.headers['access-control-allow-headers']]).toEqual([204, 'authorization'])
  })

  test('send what changes things with their token, where a cookie would count for nothing', async () => {
    const { cookie, headers } = await letInside(house)
    const report = { method: 'POST', target: '/Sessions/Playing', headers: tizen.begin.headers }
    expect((await send(report, headers)).status).toBe(204)
    expect((await send(report, { cookie, authorization: says })).status).toBe(403)
    const told = await send({ ...report, target: '/Users/Me', method: 'GET' }, { authorization: says })
    expect([told.status, told.headers['access-control-allow-origin']]).toEqual([401, '*'])
  })

  test('the phone’s app sees asked for what it waits for, or it would hide our page behind an error', async () => {
    const { 'user-agent': userAgent, ...more } = androidPhone.page.headers
    const view = createPerson({ 'user-agent': userAgent, ...more })
    const challenge = await view.go(house.cinema)
    const { response } = await view.follow(new URL(linkIn(await challenge.text()), house.cinema), () => false)
    const page = (await response?.text()) ?? ''
    // Its own pattern for the web client's script.
    expect(page).toMatch(/'GET','\S*\/main\.[^/\s]+\.bundle\.js'/)
    await view.close()
  })

  test('the phone’s app shows our page in its web view, and plays natively with the token that the view was given', async () => {
    const page = await send(androidPhone.page)
    expect([page.status, page.text.includes('/.entryphone/auth/start')]).toEqual([200, true])
    const inside = await letInside(house)
    expect((await ask('GET', `${house.cinema}/Items`, { headers: inside.headers })).status).toBe(200)
    expect(jellyfin().state.devices.find(tokenOf(inside))).toBeDefined()
  })
})

describe('signing out inside', () => {
  const { house, jellyfin, made } = useSignedInHouse({ users })

  test('signs out here, and does not sign straight back in', async () => {
    const { browser } = await signInOnDesktop(house, house.cinema, '/web/')
    const { cookie, headers, servers } = await enter(house, browser)
    const out = await ask('POST', `${house.cinema}/Sessions/Logout`, {
      headers: { ...headers, cookie, origin: house.cinema },
    })
    expect(out.status).toBe(204)
    const key = (await made().parts.inside.markOf('cinema', servers[0]?.AccessToken ?? '')) ?? ''
    await expect.poll(() => made().parts.sessions.findUnder(key)).toBeUndefined()
    // The web client may send it twice, and asks what its login page needs.
    expect((await ask('POST', `${house.cinema}/Sessions/Logout`, { headers: { ...headers, cookie } })).status).toBe(401)
    for (const target of ['/QuickConnect/Enabled', '/users/public', '/Branding/Configuration'])
      expect((await ask('GET', house.cinema + target, { headers: { cookie } })).status).toBe(200)
    const challenge = await browser.go(`${house.cinema}/web/`)
    expect(challenge.status).toBe(401)
    const start = await browser.go(new URL(linkIn(await challenge.text()), house.cinema))
    expect(await start.text()).toMatch(/way\/back/)
    expect(jellyfin().asked.filter(({ target }) => target === '/Sessions/Logout').length).toBeGreaterThan(0)
  })

  test('what the web client fetches piece by piece leads it back to our page, and holds nothing of Jellyfin’s', async () => {
    const script = async (headers: Record<string, string>, path = '/web/session-login.872eaba6.chunk.js') =>
      ask('GET', house.cinema + path, { headers })
    const before = jellyfin().asked.length
    for (const headers of [{ 'sec-fetch-site': 'same-origin' }, {}]) {
      const piece = await script(headers)
      expect([piece.status, piece.headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8'])
      expect(piece.text).toMatch(/^if\(.*location\.reload\(\)$/)
    }
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }])
      expect((await script(headers)).status).toBe(401)
    for (const path of ['/web/session-login.872eaba6.css', '/web/config.json', '/Plugins/x.js', '/web'])
      expect([path, (await script({}, path)).status]).toEqual([path, 401])
    expect(jellyfin().asked.length).toBe(before)
    const { cookie } = await letInside(house)
    expect((await script({ cookie }, '/web/client.js')).text).toContain('jellyfin-apiclient')
  })

  test('another site cannot do it', async () => {
    const { cookie } = await letInside(house)
    const foreign = { cookie, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    expect((await ask('POST', `${house.cinema}/Sessions/Logout`, { headers: foreign })).status).toBe(403)
    expect((await ask('GET', `${house.cinema}/Items`, { headers: { cookie } })).status).not.toBe(403)
  })

  test('Jellyfin’s own login page offers the way back in, in the reader’s language, and keeps what was said there', async () => {
    const style = `.backdrop { color: red }`.repeat(10_000)
    Object.assign(jellyfin().state.settings.branding, { LoginDisclaimer: 'Ask **Anna**.', CustomCss: style })
    const { cookie } = await letInside(house)
    const words = async (headers: Record<string, string>) =>
      (await ask('GET', `${house.cinema}/branding/configuration`, { headers })).json<{ LoginDisclaimer: string }>()
        .LoginDisclaimer
    const said = await words({ cookie })
    expect(said).toMatch(
      /^Ask \*\*Anna\*\*\.\n\n<form action="\/\.entryphone\/auth\/enter">.*>Sign in again<\/button><\/form>$/,
    )
    expect(await words({ 'sec-fetch-site': 'same-origin', 'accept-language': 'de-DE,de;q=0.9' })).toContain(
      '>Wieder anmelden<',
    )
    expect(await words({ authorization: says })).toBe('Ask **Anna**.')
    jellyfin().interfere = (_method, target) => (/branding/i.test(target) ? { status: 500 } : undefined)
    expect((await ask('GET', `${house.cinema}/Branding/Configuration`, { headers: { cookie } })).status).toBe(500)
    jellyfin().interfere = undefined
  })

  test('"Open it as it is" leaves a browser alone until it wants in', async () => {
    const { tv } = await letTelevisionIn(house)
    await tv.browser.go(`${house.cinema}/.entryphone/auth/as-it-is`, {}, { 'sec-fetch-site': 'same-origin' })
    expect((await tv.browser.go(`${house.cinema}/web/`)).status).toBe(200)
    expect((await enter(house, tv.browser)).go).toBe('/web/')
  })
})

describe('with password_sign_in and images_by_address', () => {
  const clock = createFakeClock(Date.now())
  const { house, jellyfin, made } = useSignedInHouse(
    { users, lines: ['password_sign_in: true', 'images_by_address: true'] },
    { clock },
    { clock, trustLoopback: true },
  )
  const from = (address: string, headers: Record<string, string> = {}) => ({ 'x-forwarded-for': address, ...headers })
  const signIn = (address: string, name: string, Pw: string) =>
    ask('POST', `${house.cinema}/Users/AuthenticateByName`, {
      headers: from(address, { authorization: says }),
      body: { Username: name, Pw },
    })

  // Robin has been here before, so that Jellyfin's Robin is somebody.
  beforeAll(() => letInside(house))

  test('a native app signs in by name, as a device of the person whom this user is', async () => {
    const answer = await signIn('192.168.7.20', 'Robin', password)
    expect(answer.status).toBe(200)
    const { AccessToken } = answer.json<{ AccessToken: string }>()
    const key = (await made().parts.inside.markOf('cinema', AccessToken)) ?? ''
    expect((await made().parts.sessions.findUnder(key))?.session).toMatchObject({
      kind: 'native',
      device: { name: 'Phone' },
    })
    expect((await signIn('192.168.7.20', 'Kim', password)).status).toBe(403)
    expect((await signIn('192.168.7.20', 'admin', 'only for emergencies')).status).toBe(403)
    expect(
      jellyfin()
        .state.devices.all()
        .filter(({ userId }) => userId === idOf(jellyfin(), 'Kim')),
    ).toEqual([])
  })

  test('passwords of native apps are limited for each network', async () => {
    await clock.advance(30 * MINUTE)
    const got: number[] = []
    for (let n = 0; n < 14; n++) got.push((await signIn('198.51.100.9', 'Robin', 'wrong')).status)
    expect(got).toEqual([...Array(10).fill(401), ...Array(4).fill(429)])
    expect((await signIn('203.0.113.9', 'Robin', password)).status).toBe(200)
  })

  test('pictures are lent to an address that is certain, and to no other', async () => {
    const token = await tokenFor(jellyfin(), 'Robin', 'lease')
    const get = async (target: string, headers: Record<string, string>) =>
      (await ask('GET', house.cinema + target, { headers })).status
    expect(await get(picture, from('192.168.7.50'))).toBe(401)
    expect(await get('/Users/Me', from('192.168.7.50', withToken(token)))).toBe(200)
    for (const target of [...spellingsOf(picture), `${picture}/0`, '/UserImage']) {
      const there = target.endsWith('/0') ? 404 : 200
      expect([target, await get(target, from('192.168.7.50'))]).toEqual([target, there])
    }
    expect(await get(picture, from('192.168.7.51'))).toBe(401)
    expect(await get(`/Videos/${filmId}/stream`, from('192.168.7.50'))).toBe(401)
    // Somebody in between names another client too: it may be anybody.
    const hidden = from('192.168.7.60', { 'x-real-ip': '203.0.113.7' })
    expect(await get('/Users/Me', { ...hidden, ...withToken(token) })).toBe(200)
    expect(await get(picture, hidden)).toBe(401)
    await clock.advance(31 * MINUTE)
    expect(await get(picture, from('192.168.7.50'))).toBe(401)
  })
})

describe('without sign_in', () => {
  const { house, jellyfin } = useJellyfinHouse({}, { cinemaLines: '    recipe: jellyfin' })
  const forRobin = '    recipe: jellyfin\n    images_by_address: true\n    allow: { emails: [robin@home.example] }'
  const some = useJellyfinHouse({}, { cinemaLines: forRobin })

  test('the gate is the same, Jellyfin vouches for its tokens, and people meet its own sign-in', async () => {
    const token = await tokenFor(jellyfin(), 'Kim', 'phone')
    expect((await ask('GET', `${house.cinema}/Users/Me`, { headers: withToken(token) })).status).toBe(200)
    expect((await ask('GET', `${house.cinema}/Users/Me`, { headers: withToken('f'.repeat(32)) })).status).toBe(401)
    expect((await ask('GET', `${house.cinema}/System/Info/Public`)).status).toBe(200)
    const { tv, phone } = await letTelevisionIn(house)
    expect((await tv.browser.go(`${house.cinema}/web/`)).status).toBe(200)
    const cookie = tv.browser.cookies(new URL(house.cinema).hostname)
    const mine = await tokenFor(jellyfin(), 'Robin', 'tv')
    expect((await ask('GET', `${house.cinema}/Users/Me`, { headers: { ...withToken(mine), cookie } })).status).toBe(200)
    await signOutFirst(house.door, phone)
    await expect.poll(() => jellyfin().state.devices.find(mine)).toBeUndefined()
  })

  test('where the app is for some, a user of Jellyfin whom nobody knows here gets nothing by a token, and no pictures', async () => {
    const { house, jellyfin } = some
    for (const name of ['Kim', 'Robin']) {
      const headers = withToken(await tokenFor(jellyfin(), name, 'phone'))
      for (const target of ['/Users/Me', `/Videos/${filmId}/stream`])
        expect((await ask('GET', house.cinema + target, { headers })).status).toBe(401)
      expect((await ask('GET', house.cinema + picture)).status).toBe(401)
    }
    const { tv } = await letTelevisionIn(house)
    const cookie = tv.browser.cookies(new URL(house.cinema).hostname)
    const mine = withToken(await tokenFor(jellyfin(), 'Robin', 'tv'))
    expect((await ask('GET', `${house.cinema}/Users/Me`, { headers: { ...mine, cookie } })).status).toBe(200)
  })

  test('a key of Jellyfin’s is refused all the same', async () => {
    const key = jellyfin().state.devices.keys()[0]?.token ?? ''
    expect((await ask('GET', `${house.cinema}/Users`, { headers: withToken(key) })).status).toBe(401)
  })
})
