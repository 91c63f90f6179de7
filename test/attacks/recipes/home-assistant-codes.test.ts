import { describe, expect, test } from 'vitest'
import {
  authorizeTarget,
  codeIn,
  deskInsideHome,
  enterHome,
  letInsideHome,
  look,
  redeemAs,
} from '../../support/contract-home/enter.ts'
import { useContractHouse } from '../../support/contract-home/house.ts'
import { signInOnDesktop } from '../../support/desktop.ts'
import { letTelevisionIn } from '../../support/let-in.ts'
import type { Person } from '../../support/person.ts'
import { createPerson } from '../../support/person.ts'
import type { WaitingTelevision } from '../../support/television.ts'

// Home Assistant gives a code to whatever site asks for one, once somebody has signed in. Here nobody has to press anything.

const { house, home, user } = useContractHouse({}, { trustLoopback: true })
const ITS_OWN = "Home Assistant's own sign-in"

/** Whether its own page is shown, and nobody has been signed in for it. */
async function fallsThrough(
  tv: WaitingTelevision,
  target: string,
  headers: Record<string, string> = {},
): Promise<void> {
  const before = home().state.everCreated.length
  const answer = await look(tv.browser, house.cinema + target, headers)
  expect([target, answer.status, answer.headers.get('location')]).toEqual([target, 200, null])
  expect(await answer.text()).toContain(ITS_OWN)
  expect(home().state.everCreated.length).toBe(before)
}

describe('a code', () => {
  test('the bridge gives codes to its own origin alone', async () => {
    const own = house.cinema
    const { host, hostname, port } = new URL(own)
    const foreign = [
      { client_id: 'https://evil.example/' },
      { client_id: own },
      { client_id: `${own}//` },
      { client_id: `${own}/x` },
      { client_id: `https://${host}/` },
      { client_id: 'https://evil.example/', redirect_uri: 'https://evil.example/take' },
      { redirect_uri: 'https://evil.example/take' },
      { redirect_uri: `http://${host}@evil.example/` },
      { redirect_uri: `http://${hostname}.evil.example:${port}/` },
      { redirect_uri: `http://${hostname}:${Number(port) + 1}/` },
      { redirect_uri: `//evil.example/` },
      { redirect_uri: `${own}/\\evil` },
      { redirect_uri: `${own}/ x` },
      { redirect_uri: `${own}/#x` },
      { redirect_uri: `${own}/.entryphone/auth/proved` },
      { redirect_uri: `${own}/./.entryphone/auth/proved` },
      { redirect_uri: `${own}/x/%2e%2E/.entryphone/auth/proved` },
      { redirect_uri: 'homeassistant://auth-callback' },
      { redirect_uri: 'javascript:alert(1)' },
      { response_type: 'token' },
      { client_id: 'https://home-assistant.io/android', redirect_uri: 'https://evil.example/' },
      { client_id: 'https://home-assistant.io/android/', redirect_uri: 'homeassistant://auth-callback' },
    ]
    const { tv } = await letTelevisionIn(house)
    for (const other of foreign) await fallsThrough(tv, authorizeTarget(house, other))
  })

  test("a doubled or unknown parameter is Home Assistant's own matter", async () => {
    const target = authorizeTarget(house)
    const { tv } = await letTelevisionIn(house)
    await fallsThrough(tv, `${target}&redirect_uri=${encodeURIComponent(`${house.cinema}/x`)}`)
    await fallsThrough(tv, `${target}&client_id=${encodeURIComponent('https://evil.example/')}`)
    await fallsThrough(tv, `${target}&scope=all`)
  })

  test('is given to no frame, and to no script of any page', async () => {
    const { tv } = await letTelevisionIn(house)
    for (const destination of ['iframe', 'frame', 'embed', 'object', 'fencedframe'])
      await fallsThrough(tv, authorizeTarget(house), { 'sec-fetch-dest': destination })
    expect(
      codeIn(await look(tv.browser, house.cinema + authorizeTarget(house), { 'sec-fetch-dest': 'empty' })),
    ).toBeDefined()
    for (const mode of ['cors', 'no-cors', 'same-origin']) {
      const answer = await look(tv.browser, house.cinema + authorizeTarget(house), { 'sec-fetch-mode': mode })
      expect([mode, codeIn(answer)]).toEqual([mode, undefined])
    }
  })

  test('is given to nobody without a session, whatever cookies were planted', async () => {
    const { tv } = await letTelevisionIn({ cinema: house.library })
    const other = tv.browser.cookies(new URL(house.library).hostname)
    for (const cookie of ['', other, other.replaceAll('library', 'cinema'), `${other}; ${other}`]) {
      const nobody = createPerson({ cookie })
      const answer = await look(nobody, house.cinema + authorizeTarget(house))
      expect([answer.status, codeIn(answer)]).toEqual([401, undefined])
    }
    expect((await look(createPerson(), house.cinema + authorizeTarget(house))).status).toBe(401)
  })

  test('leads on as the frontend wants it, and is kept nowhere', async () => {
    const { tv } = await letTelevisionIn(house)
    const answer = await look(tv.browser, house.cinema + authorizeTarget(house))
    expect(answer.status).toBe(302)
    const to = new URL(answer.headers.get('location') ?? '')
    expect(to.origin + to.pathname).toBe(`${house.cinema}/lovelace/0`)
    expect(Object.fromEntries(to.searchParams)).toEqual({
      auth_callback: '1',
      code: expect.stringMatching(/^[0-9a-f]{32}$/),
      state: 'c3RhdGU=',
      storeToken: 'true',
    })
    expect(answer.headers.get('cache-control')).toContain('no-store')
  })

  test('a code of ours is redeemed in the browser that it was made for, and nowhere else', async () => {
    const { tv } = await letTelevisionIn(house)
    const other = await deskInsideHome(house, 'Sam')
    const code = codeIn(await look(tv.browser, house.cinema + authorizeTarget(house))) ?? ''
    const form = { grant_type: 'authorization_code', code }
    expect((await redeemAs(house, other.browser, form)).status).toBe(400)
    expect((await redeemAs(house, undefined, form)).status).toBe(400)
    expect((await redeemAs(house, undefined, { ...form, client_id: 'https://home-assistant.io/android' })).status).toBe(
      400,
    )
    expect((await redeemAs(house, tv.browser, form)).status).toBe(200)
    expect((await redeemAs(house, tv.browser, form)).status).toBe(400)
  })

  test('is for whoever was linked, whatever names they and the administrator have since', async () => {
    const [anna, owner] = [user('Anna'), user('Owner')]
    await letInsideHome(house)
    Object.assign(anna, { name: 'Somebody' })
    Object.assign(owner, { name: 'Anna' })
    try {
      await letInsideHome(house)
      expect(home().state.grants.at(-1)?.userId).toBe(anna.id)
    } finally {
      Object.assign(owner, { name: 'Owner' })
      Object.assign(anna, { name: 'Anna' })
    }
  })
})

describe('whoever is not taken in', () => {
  const answerTo = async (browser: Promise<Person>) =>
    (await look(await browser, house.cinema + authorizeTarget(house))).headers.get('location')
  /** Where they are told, without the page that they go on to. */
  const refusal = async (browser = signedInTv()) => (await answerTo(browser))?.replace(/to=[\w.-]+&/, '') ?? null
  const signedInTv = async (person = 'Robin') => (await letTelevisionIn(house, { person })).tv.browser

  test('is told that their account is switched off', async () => {
    user('Anna').is_active = false
    try {
      expect(await refusal()).toBe('/.entryphone/auth/enter?failed=disabled')
    } finally {
      user('Anna').is_active = true
    }
  })

  test('is told when Home Assistant says nothing, or nonsense, or 500, and may open it as it is', async () => {
    const tv = await signedInTv()
    const odd = [
      ['hang up', 'app-down'],
      [{ status: 500, body: 'Internal Server Error' }, 'app-down'],
      [{ status: 200, body: '{"type":' }, 'app-down'],
      [{ status: 200, body: '[]' }, 'app-down'],
      [{ status: 200, body: '<h1>It works!</h1>', type: 'text/html' }, 'app-down'],
      [{ status: 200, body: JSON.stringify({ type: 'form', flow_id: 7 }) }, 'asks-itself'],
      [{ status: 200, body: JSON.stringify({ type: 'create_entry', result: ['x'] }) }, 'asks-itself'],
    ] as const
    for (const [instead, reason] of odd) {
      home().interfere = (method, path) => (method === 'POST' && path === '/auth/login_flow' ? instead : undefined)
      const location = await refusal(Promise.resolve(tv))
      expect([instead, location]).toEqual([
        instead,
        reason === 'asks-itself' ? null : `/.entryphone/auth/enter?failed=${reason}`,
      ])
    }
    home().interfere = (method) => (method === 'SOCKET' ? { status: 500 } : undefined)
    expect(await refusal(Promise.resolve(tv))).toBe('/.entryphone/auth/enter?failed=app-down')
    home().interfere = undefined
    const page = await (await look(tv, `${house.cinema}/.entryphone/auth/enter?failed=app-down`)).text()
    expect(page).toContain('does not answer')
    await enterHome(house, tv)
    const asItIs = await tv.go(`${house.cinema}/.entryphone/auth/as-it-is`, {}, { 'sec-fetch-site': 'same-origin' })
    expect(asItIs.headers.get('location')).toBe('/')
    expect(await (await look(tv, house.cinema + authorizeTarget(house))).text()).toContain(ITS_OWN)
  })

  test('goes on to the page that was asked for, whatever is pressed', async () => {
    const tv = await signedInTv()
    user('Anna').is_active = false
    const told = await answerTo(Promise.resolve(tv))
    user('Anna').is_active = true
    const page = await (await look(tv, house.cinema + told)).text()
    const [again, anyway] = [/href="(\/\.entryphone\/auth\/enter[^"]*)"/, /action="([^"]*as-it-is[^"]*)"/].map(
      (wanted) => house.cinema + (wanted.exec(page)?.[1] ?? '').replaceAll('&amp;', '&'),
    ) as [string, string]
    const ours = { 'sec-fetch-site': 'same-origin' }
    expect(await (await tv.go(again, {}, ours)).json()).toMatchObject({ go: '/lovelace/0' })
    // What we have not written there ourselves leads nowhere.
    for (const to of ['https://evil.example/', '/lovelace/1', `${new URL(again).searchParams.get('to')}x`]) {
      const forged = `?${new URLSearchParams({ to })}`
      const answer = await tv.go(`${house.cinema}/.entryphone/auth/enter${forged}`, {}, ours)
      expect(await answer.json()).toMatchObject({ go: '/' })
      const left = await tv.go(`${house.cinema}/.entryphone/auth/as-it-is${forged}`, {}, ours)
      expect(left.headers.get('location')).toBe('/')
    }
    expect((await tv.go(anyway, {}, ours)).headers.get('location')).toBe('/lovelace/0')
  })

  test('has a second factor, and meets its own page; nothing is left', async () => {
    home().state.factors.add(user('Anna').id)
    const before = home().state.everCreated.length
    try {
      expect(await refusal()).toBeNull()
      const made = home().state.everCreated.slice(before)
      expect(made.map((name) => home().state.credentials.has(name))).toEqual([false])
    } finally {
      home().state.factors.clear()
    }
  })

  test('may not come from where they are: its own page says so', async () => {
    user('Anna').local_only = true
    try {
      const tv = await signedInTv()
      const from = async (address: string) =>
        codeIn(await look(tv, house.cinema + authorizeTarget(house), { 'x-forwarded-for': address }))
      expect(await from('203.0.113.7')).toBeUndefined()
      expect(await from('192.168.1.20')).toBeDefined()
    } finally {
      user('Anna').local_only = false
    }
  })

  test('looks after Home Assistant: at a desk they are taken in, on a screen they are told', async () => {
    user('Anna').group_ids = ['system-admin']
    try {
      expect(await refusal()).toBe('/.entryphone/auth/enter?failed=admin')
      const { browser } = await signInOnDesktop(house, house.cinema, '/')
      expect((await enterHome(house, browser)).tokens.token_type).toBe('Bearer')
    } finally {
      user('Anna').group_ids = ['system-users']
    }
  })
})
