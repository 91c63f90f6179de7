import { beforeEach, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/lib/clock.ts'
import { createFakeClock } from '../support/clock.ts'
import { leaveForProvider } from '../support/desktop.ts'
import { useHouse } from '../support/house.ts'
import { letTelevisionIn } from '../support/let-in.ts'
import { createPhone, pressYes, scan, signInAtProvider } from '../support/phone.ts'
import { openOnTelevision } from '../support/television.ts'

const clock = createFakeClock(Date.now())
const house = useHouse({ clock })

// The provider lives in real time; for it, too, people sign in now.
beforeEach(() => house.issuer.setOption('signedInSecondsAgo', Math.floor((Date.now() - clock.now()) / SECOND)))

const opens = async (tv: { browser: { go(url: string): Promise<Response> } }) =>
  (await tv.browser.go(`${house.cinema}/`)).status

test('"tonight" ends after twelve hours, used or not', async () => {
  const { tv } = await letTelevisionIn(house, { stay: { stay: 'tonight' } })
  await clock.leap(12 * HOUR - SECOND)
  expect(await opens(tv)).toBe(200)
  await clock.advance(SECOND)
  expect(await opens(tv)).toBe(401)
})

test('"ours" slides for 90 days with use, and ends after 400 all the same', async () => {
  const { tv } = await letTelevisionIn(house)
  for (let day = 80; day < 400; day += 80) {
    await clock.leap(80 * DAY)
    expect(await opens(tv)).toBe(200)
    await clock.advance(2 * MINUTE)
  }
  await clock.leap(80 * DAY)
  expect(await opens(tv)).toBe(401)
})

test('"ours" ends after 90 days without use', async () => {
  const { tv } = await letTelevisionIn(house)
  await clock.leap(90 * DAY + MINUTE)
  expect(await opens(tv)).toBe(401)
})

test('"until a date" ends when that day ends where the phone is', async () => {
  const day = new Date(clock.now() + 3 * DAY).toISOString().slice(0, 10)
  const { tv } = await letTelevisionIn(house, { stay: { stay: 'until', until: day, zone: 'America/New_York' } })
  const midnight = Date.parse(`${day}T00:00:00Z`) + DAY
  await clock.leap(midnight - clock.now())
  // It is still evening in New York.
  expect(await opens(tv)).toBe(200)
  await clock.leap(5 * HOUR)
  expect(await opens(tv)).toBe(401)
})

test('U13: a code that has ended approves nothing, and the screen gets a fresh one by itself', async () => {
  const tv = await openOnTelevision(house)
  const phone = createPhone()
  await scan(phone, (await openOnTelevision(house)).link)
  await clock.advance(5 * MINUTE)
  expect((await phone.go(tv.link)).status).toBe(410)
  const fresh = await (await tv.reload()).text()
  expect(fresh).not.toContain(tv.userCode)
  expect(fresh).toMatch(/data-seen=/)
})

test('a code that a phone has open stays for ten minutes; then the screen shows a new one and the old one is over', async () => {
  const tv = await openOnTelevision(house)
  const phone = createPhone()
  const page = await scan(phone, tv.link)
  expect(await tv.wait()).toMatchObject({ state: 'opened' })
  // Nobody decided for ten minutes: the screen goes on to a new code.
  const renewed = tv.wait()
  for (let i = 0; i < 24; i++) await clock.advance(25 * SECOND)
  await renewed
  const fresh = await (await tv.reload()).text()
  expect(fresh).not.toContain(tv.userCode)
  expect((await pressYes(phone, page)).status).toBe(410)
})

test('at four fifths of its life the code changes silently, and a phone that scanned the old one may still say yes', async () => {
  const tv = await openOnTelevision(house)
  const phone = createPhone()
  await scan(phone, (await openOnTelevision(house)).link)
  const renewed = tv.wait()
  for (let i = 0; i < 1; i++) await clock.advance(25 * SECOND)
  await renewed
  await clock.leap(4 * MINUTE - 25 * SECOND)
  expect(await tv.wait()).toMatchObject({ state: 'reload' })
  expect(await (await tv.reload()).text()).not.toContain(tv.userCode)
  expect((await pressYes(phone, await scan(phone, tv.link))).status).toBe(200)
  expect((await tv.collect()).headers.get('location')).toBe('/films/42?t=90')
})

test('an approval that is not collected within a minute comes to nothing', async () => {
  const tv = await openOnTelevision(house)
  const phone = createPhone()
  await pressYes(phone, await scan(phone, tv.link))
  await clock.advance(61 * SECOND)
  const late = await tv.collect()
  expect(late.headers.getSetCookie().join()).not.toMatch(/=[A-Za-z0-9_-]{43};/)
  const { url, response } = await tv.browser.follow(new URL(tv.page), () => false)
  expect([response?.status, url.pathname.startsWith('/.entryphone/auth/')]).toEqual([200, true])
})

test('a screen that slept all night wakes up to a fresh code for the same page', async () => {
  const tv = await openOnTelevision(house)
  const waiting = tv.wait()
  await clock.advance(25 * SECOND)
  await waiting
  await clock.leap(9 * HOUR)
  const woken = await (await tv.reload()).text()
  expect(woken).toMatch(/data-seen=/)
  expect(woken).not.toContain(tv.userCode)
})

test('D12: a login that nobody waits for is forgotten after a quarter of an hour; one that is waited for is not', async () => {
  const left = await openOnTelevision(house)
  const reloading = await openOnTelevision(house)
  await clock.leap(5 * SECOND)
  await reloading.reload()
  await clock.leap(15 * MINUTE)
  // It is begun afresh, with another code.
  expect((await left.reload()).headers.get('location')).toMatch(/\/start\?to=/)
  expect((await reloading.reload()).status).toBe(200)
})

test('U24: a session ends on time although something polls all the time', async () => {
  const { tv } = await letTelevisionIn(house, { stay: { stay: 'tonight' } })
  for (let i = 0; i < 12; i++) {
    expect(await opens(tv)).toBe(200)
    await clock.leap(HOUR)
  }
  expect(await opens(tv)).toBe(401)
})

test('K10: a ticket that was not taken within a minute opens nothing', async () => {
  for (const [seconds, status] of [
    [59, 303],
    [60, 403],
  ] as const) {
    const { browser, away } = await leaveForProvider(house, house.library, '/films/7')
    const { url } = await signInAtProvider(browser, away, 'Robin', (at) => at.pathname.endsWith('/ticket'))
    await clock.leap(seconds * SECOND)
    expect([seconds, (await browser.go(url)).status]).toEqual([seconds, status])
  }
})
