import { afterEach, expect, test, vi } from 'vitest'
import { type Clock, DAY, HOUR, MINUTE, systemClock } from '../../../src/lib/clock.ts'
import { createDesktop, leaveForProvider, signInOnDesktop } from '../../support/desktop.ts'
import { useHouse } from '../../support/house.ts'
import { letTelevisionIn } from '../../support/let-in.ts'
import type { Person } from '../../support/person.ts'
import { createPhone, openForm, pressYes, scan, signInAtProvider } from '../../support/phone.ts'
import { openOnTelevision } from '../../support/television.ts'

/** The gateway's clock is wrong by this much; the provider's and everybody else's is right. */
let wrongBy = 0
const clock: Clock = { now: () => systemClock.now() + wrongBy, after: systemClock.after }
const house = useHouse({ clock })
afterEach(() => {
  wrongBy = 0
  vi.useRealTimers()
})

const statusOf = async (who: Person, app = house.cinema) => (await who.go(`${app}/`)).status

/** A ticket that is issued and not yet used. */
async function heldTicket(): Promise<{ browser: Person; ticket: URL }> {
  const browser = createDesktop()
  const { away } = await leaveForProvider(house, house.library, '/', browser)
  const { url } = await signInAtProvider(browser, away, 'Robin', (at) => at.pathname.endsWith('/ticket'))
  return { browser, ticket: url }
}

test.each([
  ['an hour ahead', HOUR],
  ['a day ahead', DAY],
])(
  'N6: a clock that steps %s ends what has run out by it, at once, and nothing else; set right, it goes on',
  async (_, step) => {
    const { tv: ours } = await letTelevisionIn(house)
    const { tv: tonight } = await letTelevisionIn(house, { stay: { stay: 'tonight' } })
    const { browser } = await signInOnDesktop(house, house.library)
    const approved = await openOnTelevision(house)
    const phone = createPhone()
    expect((await pressYes(phone, await scan(phone, approved.link))).status).toBe(200)
    const held = await heldTicket()

    wrongBy = step
    expect(await statusOf(ours.browser)).toBe(200)
    expect(await statusOf(browser, house.library)).toBe(200)
    expect(await statusOf(tonight.browser)).toBe(step > 12 * HOUR ? 401 : 200)
    // Sixty seconds are over, by this clock: neither the ticket nor the approval counts any more.
    expect((await held.browser.go(held.ticket)).headers.get('location') ?? '').not.toBe('/')
    expect(await statusOf(held.browser, house.library)).toBe(401)
    await approved.collect()
    expect(await statusOf(approved.browser)).toBe(401)

    wrongBy = 0
    expect(await statusOf(ours.browser)).toBe(200)
    expect(await statusOf(tonight.browser)).toBe(200)
    expect(await statusOf(held.browser, house.library)).toBe(401)
  },
)

test.each([
  ['an hour back', -HOUR],
  ['a day back', -DAY],
])('N6: a clock that steps %s lets nobody in twice, and what has ended stays so', async (_, step) => {
  const { tv, phone } = await letTelevisionIn(house)
  const held = await heldTicket()
  const used = await heldTicket()
  expect((await used.browser.go(used.ticket)).status).toBe(303)
  const cookie = tv.browser.cookies('cinema.localhost')
  const mine = await openForm(phone, `${house.door}/me`, 'name="ref"')
  const other = await letTelevisionIn(house)
  await phone.go(mine.action, mine.fields)
  expect(await statusOf(tv.browser)).toBe(401)

  wrongBy = step
  expect((await tv.browser.go(`${house.cinema}/`, undefined, { cookie })).status).toBe(401)
  expect(await statusOf(other.tv.browser)).toBe(200)
  // Used up is used up; what was not used yet works once, in its own browser.
  const thief = createDesktop()
  expect((await thief.go(used.ticket)).headers.getSetCookie().join()).not.toMatch(/=[A-Za-z0-9_-]{43};/)
  expect((await thief.go(held.ticket)).headers.getSetCookie().join()).not.toMatch(/=[A-Za-z0-9_-]{43};/)
  expect(await statusOf(thief, house.library)).toBe(401)

  wrongBy = 0
  expect(await statusOf(tv.browser)).toBe(401)
  expect(await statusOf(other.tv.browser)).toBe(200)
})

test('N6: with a clock that is a day wrong people are let in or told no, and never in by mistake', async () => {
  for (const step of [-DAY, -HOUR, -MINUTE, HOUR, DAY]) {
    wrongBy = step
    const browser = createDesktop()
    const { url } = await signInOnDesktop(house, house.library, '/', 'Robin', browser)
    const inside = url.origin === house.library
    expect([step, await statusOf(browser, house.library)]).toEqual([step, inside ? 200 : 401])
  }
  wrongBy = 0
  expect((await signInOnDesktop(house, house.library)).url.origin).toBe(house.library)
})

const years: [name: string, at: number][] = [
  ['2038, when seconds no longer fit 32 bits', Date.UTC(2038, 0, 19, 3, 14, 0)],
  ['2106, when they no longer fit without a sign', Date.UTC(2106, 1, 7, 6, 28, 0)],
]
test.each(years)('N6: in %s, a television and a browser sign in and stay in', async (_, at) => {
  // Everybody's clock, the provider's too.
  vi.useFakeTimers({ toFake: ['Date'], now: at })
  const { tv } = await letTelevisionIn(house)
  const { browser, url } = await signInOnDesktop(house, house.library)
  expect(url.origin).toBe(house.library)
  vi.setSystemTime(at + 2 * MINUTE)
  expect([await statusOf(tv.browser), await statusOf(browser, house.library)]).toEqual([200, 200])
  expect((await letTelevisionIn(house)).tv.browser.cookies('cinema.localhost')).toMatch(/=[A-Za-z0-9_-]{43}/)
})
