import { afterAll, beforeAll, expect, test } from 'vitest'
import { MINUTE, SECOND } from '../../../src/lib/clock.ts'
import { createMemoryStore } from '../../../src/store/memory.ts'
import { createFakeClock } from '../../support/clock.ts'
import { signInOnDesktop } from '../../support/desktop.ts'
import { useHouse } from '../../support/house.ts'
import { letTelevisionIn } from '../../support/let-in.ts'
import { createPerson } from '../../support/person.ts'
import { createPhone, openForm, pressNo, pressYes, scan, signInAtProvider } from '../../support/phone.ts'
import { createStrangers, type Strangers } from '../../support/strangers.ts'
import { LG_TV, linkIn, openOnTelevision, PHONE } from '../../support/television.ts'

const clock = createFakeClock(Date.now())
const memory = createMemoryStore(clock)
/** Records by drawer. */
const kept = new Map<string, number>()
const count = (key: string, by: number) => {
  const drawer = key.split('/')[0] ?? ''
  kept.set(drawer, (kept.get(drawer) ?? 0) + by)
}
const house = useHouse({
  clock,
  trustLoopback: true,
  store: {
    ...memory,
    async create(key, value, expiresAt) {
      const created = await memory.create(key, value, expiresAt)
      if (created) count(key, 1)
      return created
    },
    async remove(key, version) {
      const removed = await memory.remove(key, version)
      if (removed) count(key, -1)
      return removed
    },
  },
})

let strangers: Strangers
beforeAll(async () => {
  strangers = await createStrangers(house)
})
afterAll(() => strangers.close())

/** The family's address, and how their browsers come from it. */
const HOME = '198.51.100.7'
const fromHome = { 'x-forwarded-for': HOME }

/** Uses up what strangers at an address may begin. */
async function spend(address: string) {
  const led = await strangers.beginMany(80, () => address)
  const { status, location } = await strangers.begin(address)
  expect({ led, status, location }).toEqual({ led: expect.any(Number), status: 429, location: '' })
  expect(led).toBeGreaterThan(50)
}

test('D12: a screen that has to wait reads so, and its page goes on by itself when the time is over', async () => {
  await spend('203.0.113.5')
  const refused = await strangers.begin('203.0.113.5')
  expect(refused.retryAfter).toBe('2')
  expect(refused.text).toContain('<meta http-equiv="refresh" content="2">')
  expect(refused.text).toContain('goes on by itself')
  // The way without a phone stays open.
  expect(refused.text).toContain('/way/here?to=')
  await clock.advance(2 * SECOND)
  expect((await strangers.begin('203.0.113.5')).status).toBe(303)
  expect((await strangers.begin('203.0.113.5')).status).toBe(429)
})

test('D12: a television that was in before is let begin from an address that is spent', async () => {
  const { tv } = await letTelevisionIn(house)
  await tv.browser.go(`${house.cinema}/.entryphone/auth/sign-out`, {}, { 'sec-fetch-site': 'same-origin' })
  await spend('203.0.113.6')
  const challenge = await tv.browser.go(`${house.cinema}/films/7`)
  expect(challenge.status).toBe(401)
  const from = { 'x-forwarded-for': '203.0.113.6' }
  const begun = await tv.browser.go(house.cinema + linkIn(await challenge.text()), undefined, from)
  expect(begun.status).toBe(303)
  // The cookie is the house's own, or it is nothing.
  const [known = ''] = /[^ ]*-known=[^;]*/.exec(tv.browser.cookies('cinema.localhost')) ?? []
  const forged = createPerson({ 'user-agent': LG_TV, cookie: known.replace('ep1.', 'ep1.A') })
  const again = await forged.go(`${house.cinema}/`)
  expect((await forged.go(house.cinema + linkIn(await again.text()), undefined, from)).status).toBe(429)
})

test('D12: a login that is under way goes on at an address that is spent', async () => {
  const tv = await openOnTelevision(house, { headers: { 'x-forwarded-for': '203.0.113.7' } })
  await spend('203.0.113.7')
  const challenge = await tv.browser.go(`${house.cinema}/films/7`)
  const resumed = await tv.browser.follow(house.cinema + linkIn(await challenge.text()), () => false)
  expect([resumed.response?.status, resumed.url.href]).toEqual([200, tv.page])
})

test('D12: beginning the same login again and again is not told to other gateways without end', async () => {
  const tv = await openOnTelevision(house)
  const phone = createPhone()
  await phone.go(tv.link)
  const links: string[] = []
  for (const path of ['/films/7', '/films/8'])
    links.push(linkIn(await (await tv.browser.go(house.cinema + path)).text()))
  const before = await memory.feed.head()
  for (let i = 0; i < 100; i++) {
    expect((await tv.browser.go(house.cinema + (links[i % 2] ?? ''))).headers.get('location')).toContain(
      tv.page.slice(-24),
    )
    expect((await phone.go(tv.link)).status).toBe(200)
  }
  expect((await memory.feed.head()) - before).toBeLessThanOrEqual(40)
})

test('D12: a phone that is signed in approves from an address that is spent', async () => {
  const from = { 'user-agent': PHONE, 'x-forwarded-for': '203.0.113.8' }
  const tv = await openOnTelevision(house, { headers: { 'x-forwarded-for': '203.0.113.8' } })
  const phone = createPerson(from)
  await signInAtProvider(phone, new URL(`${house.door}/me`), 'Robin')
  const stranger = createPerson(from)
  const page = await openForm(stranger, tv.link)
  let last = 0
  for (let i = 0; i < 70; i++) last = (await stranger.go(page.action, { ...page.fields, decision: 'sign-in' })).status
  expect(last).toBe(429)
  expect((await pressYes(phone, await scan(phone, tv.link))).status).toBe(200)
  expect(await tv.wait()).toMatchObject({ state: 'go' })
})

test('a person who presses without end is asked to wait, and others are not', async () => {
  const phone = createPhone()
  const tv = await openOnTelevision(house)
  const page = await scan(phone, tv.link)
  const answers: number[] = []
  for (let i = 0; i < 40; i++) answers.push((await phone.go(page.action, { ...page.fields, decision: 'none' })).status)
  expect(answers.filter((status) => status === 429).length).toBeGreaterThan(5)
  const refused = await pressYes(phone, page)
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10'])
  // What was posted is not posted again by itself.
  expect(await refused.text()).not.toContain('http-equiv="refresh"')
  const other = createPhone()
  expect((await pressNo(other, await scan(other, tv.link, 'Sam'))).status).toBe(200)
})

test('U9: a thousand codes of one session are ten, whoever else is typing finds their screen', async () => {
  const phone = createPhone()
  await signInAtProvider(phone, new URL(`${house.door}/me`), 'Robin')
  const form = await openForm(phone, `${house.door}/d`, 'code')
  const statuses: number[] = []
  for (let i = 0; i < 1000; i += 20) {
    const typed = Array.from({ length: 20 }, (_, j) => {
      const address = { 'x-forwarded-for': `2001:db8:9:9::${(i + j).toString(16)}` }
      return phone.go(form.action, { ...form.fields, code: 'BCDF-GHJK' }, address)
    })
    for (const answer of await Promise.all(typed)) statuses.push(answer.status)
  }
  expect(statuses.filter((status) => status === 422)).toHaveLength(10)
  expect(statuses.filter((status) => status === 429)).toHaveLength(990)
  const refused = await phone.go(form.action, { ...form.fields, code: 'BCDF-GHJK' })
  expect(Number(refused.headers.get('retry-after'))).toBe(600)
  const asked = { ...form.fields, code: 'BCDF-GHJK' }
  const json = await phone.go(form.action, asked, { 'sec-fetch-mode': 'cors', accept: 'application/json' })
  expect(await json.json()).toMatchObject({ status: 429, code: 'too-many' })
  const line = await phone.go(form.action, asked, { 'sec-fetch-mode': 'cors', accept: '*/*' })
  expect(await line.text()).toBe('Too many requests\n')

  const tv = await openOnTelevision(house)
  const sam = createPhone()
  await signInAtProvider(sam, new URL(`${house.door}/me`), 'Sam')
  const own = await openForm(sam, `${house.door}/d`, 'code')
  const found = await sam.go(own.action, { ...own.fields, code: tv.userCode }, { 'x-forwarded-for': '2001:db8:9:9::1' })
  expect([found.status, house.door + found.headers.get('location')]).toEqual([303, tv.link])
})

test('D12: ten thousand logins that strangers begin leave the store bounded', async () => {
  const { tv: inside } = await letTelevisionIn(house)
  const desktop = (await signInOnDesktop(house, house.cinema)).browser
  const awake = await openOnTelevision(house, { headers: fromHome })
  const slowest: number[] = []
  let over = false
  const signedIn = (async () => {
    while (!over) {
      const begun = performance.now()
      for (const person of [inside.browser, desktop])
        expect((await person.go(`${house.cinema}/films/7`)).status).toBe(200)
      slowest.push(performance.now() - begun)
    }
  })()
  await clock.advance(3 * MINUTE)
  await awake.reload()
  const before = process.memoryUsage().rss
  // Half of them from one address that may be anybody's, half from everywhere.
  const led = await strangers.beginMany(10_000, (i) => (i % 2 === 0 ? '' : `2001:db8:${i.toString(16)}::1`))
  over = true
  await signedIn
  expect(led).toBe(10_000)
  console.log(
    `slowest page of a person meanwhile: ${Math.round(Math.max(...slowest))} ms; RSS +${Math.round((process.memoryUsage().rss - before) / 2 ** 20)} MB`,
  )
  expect(kept.get('login')).toBeLessThanOrEqual(4096 + 20)
  expect(kept.get('pointer')).toBeLessThanOrEqual(2 * 4096 + 100)

  // Who waits was not pushed out, and who comes now is let in.
  expect((await awake.reload()).status).toBe(200)
  const tv = await openOnTelevision(house, { headers: fromHome })
  const phone = createPhone()
  await pressYes(phone, await scan(phone, tv.link))
  expect((await tv.collect()).headers.get('location')).toBe('/films/42?t=90')
}, 240_000)

test('D12: a screen whose login had to go shows a fresh code without a key press', async () => {
  const tv = await openOnTelevision(house)
  const key = `login/${/auth\/([^/]+)\//.exec(tv.page)?.[1]}`
  await memory.remove(key, (await memory.get(key))?.version ?? 0)
  expect(await tv.wait()).toEqual({ state: 'reload' })
  const { response, url } = await tv.browser.follow(tv.page, () => false)
  expect(response?.status).toBe(200)
  expect(url.href).not.toBe(tv.page)
  expect(await response?.text()).toContain('class="code"')
})
