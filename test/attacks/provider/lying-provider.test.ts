import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { createDesktop, leaveForProvider } from '../../support/desktop.ts'
import { useHouse } from '../../support/house.ts'
import type { Lies, LyingProvider } from '../../support/lying-provider.ts'
import { startLyingProvider } from '../../support/lying-provider.ts'
import { createPhone, openForm, pressYes } from '../../support/phone.ts'
import { expectQuick } from '../../support/quick.ts'
import { linkIn, openOnTelevision } from '../../support/television.ts'

let provider: LyingProvider
const house = useHouse({
  async startProvider(options) {
    const started = await startLyingProvider(options)
    provider = started
    return started
  },
})
afterEach(() => {
  provider.lies = {}
})

const day = 86_400
/** A set that nobody of the house has let in before. */
const SAMSUNG =
  'Mozilla/5.0 (SMART-TV; LINUX; Tizen 5.5) AppleWebKit/537.36 (KHTML, like Gecko) 69.0.3497.106.1/5.5 TV Safari/537.36'
const now = Math.floor(Date.now() / 1000)

/** A browser that has gone to the provider and back: its last answer. */
async function signIn(browser = createDesktop()) {
  const { away } = await leaveForProvider(house, house.cinema, '/films/7', browser)
  const { url, response } = await browser.follow(away, () => false)
  return { browser, url, status: response?.status, html: (await response?.text()) ?? '' }
}

test('J8: an ID token that is not for this sign-in, or not by this provider, signs nobody in', async () => {
  expect((await signIn()).url.href).toBe(`${house.cinema}/films/7`)
  const lies: Lies[] = [
    { signed: 'by-a-stranger' },
    { signed: 'not-at-all' },
    { signed: 'with-the-client-secret' },
    { claims: { iss: 'https://evil.example' } },
    { claims: { iss: `${house.issuer.issuer}/` } },
    { claims: { iss: undefined } },
    { claims: { aud: 'somebody-else' } },
    { claims: { aud: ['somebody-else'] } },
    { claims: { aud: [house.issuer.clientId, 'somebody-else'], azp: 'somebody-else' } },
    { claims: { aud: undefined } },
    { claims: { nonce: 'of another sign-in' } },
    { claims: { nonce: undefined } },
    { claims: { sub: undefined } },
    { claims: { sub: '' } },
    { claims: { sub: 7 } },
    { claims: { exp: now - day } },
    { claims: { exp: undefined } },
    { claims: { exp: 'tomorrow' } },
    { claims: { iat: undefined } },
    { claims: { nbf: now + day } },
    { claims: { sub: ' ' } },
    { signed: 'with-the-public-key' },
    { claims: { aud: [] } },
    { claims: { aud: {} } },
    { claims: { aud: [house.issuer.clientId, 'somebody-else'] } },
    { claims: { azp: 'somebody-else' } },
    { claims: { nonce: ['of another sign-in'] } },
  ]
  for (const lie of lies) {
    provider.lies = lie
    const { browser, url, status } = await signIn()
    expect({ lie, status, path: url.pathname }).toEqual({ lie, status: 400, path: '/callback' })
    expect((await browser.go(`${house.cinema}/`)).status).toBe(401)
    provider.lies = {}
    expect((await browser.go(`${house.door}/me`)).headers.get('location')).toContain(house.issuer.issuer)
  }
})

test('J10 J12: clocks may be half a minute apart, and numbers are numbers', async () => {
  const at = Math.floor(Date.now() / 1000)
  const good = [{ exp: at - 15 }, { nbf: at + 15 }, { exp: 1e300 }, { exp: at + 60.5 }, { auth_time: 1e300 }]
  const bad = [{ exp: at - 60 }, { exp: at - 600 }, { exp: -1 }, { exp: null }, { exp: `${at + 60}` }, { nbf: at + 60 }]
  const worse = [{ iat: '1e300' }, { auth_time: 'now' }, { auth_time: null }]
  for (const claims of good) {
    provider.lies = { claims }
    expect({ claims, status: (await signIn()).status }).toEqual({ claims, status: 200 })
  }
  for (const claims of [...bad, ...worse]) {
    provider.lies = { claims }
    const { browser, status } = await signIn()
    expect({ claims, in: (await browser.go(`${house.cinema}/`)).status }).toEqual({ claims, in: 401 })
    expect([400, 403]).toContain(status)
  }
})

test('J13: a token that is encrypted, huge, broken or asks for extensions is refused at once', async () => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const lies: Lies[] = [
    { idToken: `${part({ alg: 'PBES2-HS512+A256KW', enc: 'A256GCM', p2c: 1e9, p2s: 'x' })}.x.x.x.x` },
    { idToken: `${part({ alg: 'dir', enc: 'A256GCM', zip: 'DEF' })}..x.x.x` },
    { header: { crit: ['b64'], b64: false } },
    { header: { crit: ['exp'] } },
    { said: { header: ',"alg":"none"' } },
    { said: { header: ',"kid":"unknown"' } },
    ...['', 'x', '..', 'a.b.c', 'x'.repeat(250_000), `${part({ alg: 'RS256' })}.${'A'.repeat(200_000)}.x`].map(
      (idToken) => ({ idToken }),
    ),
  ]
  const begun = performance.now()
  for (const lie of lies) {
    provider.lies = lie
    const { browser, status } = await signIn()
    expect([JSON.stringify(lie).slice(0, 90), status]).toEqual([JSON.stringify(lie).slice(0, 90), 400])
    expect((await browser.go(`${house.cinema}/`)).status).toBe(401)
  }
  expectQuick(`${lies.length} tokens that are encrypted, huge or broken`, performance.now() - begun)
  // Whoever says a thing twice in what it signs has said it: there is one parser, and no way around its signature.
  provider.lies = { said: { claims: ',"__proto__":{"groups":["admins"]}' } }
  expect((await signIn()).status).toBe(200)
})

test('J5: a response that names another issuer or none signs nobody in', async () => {
  for (const iss of ['https://evil.example', `${house.issuer.issuer}/`, '']) {
    provider.lies = { iss }
    const { browser, status } = await signIn()
    expect([iss, status]).toEqual([iss, 400])
    expect((await browser.go(`${house.cinema}/`)).status).toBe(401)
  }
})

test('J11: userinfo about somebody else, or of another shape, signs nobody in', async () => {
  for (const userinfo of [{ sub: 'sam', name: 'Sam' }, { name: 'Robin' }, [], 'robin', null]) {
    provider.lies = { claims: { name: undefined }, userinfo }
    const { browser, status } = await signIn()
    expect({ userinfo, status }).toEqual({ userinfo, status: 400 })
    expect((await browser.go(`${house.cinema}/`)).status).toBe(401)
  }
})

test('D9: a provider that answers without end is cut off', async () => {
  provider.lies = { endless: true }
  const begun = performance.now()
  const { browser, status } = await signIn()
  expect([400, 503]).toContain(status)
  // Long before the time that a slow one is given.
  expect(performance.now() - begun).toBeLessThan(7000)
  expect((await browser.go(`${house.cinema}/`)).status).toBe(401)
})

test('D8: answers that unpack to gigabytes, once or layer upon layer, sign nobody in and fill no memory', async () => {
  const zeros = Buffer.alloc(64 * 2 ** 20, ' ')
  // As much again each time that one like it follows: a gigabyte in a megabyte.
  const gzip = Buffer.concat(new Array<Buffer>(16).fill(gzipSync(zeros)))
  const bombs = {
    gzip,
    br: brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
    deflate: deflateSync(zeros),
    'gzip, gzip': gzipSync(gzip),
    [Array.from({ length: 40 }, () => 'gzip').join(', ')]: gzip,
    'br, x-unknown': gzip,
  }
  const paths = ['/token', '/userinfo', '/jwks', '/.well-known/openid-configuration']
  for (const path of paths) {
    for (const [encoding, body] of Object.entries(bombs)) {
      provider.lies = { packed: { path, encoding, body }, claims: { name: undefined } }
      // Otherwise it would know the keys, and the addresses, from before.
      if (path !== '/token' && path !== '/userinfo') await house.restart()
      const before = process.memoryUsage().rss
      const browser = createDesktop()
      const challenge = await browser.go(`${house.cinema}/films/7`)
      const { url, response } = await browser.follow(house.cinema + linkIn(await challenge.text()), () => false)
      const grown = Math.round((process.memoryUsage().rss - before) / 2 ** 20)
      expect({ path, encoding, refused: [400, 503].includes(response?.status ?? 0), at: url.href }).toEqual({
        path,
        encoding,
        refused: true,
        at: expect.stringContaining(house.door),
      })
      expect([path, encoding, grown < 200, grown]).toEqual([path, encoding, true, grown])
      expect((await browser.go(`${house.cinema}/`)).status).toBe(401)
    }
  }
  provider.lies = {}
  await house.restart()
  expect((await signIn()).url.href).toBe(`${house.cinema}/films/7`)
})

test('a name with markup or of any length stays a name, and groups that are no list are none', async () => {
  provider.lies = {
    claims: { name: `<script>alert(1)</script>"'><img src=x>${'x'.repeat(10_000)}`, groups: { 0: 'admins' } },
  }
  const { browser } = await signIn()
  const me = await (await browser.go(`${house.door}/me`)).text()
  expect(me).toContain('&lt;script&gt;alert(1)')
  expect(me).not.toContain('<script>alert')
  expect(me).not.toContain('<img src=x')
  expect(me.length).toBeLessThan(20_000)
})

test('U6b: a provider that does not say when somebody signed in is asked for a fresh sign-in', async () => {
  provider.lies = { claims: { auth_time: undefined } }
  const phone = createPhone()
  await phone.follow(`${house.door}/me`, () => false)
  const tv = await openOnTelevision(house)
  const pressed = await pressYes(phone, await openForm(phone, tv.link))
  expect([pressed.status, new URL(pressed.headers.get('location') ?? house.door).searchParams.get('max_age')]).toEqual([
    303,
    '900',
  ])
  // It still does not say, so it has to have the person sign in again; only then does the press count.
  const unsaid = await phone.follow(pressed.headers.get('location') ?? '', (url) => url.searchParams.has('prompt'))
  expect(unsaid.url.searchParams.get('prompt')).toBe('login')
  expect((await tv.collect()).headers.get('set-cookie')).toBeNull()
  expect((await phone.follow(unsaid.url, () => false)).response?.status).toBe(200)
  expect(await tv.wait()).toMatchObject({ state: 'go' })
})

test('U6b: a provider that answers with an old sign-in again approves nothing', async () => {
  const phone = createPhone()
  provider.lies = { claims: { auth_time: now - 2000 } }
  await phone.follow(`${house.door}/me`, () => false)
  const tv = await openOnTelevision(house, { headers: { 'user-agent': SAMSUNG } })
  const pressed = await pressYes(phone, await openForm(phone, tv.link))
  const back = await phone.follow(pressed.headers.get('location') ?? '', () => false)
  expect([back.url.pathname, back.response?.status]).toEqual(['/callback', 403])
  expect((await tv.collect()).headers.get('set-cookie')).toBeNull()
})
