import { FormData } from 'undici'
import { describe, expect, test } from 'vitest'
import { MINUTE } from '../../../src/lib/clock.ts'
import { createFakeClock } from '../../support/clock.ts'
import { ANDROID } from '../../support/contract-home/companion.ts'
import {
  authorizeTarget,
  deskInsideHome,
  enterHome,
  inside,
  letInsideHome,
  look,
  redeemAs,
} from '../../support/contract-home/enter.ts'
import { ADMIN_TOKEN, useContractHouse } from '../../support/contract-home/house.ts'
import { grant } from '../../support/contract-home/state.ts'
import { openCommands, sayFirst, type Tokens, wayTo } from '../../support/home-assistant-client.ts'
import { letTelevisionIn } from '../../support/let-in.ts'
import type { Person } from '../../support/person.ts'
import { signOutFirst } from '../../support/phone.ts'

// What a browser was given inside Home Assistant, in the hands of somebody else, and when its session is over.

const clock = createFakeClock(Date.now())
const { house, home, user, made } = useContractHouse({}, { clock, trustLoopback: true })

const bearer = ({ access_token }: Tokens) => ({ authorization: `Bearer ${access_token}` })
const refreshing = ({ refresh_token }: Tokens) => ({ grant_type: 'refresh_token', refresh_token })
const held = (tokens: Tokens) => home().state.grants.find(({ token }) => token === tokens.refresh_token)

describe('tokens of a session', () => {
  test('a refresh token of another session, or of one that is over, is refused', async () => {
    const mine = await letInsideHome(house)
    const other = await deskInsideHome(house, 'Sam')
    expect((await redeemAs(house, mine.browser, refreshing(mine.tokens))).status).toBe(200)
    const android = { client_id: ANDROID }
    for (const browser of [other.browser, undefined]) {
      expect((await redeemAs(house, browser, refreshing(mine.tokens))).status).toBe(400)
      expect((await redeemAs(house, browser, { ...refreshing(mine.tokens), ...android })).status).toBe(400)
    }
    home().interfere = () => 'hang up'
    await signOutFirst(house.door, mine.phone)
    home().interfere = undefined
    // Home Assistant would still renew it.
    expect(held(mine.tokens)).toBeDefined()
    for (const browser of [mine.browser, other.browser, undefined])
      expect((await redeemAs(house, browser, refreshing(mine.tokens))).status).toBe(400)
    await clock.advance(MINUTE)
    await expect.poll(() => held(mine.tokens)).toBeUndefined()
  })

  test('an access token opens nothing beside another cookie or none', async () => {
    const mine = await letInsideHome(house)
    const other = await deskInsideHome(house, 'Sam')
    const status = async (cookie?: string) => {
      const headers = { ...bearer(mine.tokens), ...(cookie !== undefined && { cookie }) }
      return (await wayTo(house.cinema).send('/api/states', { headers })).status
    }
    expect(await status(mine.cookie)).toBe(200)
    expect([await status(other.cookie), await status()]).toEqual([401, 401])
  })

  test('what was in a browser from before the gate opens nothing without a session', async () => {
    const old = grant(home().state, user('Anna').id, `${house.cinema}/`)
    const form = { grant_type: 'refresh_token', refresh_token: old.token }
    expect((await redeemAs(house, undefined, form)).status).toBe(400)
    const { tv } = await letTelevisionIn(house)
    expect((await redeemAs(house, tv.browser, form)).status).toBe(400)
  })

  test('forms that two parsers could read differently reach nobody', async () => {
    const { cookie, tokens } = await letInsideHome(house)
    const way = wayTo(house.cinema, { cookie, origin: house.cinema })
    const post = async (type: string, body: string) =>
      (await way.send('/auth/token', { method: 'POST', headers: { 'content-type': type }, body })).status
    const form = `grant_type=refresh_token&client_id=${encodeURIComponent(`${house.cinema}/`)}`
    const asked = { n: 0 }
    home().interfere = (_method, path) => {
      if (path === '/auth/token') asked.n++
      return undefined
    }
    const urlencoded = 'application/x-www-form-urlencoded'
    expect(await post(urlencoded, `${form}&refresh_token=x&refresh_token=${tokens.refresh_token}`)).toBe(400)
    expect(await post(`${urlencoded}; charset=utf-16`, form)).toBe(400)
    expect(await post('application/json', '{}')).toBe(400)
    expect(await post('text/plain', form)).toBe(400)
    expect(await post('multipart/form-data', form)).toBe(400)
    const part = (name: string, value: string) =>
      `--b\r\nContent-Disposition: form-data; name=${name}\r\n\r\n${value}\r\n`
    const end = '--b--\r\n'
    const odd = [
      part('"refresh_token"; filename="x"', tokens.refresh_token),
      part('refresh_token', tokens.refresh_token),
      part('"refresh_token"', 'x') + part('"refresh_token"', tokens.refresh_token),
      `preamble\r\n${part('"refresh_token"', 'x')}`,
    ]
    for (const body of odd) expect(await post('multipart/form-data; boundary=b', body + end)).toBe(400)
    // Who knows that action does not look at the rest, and who does not gives tokens for it.
    for (const more of ['grant_type=refresh_token', 'refresh_token=x', 'code=x'])
      expect(await post(urlencoded, `action=revoke&token=${tokens.refresh_token}&${more}`)).toBe(400)
    expect(await post('text/plain', `action=revoke&token=${tokens.refresh_token}`)).toBe(400)
    expect(asked.n).toBe(0)
    expect(await post(urlencoded, `${form}&refresh_token=${tokens.refresh_token}`)).toBe(200)
    const multipart = new FormData()
    for (const [name, value] of Object.entries({ ...refreshing(tokens), client_id: `${house.cinema}/` }))
      multipart.set(name, value)
    expect((await way.send('/auth/token', { method: 'POST', body: multipart })).status).toBe(200)
    expect(asked.n).toBe(2)
  })

  test('signing out in Home Assistant ends the session; with somebody else’s token it does not', async () => {
    const mine = await letInsideHome(house)
    const other = await deskInsideHome(house, 'Sam')
    const revoke = (browser: Person, { refresh_token }: Tokens) =>
      browser.go(`${house.cinema}/auth/revoke`, { token: refresh_token }, { 'sec-fetch-site': 'same-origin' })
    await revoke(other.browser, mine.tokens)
    await revoke(other.browser, { ...other.tokens, refresh_token: 'of nobody' })
    expect((await mine.browser.go(`${house.cinema}/`)).status).toBe(200)
    expect((await revoke(mine.browser, (await enterHome(house, mine.browser)).tokens)).status).toBe(200)
    expect((await mine.browser.go(`${house.cinema}/`)).status).toBe(401)
    expect((await other.browser.go(`${house.cinema}/`)).status).toBe(200)
  })

  test('the old form of signing out in Home Assistant ends the session too; with somebody else’s token it does not', async () => {
    const mine = await letInsideHome(house)
    const other = await deskInsideHome(house, 'Sam')
    const revoke = async (browser: Person, { refresh_token }: Tokens) => {
      const form = { action: 'revoke', token: refresh_token }
      return (await browser.go(`${house.cinema}/auth/token`, form, { 'sec-fetch-site': 'same-origin' })).status
    }
    const open = async (browser: Person) => (await browser.go(`${house.cinema}/`)).status
    const { tokens } = await enterHome(house, mine.browser)
    expect(await revoke(mine.browser, { ...tokens, refresh_token: 'of nobody' })).toBe(200)
    expect(await revoke(other.browser, mine.tokens)).toBe(200)
    expect([await open(mine.browser), await open(other.browser)]).toEqual([200, 200])
    expect(await revoke(mine.browser, tokens)).toBe(200)
    expect([await open(mine.browser), await open(other.browser)]).toEqual([401, 200])
    expect(held(tokens)).toBeUndefined()
  })
})

describe('bearers without a cookie', () => {
  const from = (address: string, token: string) =>
    wayTo(house.cinema, { 'x-forwarded-for': address, authorization: `Bearer ${token}` })

  test("the administrator's token is refused from outside", async () => {
    const { cookie } = await letInsideHome(house)
    for (const more of [{}, { cookie }, { 'x-forwarded-for': '192.168.1.20' }]) {
      const headers: Record<string, string> = { ...more, authorization: `Bearer ${ADMIN_TOKEN}` }
      expect((await wayTo(house.cinema).send('/api/states', { headers })).status).toBe(401)
    }
  })

  test('are asked about once in some seconds, and open nothing but the API', async () => {
    const script = grant(home().state, user('Ben').id, 'long-lived').access[0] as string
    const way = from('203.0.113.9', script)
    for (let i = 0; i < 5; i++) expect((await way.send('/api/states')).status).toBe(200)
    expect(home().state.checked.filter((one) => one === script)).toHaveLength(1)
    for (const path of ['/', '/lovelace/0', '/auth/authorize', '/api', '/local/x.png', '/auth/login_flow'])
      expect([path, (await way.send(path)).status]).toEqual([path, 401])
    await clock.advance(MINUTE)
    home().state.users = home().state.users.map((one) => (one.name === 'Ben' ? { ...one, is_active: false } : one))
    expect((await way.send('/api/states')).status).toBe(401)
    user('Ben').is_active = true
  })

  test('bad bearers are limited for each network', async () => {
    const before = home().state.checked.length
    for (let i = 0; i < 60; i++)
      expect((await from('203.0.113.77', `bad-token-number-${i}`).send('/api/states')).status).toBe(401)
    expect(home().state.checked.length - before).toBeLessThan(30)
    const near = home().state.checked.length
    expect((await from('198.51.100.1', 'bad-token-from-elsewhere').send('/api/states')).status).toBe(401)
    expect(home().state.checked.length).toBe(near + 1)
  })

  test('get no answer while Home Assistant cannot be asked', async () => {
    for (const instead of ['hang up', { status: 500 }, { status: 302 }] as const) {
      home().interfere = (_method, path) => (path === '/api/' ? instead : undefined)
      const { status } = await from('203.0.113.8', `some-token-of-${JSON.stringify(instead)}`.replace(/\W/g, '-')).send(
        '/api/states',
      )
      expect(status).toBeGreaterThanOrEqual(400)
    }
  })
})

describe('sockets', () => {
  test("another person at the same screen never opens the former one's Home Assistant", async () => {
    const { browser, tokens, phone } = await letInsideHome(house)
    const commands = await openCommands(inside(house, browser, tokens).way, tokens.access_token)
    commands.close()
    home().interfere = (_method, path) => (path === '/auth/revoke' ? 'hang up' : undefined)
    await signOutFirst(house.door, phone)
    // Its storage is still there, and Home Assistant itself would take it.
    const { tv } = await letTelevisionIn(house, { person: 'Sam' })
    const cookie = tv.browser.cookies(new URL(house.cinema).hostname)
    const next = wayTo(house.cinema, { cookie, origin: house.cinema })
    await expect(openCommands(next, tokens.access_token)).rejects.toThrow('auth_invalid')
    expect(held(tokens)).toBeDefined()
    // Nor what was left there before there was a gate, which nobody here knows.
    const old = grant(home().state, user('Anna').id, `${house.cinema}/`).access[0] as string
    await expect(openCommands(next, old)).rejects.toThrow('auth_invalid')
  })

  test('the first word on a socket is a token of whoever says it, or the last', async () => {
    const mine = await letInsideHome(house)
    const other = await deskInsideHome(house, 'Sam')
    const { access_token } = mine.tokens
    const ways = [
      wayTo(house.cinema),
      wayTo(house.cinema, { 'user-agent': 'Home Assistant/2025.4.2 (Android 15; Pixel 9)' }),
      other.way,
    ]
    for (const way of ways) {
      await expect(openCommands(way, access_token)).rejects.toThrow('auth_invalid')
      await expect(openCommands(way, ADMIN_TOKEN)).rejects.toThrow('auth_invalid')
    }
    const [bare] = ways as [(typeof ways)[0]]
    for (const odd of [
      '[]',
      '{"type":"auth"',
      '{"type":"auth","access_token":7}',
      `{"type":"auth","access_token":NaN}`,
    ])
      expect([odd, await sayFirst(bare, odd)]).toEqual([odd, 'auth_invalid'])
    const script = grant(home().state, user('Ben').id, 'long-lived').access[0] as string
    for (const [way, token] of [
      [bare, script],
      [mine.way, access_token],
    ] as const)
      (await openCommands(way, token)).close()
    // One that is compressed, as some libraries send all of theirs.
    expect(await sayFirst(bare, JSON.stringify({ type: 'auth', access_token }), true)).toBe('auth_invalid')
    expect(await sayFirst(bare, JSON.stringify({ type: 'auth', access_token: script }), true)).toBe('auth_ok')
  })

  test('of a page without a session are told to sign in', async () => {
    const page = wayTo(house.cinema, { origin: house.cinema })
    await expect(openCommands(page, 'whatever')).rejects.toThrow('auth_invalid')
  })

  test('a foreign page gets no socket', async () => {
    await expect(openCommands(wayTo(house.cinema, { origin: 'https://evil.example' }), 'x')).rejects.toThrow('403')
  })
})

describe('one-time names', () => {
  test('a one-time name is remembered before it is made, and swept when nobody uses it', async () => {
    const { tv } = await letTelevisionIn(house)
    const once = () => [...home().state.credentials.keys()].filter((name) => name.startsWith('once-'))
    await swept(once)
    await look(tv.browser, house.cinema + authorizeTarget(house))
    expect(once()).toHaveLength(1)
    home().interfere = (method) => (method === 'SOCKET' ? 'hang up' : undefined)
    await clock.advance(16 * MINUTE)
    expect(once()).toHaveLength(1)
    home().interfere = undefined
    await swept(once)
    // Made there, and the answer lost.
    home().interfere = (_method, path) => (path.startsWith('/auth/login_flow') ? 'hang up' : undefined)
    const known = made().recipe.people
    expect(await known?.byName('Anna')).toBeDefined()
    await look(tv.browser, house.cinema + authorizeTarget(house))
    home().interfere = undefined
    await swept(once)
  })

  /** The clock stands while Home Assistant is asked: else its patience would be over before the machine has got to it. */
  async function swept(once: () => string[]): Promise<void> {
    const look = async () => {
      if (once().length > 0) await clock.leap(11 * MINUTE)
      return once()
    }
    await expect.poll(look, { timeout: 20_000, interval: 400 }).toEqual([])
  }
})
