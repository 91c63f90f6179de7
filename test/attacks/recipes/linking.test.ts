import { afterEach, beforeEach, expect, test } from 'vitest'
import { MINUTE, SECOND } from '../../../src/lib/clock.ts'
import type { Log } from '../../../src/lib/log.ts'
import { createMemoryStore } from '../../../src/store/memory.ts'
import { createFakeClock } from '../../support/clock.ts'
import { createGuestBook, guestBookEnv, guestBookLines, guestPassword } from '../../support/guest-book.ts'
import { useHouse } from '../../support/house.ts'
import { letTelevisionIn, signedInPhone } from '../../support/let-in.ts'
import type { Person } from '../../support/person.ts'
import { openForm } from '../../support/phone.ts'

// Who somebody is inside an app is worth as much as the app: nobody else says it, and nobody finds it out.

const clock = createFakeClock(Date.now())
const store = createMemoryStore(clock)
const kept: string[] = []
const logged: unknown[] = []
const log: Log = {
  notice: (...said) => void logged.push(said),
  warn: (...said) => void logged.push(said),
  request: (line) => void logged.push(line),
}
const book = createGuestBook()
const house = useHouse({
  clock,
  log,
  trustLoopback: true,
  store: {
    ...store,
    create(key, value, until) {
      kept.push(key, value)
      return store.create(key, value, until)
    },
    swap(key, version, value, until) {
      kept.push(key, value)
      return store.swap(key, version, value, until)
    },
  },
  recipes: new Map([['cinema', book.kind]]),
  env: guestBookEnv,
  cinemaLines: guestBookLines(),
})
const address = () => `${house.door}/me/apps/cinema`
const foreign = [
  { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
  { origin: 'https://evil.example' },
  { origin: 'null', 'sec-fetch-site': 'same-origin' },
  { 'sec-fetch-site': 'same-site' },
]
const presses: [string, Record<string, string>][] = [
  ['/password', { use: 'own', name: 'anna', secret: guestPassword }],
  ['/code', { use: 'own' }],
  ['/confirm', { shown: 'x' }],
  ['/make', {}],
  ['/unlink', {}],
]

let robin: Person
let sam: Person
beforeEach(async () => {
  await clock.advance(10 * MINUTE)
  house.issuer.setOption('signedInSecondsAgo', Math.floor((Date.now() - clock.now()) / SECOND))
  robin = await signedInPhone(house)
  sam = await signedInPhone(house, 'Sam')
})
afterEach(async () => {
  for (const who of [robin, sam]) {
    const form = await openForm(who, address(), '/unlink').catch(() => undefined)
    if (form !== undefined) await who.go(form.action, form.fields)
  }
})

const page = async (who: Person) => (await who.go(address())).text()
const tokenOf = async (who: Person) => (await openForm(who, address(), '/password')).fields['token'] ?? ''
const prove = async (who: Person, name: string, secret: string, headers: Record<string, string> = {}) =>
  who.go(`${address()}/password`, { token: await tokenOf(who), use: 'own', name, secret }, headers)

test('C2: a page of another site can neither link an account nor part with one', async () => {
  const asked = book.proofs.length
  const token = await tokenOf(robin)
  for (const [path, fields] of presses) {
    for (const headers of foreign)
      expect((await robin.go(address() + path, { token, ...fields }, headers)).status, path).toBe(403)
    for (const other of ['', 'A'.repeat(43), await tokenOf(sam)])
      expect((await robin.go(address() + path, { token: other, ...fields })).status, path).toBe(403)
    expect((await robin.go(address() + path, { ...fields })).status, path).toBe(403)
    expect((await robin.go(address() + path)).status, path).toBeLessThan(500)
  }
  expect(book.proofs.length).toBe(asked)
  expect(await page(robin)).toContain('Who are you in')
  await prove(robin, 'anna', guestPassword)
  for (const headers of foreign) await robin.go(`${address()}/unlink`, { token }, headers)
  expect(await page(robin)).toContain('anna')
})

test("U17: a screen's session links nobody, and is shown nothing of it", async () => {
  const { tv } = await letTelevisionIn(house)
  const token = await tokenOf(robin)
  for (const [path, fields] of presses)
    expect((await tv.browser.go(address() + path, { token, ...fields })).status).toBe(403)
  expect((await tv.browser.go(address())).status).toBe(303)
})

test('a proof that was begun by another person, on another phone or for another app links nobody', async () => {
  const begin = async (who: Person) => {
    const led = await who.go(`${address()}/code`, { token: await tokenOf(who), use: 'own' })
    return new URL(led.headers.get('location') ?? '', address())
  }
  const digitsAt = async (url: URL) =>
    /(\d{3}) (\d{3})<\/div>/
      .exec(await (await robin.go(url)).text())
      ?.slice(1)
      .join('') ?? ''
  const begun = await begin(robin)
  book.type(await digitsAt(begun), 'kim')
  const shown = new URL((await robin.go(begun)).headers.get('location') ?? '', address())
  const second = await signedInPhone(house)
  for (const who of [sam, second]) {
    expect((await who.go(begun)).status).toBe(410)
    expect((await who.go(shown)).status).toBe(410)
    const sealed = shown.searchParams.get('shown') ?? ''
    const answer = await who.go(`${address()}/confirm`, { token: await tokenOf(who), shown: sealed })
    expect(answer.status).toBe(410)
    expect(await page(who)).toContain('Who are you in')
  }
  // What was carried for one step is nothing in the other, and nothing at all after ten minutes.
  const code = begun.searchParams.get('code') ?? ''
  const token = await tokenOf(robin)
  expect((await robin.go(`${address()}/confirm`, { token, shown: code })).status).toBe(410)
  await clock.advance(10 * MINUTE)
  const shownText = shown.searchParams.get('shown') ?? ''
  expect((await robin.go(`${address()}/confirm`, { token, shown: shownText })).status).toBe(410)
  expect((await robin.go(begun)).status).toBe(410)
  expect(await page(robin)).toContain('Who are you in')
})

test('looking links nobody, whoever looks and however', async () => {
  const led = await robin.go(`${address()}/code`, { token: await tokenOf(robin), use: 'own' })
  const url = new URL(led.headers.get('location') ?? '', address())
  const digits =
    /(\d{3}) (\d{3})<\/div>/
      .exec(await (await robin.go(url)).text())
      ?.slice(1)
      .join('') ?? ''
  book.type(digits, 'kim')
  for (const headers of [{}, { 'sec-fetch-mode': 'cors' }, { 'sec-purpose': 'prefetch' }]) {
    await robin.go(url, undefined, headers)
    const next = (await robin.go(url)).headers.get('location') ?? ''
    await robin.go(new URL(next, url), undefined, headers)
  }
  expect(await page(robin)).toContain('Who are you in')
})

test('U9: passwords of an app are not for guessing at the door, and whoever guesses locks out nobody else', async () => {
  const home = { 'x-forwarded-for': '203.0.113.7' }
  const asked = book.proofs.length
  const answers: number[] = []
  for (let i = 0; i < 14; i++) answers.push((await prove(sam, 'anna', `guess ${i}`, home)).status)
  expect(answers.filter((status) => status === 422)).toHaveLength(10)
  expect(answers.filter((status) => status === 429)).toHaveLength(4)
  const refused = await prove(sam, 'anna', guestPassword, home)
  expect(await refused.text()).toContain('Nothing has changed')
  // And a refused one is not even asked about.
  expect(book.proofs.length - asked).toBe(10)
  expect((await prove(robin, 'anna', guestPassword, home)).status).toBe(200)
})

test('no password that is typed for an app is kept, logged or shown', async () => {
  const secret = 'never to be seen 4711'
  const answer = await prove(robin, 'anna', secret)
  expect(answer.status).toBe(422)
  expect(book.proofs.at(-1)).toEqual({ name: 'anna', password: secret })
  expect(await answer.text()).not.toContain('4711')
  await prove(robin, 'anna', guestPassword)
  for (const text of [JSON.stringify(logged), kept.join('\n')]) {
    expect(text).not.toMatch(/4711|correct horse/)
    expect(text).not.toContain(Buffer.from(secret).toString('base64').slice(0, 20))
  }
})

test('whoever may not open an app can neither look at an account there nor link one', async () => {
  await house.restart(`${guestBookLines()}\n    allow: { emails: [robin@home.example] }`)
  const asked = book.proofs.length
  const token = await tokenOf(robin)
  expect((await sam.go(address())).status).toBe(404)
  for (const [path, fields] of presses)
    expect((await sam.go(address() + path, { token, ...fields })).status, path).toBe(403)
  expect(await (await sam.go(`${house.door}/me`)).text()).not.toContain('/me/apps/')
  expect(await (await robin.go(`${house.door}/me`)).text()).toContain('/me/apps/')
  expect(book.proofs.length).toBe(asked)
})
