import { afterEach, beforeEach, expect, test } from 'vitest'
import { MINUTE, SECOND } from '../../../src/lib/clock.ts'
import { createFakeClock } from '../../support/clock.ts'
import { createGuestBook, guestBookEnv, guestBookLines } from '../../support/guest-book.ts'
import { useHouse } from '../../support/house.ts'
import { letTelevisionIn, signedInPhone } from '../../support/let-in.ts'
import type { Person } from '../../support/person.ts'
import { openForm } from '../../support/phone.ts'

// An app's own page, once, to show who somebody is there: what comes back from it counts for whoever set out.

const clock = createFakeClock(Date.now())
const book = createGuestBook()
const house = useHouse({
  clock,
  recipes: new Map([['cinema', book.kind]]),
  env: guestBookEnv,
  cinemaLines: guestBookLines({ sam: 'anna' }),
})
let phone: Person
beforeEach(async () => {
  house.issuer.setOption('signedInSecondsAgo', Math.floor((Date.now() - clock.now()) / SECOND))
  phone = await signedInPhone(house)
})
afterEach(async () => {
  book.down = false
  const form = await openForm(phone, address(), '/unlink').catch(() => undefined)
  if (form !== undefined) await phone.go(form.action, form.fields)
})

const address = () => `${house.door}/me/apps/cinema`
const page = async () => (await phone.go(address())).text()
const proving = (use = 'own') => `${house.cinema}/.entryphone/auth/prove?use=${use}`
const back = (state: string, code: string) =>
  `${house.cinema}/.entryphone/auth/proved?${new URLSearchParams({ state, code })}`

/** Sets out for the app's page: signed in on the way, where that is needed. */
async function setOut(who: Person, use = 'own'): Promise<string> {
  const { url } = await who.follow(proving(use), ({ pathname }) => pathname === '/who')
  expect(url.searchParams.get('back')).toBe(`${house.cinema}/.entryphone/auth/proved`)
  return url.searchParams.get('state') ?? ''
}

test('a phone that has never opened the app is signed in on the way, and comes back as somebody', async () => {
  const link = /href="([^"]*\/prove)"/.exec(await page())?.[1] ?? ''
  const { url } = await phone.follow(link, ({ pathname }) => pathname === '/who')
  const proved = new URL(back(url.searchParams.get('state') ?? '', 'code of kim'))
  const told = await phone.follow(proved, () => false)
  // Where the code is no more: a phone that loads the page again reads the same.
  expect(told.url.href).toBe(proved.origin + proved.pathname)
  for (const answer of [told.response, await phone.go(told.url)])
    expect([answer?.status, await answer?.text()]).toEqual([200, expect.stringContaining('You are <bdi>kim</bdi> in')])
  expect(await page()).toContain('You have shown that it is yours')
})

test('whoever administers the app shows an ordinary account for their screens there, and no other kind', async () => {
  const led = await phone.go(back(await setOut(phone), 'code of boss'))
  expect(led.headers.get('location')).toBe(address())
  expect((await phone.go(back(await setOut(phone, 'screens'), 'code of boss'))).status).toBe(403)
  expect(await page()).toContain('Screens do not get that account')
  await phone.go(back(await setOut(phone, 'screens'), 'code of kim'))
  expect(await page()).toMatch(/They open[\s\S]*kim/)
})

test('what another session set out for links nobody', async () => {
  const sam = await signedInPhone(house, 'Sam')
  const theirs = await setOut(sam)
  await setOut(phone)
  const asked = book.proofs.length
  for (const state of [theirs, '', 'x', `${theirs}x`]) {
    expect((await phone.go(back(state, 'code of kim'))).headers.get('location')).toBe('/')
  }
  expect(book.proofs.length).toBe(asked)
  expect(await page()).toContain('Who are you in')
  // Nor the person's own, from another browser or from earlier.
  const second = await signedInPhone(house)
  const other = await setOut(second)
  expect((await phone.go(back(other, 'code of kim'))).headers.get('location')).toBe('/')
  const old = await setOut(phone)
  await clock.advance(11 * MINUTE)
  const late = await phone.go(back(old, 'code of kim'))
  expect([late.status, await late.text()]).toEqual([403, expect.stringContaining('Begin once more')])
  expect(await page()).toContain('Who are you in')
})

test('a screen sets out for nothing, and brings nothing back', async () => {
  const { tv } = await letTelevisionIn(house)
  expect((await tv.browser.go(proving())).headers.get('location')).toBe('/')
  const state = await setOut(phone)
  expect((await tv.browser.go(back(state, 'code of kim'))).headers.get('location')).toBe('/')
  expect(await page()).toContain('Who are you in')
})

test('what shows nobody, and an app that is down, link nobody and are told', async () => {
  const told = await phone.go(back(await setOut(phone), 'made up'))
  expect([told.status, await told.text()]).toEqual([403, expect.stringContaining('That did not work')])
  // Nor is anybody said to be somebody where the page comes back with nothing.
  expect((await phone.go(`${house.cinema}/.entryphone/auth/proved`)).headers.get('location')).toBe(address())
  const state = await setOut(phone)
  book.down = true
  expect((await phone.go(back(state, 'code of kim'))).status).toBe(503)
  book.down = false
  expect(await page()).toContain('Who are you in')
})

test('an account that is switched off, or somebody else’s, links nobody, and each is told as what it is', async () => {
  // A name in the config is somebody's when it is first looked at.
  await (await signedInPhone(house, 'Sam')).go(address())
  for (const [name, text] of [
    ['off', 'Switched off in'],
    ['anna', 'somebody else’s account'],
  ] as const) {
    const told = await phone.go(back(await setOut(phone), `code of ${name}`))
    expect([told.status, await told.text()]).toEqual([403, expect.stringContaining(text)])
  }
  expect(await page()).toContain('Who are you in')
})

test('who somebody is by the config, they do not change by a proof', async () => {
  const sam = await signedInPhone(house, 'Sam')
  expect(await (await sam.go(address())).text()).toContain('anna')
  expect((await sam.go(back(await setOut(sam), 'code of kim'))).status).toBe(403)
  expect(await (await sam.go(address())).text()).toContain('anna')
})

test('whoever may not open the app sets out for nothing, and does not go round', async () => {
  await phone.follow(proving(), ({ pathname }) => pathname === '/who')
  await house.restart(`${guestBookLines()}\n    allow: { emails: [nobody@home.example] }`)
  expect((await phone.go(proving())).headers.get('location')).toBe('/')
})
