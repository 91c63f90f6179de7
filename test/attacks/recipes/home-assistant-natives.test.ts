import { describe, expect, test } from 'vitest'
import { DAY, MINUTE } from '../../../src/lib/clock.ts'
import { createFakeClock } from '../../support/clock.ts'
import { ANDROID, askForApp, companionTarget, PIXEL } from '../../support/contract-home/companion.ts'
import {
  authorizeTarget,
  codeIn,
  deskInsideHome,
  letInsideHome,
  look,
  redeemAs,
} from '../../support/contract-home/enter.ts'
import { useContractHouse } from '../../support/contract-home/house.ts'
import { grantCode } from '../../support/contract-home/state.ts'
import { signInOnDesktop } from '../../support/desktop.ts'
import { openCommands, postJson, type Tokens, wayTo } from '../../support/home-assistant-client.ts'
import { letTelevisionIn, signedInPhone } from '../../support/let-in.ts'
import { createPerson, type Person } from '../../support/person.ts'
import { signOutFirst } from '../../support/phone.ts'

// Home Assistant's apps on phones and watches: they have no cookie, and what they are given leaves the browser.

const clock = createFakeClock(Date.now())
const { house, home, user, made } = useContractHouse({}, { clock, trustLoopback: true })
const shut = useContractHouse({ lines: ['learn_webhooks: false', 'open_webhooks: [the-doorbell-of-1987, gate.v2]'] })

const untouched = useContractHouse({}, { clock, trustLoopback: true })

const target = () => authorizeTarget(house)

/** A browser of somebody's, standing on our question. */
async function asked(person = 'Robin'): Promise<{ browser: Person; question: URL; yes: string }> {
  const { browser } = await signInOnDesktop(house, house.cinema, '/', person)
  return { browser, ...(await askForApp(house.cinema, browser)) }
}

type Native = {
  tokens: Tokens
  send(path: string, more?: object): Promise<number>
  hook: string
  call(): Promise<number>
}

/** An app that was let in, and has registered itself. */
async function letAppIn(person = 'Robin'): Promise<Native> {
  const { browser, yes } = await asked(person)
  const location = (await look(browser, yes)).headers.get('location') ?? ''
  expect(location).toMatch(/^homeassistant:\/\/auth-callback\?code=[0-9a-f]{32}$/)
  const headers = { 'content-type': 'application/x-www-form-urlencoded', ...PIXEL }
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: ANDROID,
    code: codeIn(new Response(null, { headers: { location } })) ?? '',
  })
  const way = wayTo(house.cinema, PIXEL)
  const answer = await way.send('/auth/token', { method: 'POST', headers, body: String(body) })
  expect(answer.status).toBe(200)
  const tokens = (await answer.json()) as Tokens
  const registration = { app_id: 'io.homeassistant.companion.android', device_name: 'Pixel 9' }
  const { webhook_id: hook } = await postJson<{ webhook_id: string }>(
    way,
    '/api/mobile_app/registrations',
    registration,
    tokens.access_token,
  )
  return {
    tokens,
    hook,
    send: async (path) =>
      (await way.send(path, { headers: { authorization: `Bearer ${tokens.access_token}` } })).status,
    call: async () => (await wayTo(house.cinema).send(`/api/webhook/${hook}`, { method: 'POST', body: '{}' })).status,
  }
}

describe('an app of Home Assistant’s', () => {
  test('is let in by a press, is listed, and is signed out for good: its token, its socket and its webhook', async () => {
    const app = await letAppIn()
    expect([await app.send('/api/states'), await app.call()]).toEqual([200, 200])
    expect(home().state.hooked).toContain(app.hook)
    const commands = await openCommands(wayTo(house.cinema, PIXEL), app.tokens.access_token)
    const phone = await signedInPhone(house)
    expect(await (await phone.go(`${house.door}/me`)).text()).toContain('Home Assistant, Pixel 9')
    home().interfere = (_method, path) => (path === '/auth/revoke' ? 'hang up' : undefined)
    await signOutFirst(house.door, phone)
    await commands.closed
    // Refused here while Home Assistant would still take it.
    expect([await app.send('/api/states'), await app.send('/api/'), await app.call()]).toEqual([401, 401, 401])
    expect(
      (
        await redeemAs(house, undefined, {
          grant_type: 'refresh_token',
          client_id: ANDROID,
          refresh_token: app.tokens.refresh_token,
        })
      ).status,
    ).toBe(400)
    home().interfere = undefined
    await clock.advance(MINUTE)
    expect(home().state.grants.find(({ token }) => token === app.tokens.refresh_token)).toBeUndefined()
  })

  test('a webhook is shut with the device that registered it', async () => {
    const [app, other] = [await letAppIn(), await letAppIn('Sam')]
    expect([await app.call(), await other.call()]).toEqual([200, 200])
    await signOutFirst(house.door, await signedInPhone(house))
    expect([await app.call(), await other.call()]).toEqual([401, 200])
  })

  test('a link to the yes of another session, or of another time, gives nothing away', async () => {
    const { browser, yes, question } = await asked()
    const sam = await asked('Sam')
    for (const somebody of [sam.browser, createPerson()]) {
      const answer = await look(somebody, yes)
      expect(answer.headers.get('location') ?? '').not.toContain('code=')
    }
    expect((await look(createPerson(), question.href)).headers.get('location')).toBe('/')
    await clock.advance(6 * MINUTE)
    expect((await look(browser, yes)).headers.get('location')).toBe('/')
  })

  test('looks for the sign-in page without cookies, and a person who looks signs in first', async () => {
    const status = async (path: string, mode?: string) =>
      (
        await createPerson().go(house.cinema + path, undefined, {
          accept: '*/*',
          ...(mode && { 'sec-fetch-mode': mode }),
        })
      ).status
    expect(await status(companionTarget())).toBe(200)
    expect(await status(companionTarget(), 'navigate')).toBe(401)
    expect([
      await status(target()),
      await status('/auth/authorize'),
      await status(companionTarget('https://evil.example/')),
    ]).toEqual([401, 401, 401])
    expect(await status('/manifest.json')).toBe(200)
  })

  test('whose person signed in on its own page is that person’s as well', async () => {
    home().state.factors.add(user('Anna').id)
    try {
      const { browser, yes } = await asked()
      expect(await (await look(browser, yes)).text()).toContain('does not let us')
      expect(await (await look(browser, house.cinema + companionTarget())).headers.get('location')).toContain(
        '/confirm',
      )
    } finally {
      home().state.factors.clear()
    }
  })
})

describe('an administrator’s password', () => {
  /** Home Assistant's own page, at which somebody types the owner's password for an app. */
  async function typedBy(browser: Person): Promise<string> {
    const cookie = browser.cookies(new URL(house.cinema).hostname)
    const way = wayTo(house.cinema, { cookie, origin: house.cinema })
    const flow = { client_id: ANDROID, handler: ['homeassistant', null], redirect_uri: 'homeassistant://auth-callback' }
    const { flow_id } = await postJson<{ flow_id: string }>(way, '/auth/login_flow', flow)
    const typed = { client_id: ANDROID, username: 'owner', password: 'of the owner' }
    return (await postJson<{ result: string }>(way, `/auth/login_flow/${flow_id}`, typed)).result
  }

  test('that is typed on a screen gets an app nothing, whoever redeems the code', async () => {
    const { tv } = await letTelevisionIn(house)
    const desk = await deskInsideHome(house)
    for (const redeemer of [undefined, desk.browser, tv.browser]) {
      const form = { grant_type: 'authorization_code', client_id: ANDROID, code: await typedBy(tv.browser) }
      const before = home().state.grants.length
      expect((await redeemAs(house, redeemer, form)).status).toBe(400)
      expect(home().state.grants.length).toBe(before)
    }
    const form = { grant_type: 'authorization_code', client_id: ANDROID, code: await typedBy(desk.browser) }
    expect((await redeemAs(house, undefined, form)).status).toBe(200)
  })
})

describe('a browser’s session', () => {
  test('is not what an app gets: each ends alone', async () => {
    const desk = await deskInsideHome(house)
    const app = await letAppIn()
    await desk.browser.go(
      `${house.cinema}/auth/revoke`,
      { token: desk.tokens.refresh_token },
      { 'sec-fetch-site': 'same-origin' },
    )
    expect((await desk.browser.go(`${house.cinema}/`)).status).toBe(401)
    expect(await app.send('/api/states')).toBe(200)
  })
})

describe('who somebody is', () => {
  const prove = '/.entryphone/auth/prove'

  async function proveAs(browser: Person, username: string, state?: string): Promise<Response> {
    const begun = await look(browser, house.cinema + prove)
    const page = new URL(begun.headers.get('location') ?? '', house.cinema)
    const cookie = browser.cookies(new URL(house.cinema).hostname)
    const way = wayTo(house.cinema, { cookie, origin: house.cinema })
    const own = page.searchParams.get('client_id')
    const flow = {
      client_id: own,
      handler: ['homeassistant', null],
      redirect_uri: page.searchParams.get('redirect_uri'),
    }
    const { flow_id } = await postJson<{ flow_id: string }>(way, '/auth/login_flow', flow)
    const typed = { client_id: own, username, password: `of ${username}` }
    const { result } = await postJson<{ result: string }>(way, `/auth/login_flow/${flow_id}`, typed)
    const back = new URL(page.searchParams.get('redirect_uri') ?? '')
    back.searchParams.set('code', result)
    back.searchParams.set('state', state ?? page.searchParams.get('state') ?? '')
    return look(browser, back.href)
  }

  test('a proof that was begun in another session links nobody', async () => {
    const { browser } = await signInOnDesktop(house, house.cinema, '/', 'Robin')
    const sam = (await signInOnDesktop(house, house.cinema, '/', 'Sam')).browser
    const begun = await look(sam, house.cinema + prove)
    const state = new URL(begun.headers.get('location') ?? '', house.cinema).searchParams.get('state') ?? ''
    const before = home().state.grants.length
    expect((await proveAs(browser, 'ben', state)).headers.get('location')).toBe('/')
    expect((await proveAs(browser, 'anna')).headers.get('location')).toBe('/.entryphone/auth/proved')
    expect(home().state.grants.length).toBe(before)
  })

  test('nobody is linked by what is typed on a screen', async () => {
    const { browser, tokens } = await letInsideHome(house)
    expect((await look(browser, house.cinema + prove)).headers.get('location')).toBe('/')
    const { keyring, inside, links } = made().parts
    const key = (await inside.markOf('cinema', tokens.refresh_token)) ?? ''
    const state = keyring.seal('proof', String(clock.now() + MINUTE), key)
    const ben = grantCode(home().state, user('Ben').id, `${house.cinema}/`)
    const back = `${house.cinema}/.entryphone/auth/proved?${new URLSearchParams({ code: ben, state })}`
    expect((await look(browser, back)).headers.get('location')).toBe('/')
    expect(await links.personsOf('cinema', user('Ben').id)).not.toContainEqual(
      expect.objectContaining({ sub: 'robin' }),
    )
  })
})

describe('webhooks', () => {
  const call = async (at: { cinema: string }, id: string, from = '203.0.113.5') =>
    (await wayTo(at.cinema, { 'x-forwarded-for': from }).send(`/api/webhook/${id}`, { method: 'POST', body: '{}' }))
      .status

  test('a webhook that nobody registered is refused', async () => {
    shut.home().state.webhooks.set('the-doorbell-of-1988', 'The doorbell rings')
    expect(await call(shut.house, 'the-doorbell-of-1987')).toBe(200)
    expect(await call(shut.house, 'the-doorbell-of-1988')).toBe(401)
    expect(await call(shut.house, '..%2f..%2fapi%2fstates')).toBeGreaterThanOrEqual(400)
    expect(shut.home().state.hooked).toEqual(['the-doorbell-of-1987'])
  })

  test('one that is listed passes, however short and whatever letters it has', async () => {
    shut.home().state.webhooks.set('gate.v2', 'The gate opens')
    expect(await call(shut.house, 'gate.v2')).toBe(200)
    expect(await call(shut.house, 'gate%2ev2')).toBe(200)
    expect(await call(shut.house, 'gate.v3')).toBe(401)
    shut.home().state.hooked.length = 0
  })

  test('a stranger does not fill the list of what is learned', async () => {
    const answers = []
    const before = home().state.webhooksListed
    for (let i = 0; i < 40; i++) answers.push(await call(house, `a-made-up-number-${i}`, `198.51.100.${i}`))
    // What Home Assistant does not know is not learned, and it is not asked for ever.
    expect(new Set(answers)).toEqual(new Set([401]))
    expect(home().state.webhooksListed - before).toBeLessThanOrEqual(20)
    home().state.webhooks.set('an-automation-at-home', 'Lights off')
    expect(await call(house, 'an-automation-at-home', '192.168.1.7')).toBe(200)
  })

  test('those of before pass in the first week, and are remembered', async () => {
    for (const id of ['an-automation-of-old', 'an-automation-of-now']) home().state.webhooks.set(id, 'An automation')
    expect(await call(house, 'an-automation-of-old')).toBe(200)
    await clock.leap(8 * DAY)
    expect(await call(house, 'an-automation-of-old')).toBe(200)
    expect(await call(house, 'an-automation-of-now')).toBe(401)
  })

  test('the week begins with the gateway, and not with the first who calls', async () => {
    untouched.home().state.webhooks.set('an-automation-of-late', 'An automation')
    await clock.leap(8 * DAY)
    expect(await call(untouched.house, 'an-automation-of-late')).toBe(401)
  })
})
