import { beforeEach, describe, expect, test } from 'vitest'
import { MINUTE, SECOND } from '../../src/lib/clock.ts'
import { createFakeClock } from '../support/clock.ts'
import { createGuestBook, guestBookEnv, guestBookLines, guestPassword } from '../support/guest-book.ts'
import { useHouse } from '../support/house.ts'
import { letTelevisionIn, signedInPhone } from '../support/let-in.ts'
import type { Person } from '../support/person.ts'
import { createPhone, openForm, pressYes, readForm, scan } from '../support/phone.ts'
import { openOnTelevision } from '../support/television.ts'

// Who somebody is inside an app, as they say it once on their phone.

const book = createGuestBook()
const recipes = new Map([['cinema', book.kind]])
const clock = createFakeClock(Date.now())
const house = useHouse({ recipes, clock, env: guestBookEnv, cinemaLines: guestBookLines() })
const address = () => `${house.door}/me/apps/cinema`
let phone: Person

beforeEach(async () => {
  book.down = false
  // Whoever has tried often before may try again; for the provider, which lives in real time, people sign in now.
  await clock.advance(10 * MINUTE)
  house.issuer.setOption('signedInSecondsAgo', Math.floor((Date.now() - clock.now()) / SECOND))
  phone = await signedInPhone(house)
  const page = await (await phone.go(address())).text()
  if (page.includes('/unlink')) await press(phone, '/unlink')
})

async function press(who: Person, action: string, typed: Record<string, string> = {}, use?: string) {
  const needle = use === undefined ? action : `${action}">`
  const form = await openForm(who, address(), needle)
  return who.go(`${address()}${action}`, { ...form.fields, ...(use && { use }), ...typed })
}

const byPassword = (name: string, secret = guestPassword, use = 'own') =>
  press(phone, '/password', { name, secret }, use)
const textOf = async (url: string, who = phone) => (await who.go(url)).text()

/** Begins with digits, and stands on the page that shows them. */
async function begin(use = 'own') {
  const led = await press(phone, '/code', {}, use)
  const url = new URL(led.headers.get('location') ?? '', address())
  const digits =
    /(\d{3}) (\d{3})<\/div>/
      .exec(await textOf(url.href))
      ?.slice(1)
      .join('') ?? ''
  return { url, digits }
}

test('somebody who is nobody there yet reads so in their list, and is somebody after one password', async () => {
  expect(await textOf(`${house.door}/me`)).toMatch(/href="\/me\/apps\/cinema"[\s\S]*Nobody yet/)
  const done = await byPassword('anna')
  expect([done.status, await done.text()]).toEqual([200, expect.stringContaining('anna')])
  expect(await textOf(`${house.door}/me`)).toMatch(/href="\/me\/apps\/cinema"[\s\S]*You are <b><bdi>anna/)
  expect(await textOf(address())).toContain('You have shown that it is yours')
  await house.restart()
  expect(await textOf(address())).toContain('You have shown that it is yours')
})

test('by digits, without script: the page waits, asks who that was, and a yes links', async () => {
  const { url, digits } = await begin()
  expect(digits).toMatch(/^\d{6}$/)
  const waiting = await textOf(url.href)
  expect(waiting).toContain('<noscript><meta http-equiv="refresh" content="5"></noscript>')
  expect(waiting).toContain('Quick Connect')
  book.type(digits, 'kim')
  const led = await phone.follow(url, () => false)
  const asking = (await led.response?.text()) ?? ''
  expect(asking).toMatch(/Are you[\s\S]*kim/)
  // Looking links nobody.
  expect(await textOf(address())).toContain('Who are you in')
  const form = readForm(led.url, asking)
  expect((await phone.go(form.action, form.fields)).status).toBe(200)
  expect(await textOf(address())).toContain('kim')
})

test('by digits, with script: the same address says where to go on, once they have been typed', async () => {
  const { url, digits } = await begin()
  const ask = async () =>
    (await phone.go(url, undefined, { 'sec-fetch-mode': 'cors', accept: 'application/json' })).json()
  expect(await ask()).toEqual({})
  book.down = true
  expect(await ask()).toEqual({})
  book.down = false
  book.type(digits, 'kim')
  const said = (await ask()) as { go: string }
  const form = await openForm(phone, new URL(said.go, url))
  expect((await phone.go(form.action, form.fields)).status).toBe(200)
  expect(await textOf(address())).toContain('kim')
})

test('somebody parts with their account, and is nobody there again', async () => {
  await byPassword('anna')
  expect((await press(phone, '/unlink')).headers.get('location')).toBe('/me/apps/cinema')
  expect(await textOf(address())).toContain('Who are you in')
})

test('a wrong password, an account that is switched off, and an app that is down change nothing and are told apart', async () => {
  for (const [name, secret, status, text] of [
    ['anna', 'wrong', 422, 'does not know this name'],
    ['off', guestPassword, 409, 'switched off'],
  ] as const) {
    const answer = await byPassword(name, secret)
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(text)])
  }
  const form = await openForm(phone, address(), '/password')
  book.down = true
  const answer = await phone.go(form.action, { ...form.fields, name: 'anna', secret: guestPassword })
  expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('does not answer')])
  expect(await textOf(`${house.door}/me`)).toContain('Nobody yet')
})

test('what is signed in there by name is told from what the app says now', async () => {
  await byPassword('anna')
  book.down = true
  expect(await textOf(address())).toContain('what it said last')
  book.down = false
  const anna = book.named('anna')
  book.users.splice(book.users.indexOf(anna), 1)
  expect(await textOf(address())).toContain('is not in')
  book.users.push({ ...anna, disabled: true })
  expect(await textOf(address())).toContain('switched off')
  book.users[book.users.length - 1] = anna
})

test('an account that is somebody else’s already is refused', async () => {
  await byPassword('kim')
  phone = await signedInPhone(house, 'Sam')
  const answer = await byPassword('kim')
  expect([answer.status, await answer.text()]).toEqual([409, expect.stringContaining('somebody else')])
})

describe('somebody who administers the app', () => {
  test('reads what that means, and gives their screens an ordinary account of theirs', async () => {
    expect((await byPassword('boss')).headers.get('location')).toBe('/me/apps/cinema')
    const page = await textOf(address())
    expect(page).toContain('Screens do not get that account')
    expect(page).not.toContain('/make')
    const again = await byPassword('boss', guestPassword, 'screens')
    expect([again.status, await again.text()]).toEqual([409, expect.stringContaining('Screens need an ordinary one')])
    expect((await byPassword('anna', guestPassword, 'screens')).status).toBe(303)
    expect(await textOf(address())).toMatch(/They open[\s\S]*anna[\s\S]*an ordinary account/)
  })

  test('by digits too', async () => {
    await byPassword('boss')
    const { url, digits } = await begin('screens')
    book.type(digits, 'kim')
    const led = await phone.follow(url, () => false)
    const form = readForm(led.url, (await led.response?.text()) ?? '')
    await phone.go(form.action, form.fields)
    expect(await textOf(address())).toMatch(/They open[\s\S]*kim/)
  })
})

describe('where accounts may be made', () => {
  const other = createGuestBook()
  const making = useHouse({
    recipes: new Map([['cinema', other.kind]]),
    env: guestBookEnv,
    cinemaLines: guestBookLines({ sam: 'anna' }, '  create_users: true'),
  })
  const there = () => `${making.door}/me/apps/cinema`

  test('an account for screens is made once, for somebody who needs one, where accounts may be made', async () => {
    const robin = await signedInPhone(making)
    expect(await textOf(there(), robin)).toContain('an account is made for you')
    const own = await openForm(robin, there(), '/password')
    // Nobody is linked yet, so there is nobody to make one for.
    await robin.go(`${there()}/make`, { token: own.fields['token'] ?? '' })
    await robin.go(own.action, { ...own.fields, name: 'kim', secret: guestPassword })
    await robin.go(`${there()}/make`, { token: own.fields['token'] ?? '' })
    expect(other.users).toHaveLength(4)
    await robin.go(own.action, { ...own.fields, name: 'boss', secret: guestPassword })
    const form = await openForm(robin, there(), '/make')
    for (let i = 0; i < 2; i++) expect((await robin.go(form.action, form.fields)).status).toBe(303)
    expect(other.users.map(({ name }) => name).slice(4)).toEqual([expect.stringMatching(/^Robin.* TV$/)])
    expect(await textOf(there(), robin)).toMatch(/They open[\s\S]*Robin[\s\S]* TV/)
  })

  test('who somebody is by the config, they see and cannot change', async () => {
    const sam = await signedInPhone(making, 'Sam')
    const page = await textOf(there(), sam)
    expect(page).toContain('Only they can change it')
    expect(page).not.toMatch(/\/unlink|\/password|\/code/)
    const robin = await signedInPhone(making)
    const token = (await openForm(robin, there(), '/password')).fields['token'] ?? ''
    expect((await sam.go(`${there()}/unlink`, { token })).status).toBe(403)
  })
})

describe('letting a screen in', () => {
  async function letIn(person = 'Robin') {
    const tv = await openOnTelevision(house)
    const hand = createPhone()
    const answer = await pressYes(hand, await scan(hand, tv.link, person), { stay: 'tonight' })
    return answer.text()
  }

  test('says what is still to do once, and nothing any more when it is done', async () => {
    const before = await letIn()
    expect(before).toMatch(/One more step, once[\s\S]*href="\/me\/apps\/cinema"/)
    await byPassword('boss')
    expect(await letIn()).toMatch(/does not get that account[\s\S]*href="\/me\/apps\/cinema"/)
    await byPassword('anna', guestPassword, 'screens')
    expect(await letIn()).not.toContain('/me/apps/cinema')
  })

  test('waits for no app', async () => {
    book.down = true
    expect(await letIn()).toContain('My screens')
  })

  test('a screen that is in has no page at the door', async () => {
    const { tv } = await letTelevisionIn(house)
    const answer = await tv.browser.go(address())
    expect(answer.headers.get('location')).toContain(house.issuer.issuer)
  })
})
