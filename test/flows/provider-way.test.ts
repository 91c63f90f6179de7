import { beforeEach, describe, expect, test } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../src/lib/clock.ts'
import { createFakeClock } from '../support/clock.ts'
import { openDevicePage } from '../support/device-page.ts'
import { type House, useHouse } from '../support/house.ts'
import type { Person } from '../support/person.ts'
import { createPhone, openForm, pressYes, readForm, scan } from '../support/phone.ts'
import { openOnTelevision, type WaitingTelevision } from '../support/television.ts'

const clock = createFakeClock(Date.now())

/** The provider lives in real time; for it, too, people sign in now. */
function signInNow(house: House): void {
  house.issuer.setOption('signedInSecondsAgo', Math.floor((Date.now() - clock.now()) / SECOND))
}

/** The link on our page that leads to the provider's. */
async function linkToProvider(phone: Person, tv: WaitingTelevision): Promise<string> {
  const html = await (await phone.go(tv.link)).text()
  expect(html).toContain(tv.userCode)
  return /<a class="press first" href="([^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? ''
}

/** Waits as the page does, turning the clock until the long poll is answered. */
async function waitFor(tv: WaitingTelevision): Promise<{ state: string }> {
  for (let i = 0; i < 20; i++) {
    const answer = tv.wait()
    const state = await Promise.race([answer, clock.advance(6 * SECOND).then(() => undefined)])
    const said = state ?? (await answer)
    if (said.state !== 'waiting' && said.state !== 'opened') return said
  }
  throw new Error('nothing happened')
}

/** Reloads the screen, which hears that the provider said yes, and our page stops leading there. */
async function untilVouched(phone: Person, tv: WaitingTelevision): Promise<void> {
  await clock.leap(6 * SECOND)
  await tv.reload()
  expect(await (await phone.go(tv.link)).text()).not.toContain('value="here"')
}

describe('a provider that asks every time', () => {
  const house = useHouse({ clock, grant: 'auto', profile: 'oidc-provider' })
  beforeEach(() => signInNow(house))

  test('the screen shows the provider’s code, the phone approves there, and the screen is inside for tonight', async () => {
    const tv = await openOnTelevision(house)
    expect(tv.link).toMatch(new RegExp(`^${house.door}/d/[A-Z2-7]{16}$`))
    const phone = createPhone()
    const link = await linkToProvider(phone, tv)
    expect(link).toMatch(new RegExp(`^${house.issuer.issuer}/device\\?user_code=${tv.userCode}$`))
    expect(await (await openDevicePage(phone, link)).approve('robin')).toContain('Done')
    expect(await waitFor(tv)).toMatchObject({ state: 'go' })
    expect((await tv.collect()).headers.get('location')).toBe('/films/42?t=90')
    await clock.leap(12 * HOUR - MINUTE)
    expect((await tv.browser.go(`${house.cinema}/`)).status).toBe(200)
    await clock.leap(MINUTE)
    expect((await tv.browser.go(`${house.cinema}/`)).status).toBe(401)
  })

  test('without script the page asks by being reloaded, and shows what comes of it at once', async () => {
    const tv = await openOnTelevision(house)
    const phone = createPhone()
    await (await openDevicePage(phone, await linkToProvider(phone, tv))).approve('robin')
    expect((await tv.reload()).status).toBe(200)
    await clock.leap(6 * SECOND)
    expect((await tv.reload()).status).toBe(303)
    expect((await tv.collect()).headers.get('location')).toBe('/films/42?t=90')
  })

  test('a no at the provider is said on the screen', async () => {
    const tv = await openOnTelevision(house)
    const phone = createPhone()
    await (await openDevicePage(phone, await linkToProvider(phone, tv))).deny()
    expect(await waitFor(tv)).toMatchObject({ state: 'reload' })
    expect(await (await tv.reload()).text()).toContain('/again')
  })

  test('U11: screens that ask ten times as often have the provider asked once an interval each', async () => {
    const screens = await Promise.all(Array.from({ length: 8 }, () => openOnTelevision(house)))
    for (let interval = 0; interval < 3; interval++) {
      await clock.leap(6 * SECOND)
      const before = house.issuer.requests.filter(({ path }) => path === '/token').length
      const asked = screens.flatMap((tv) => Array.from({ length: 10 }, () => tv.reload()))
      for (const answer of await Promise.all(asked)) expect(answer.status).toBe(200)
      expect(house.issuer.requests.filter(({ path }) => path === '/token').length - before).toBe(screens.length)
    }
  })

  test('"Approve here instead" finishes the same login on our page, and the provider is asked no more', async () => {
    const tv = await openOnTelevision(house)
    const phone = createPhone()
    const page = await openForm(phone, tv.link)
    expect((await phone.go(page.action, { ...page.fields, decision: 'here' })).status).toBe(303)
    const before = house.issuer.requests.filter(({ path }) => path === '/token').length
    const approve = await scan(phone, tv.link)
    expect(house.issuer.requests.filter(({ path }) => path === '/token').length).toBe(before + 1)
    expect((await pressYes(phone, approve, { stay: 'ours' })).status).toBe(200)
    await clock.leap(30 * SECOND)
    expect((await tv.collect()).headers.get('location')).toBe('/films/42?t=90')
    expect(house.issuer.requests.filter(({ path }) => path === '/token').length).toBe(before + 1)
  })

  test('our page approves nothing while the provider is to be asked', async () => {
    const tv = await openOnTelevision(house)
    const phone = createPhone()
    await scan(phone, await otherLoginTakenHere())
    const page = await openForm(phone, tv.link)
    expect((await pressYes(phone, page)).headers.get('location')).toBe(new URL(tv.link).pathname)
    expect((await tv.collect()).headers.get('set-cookie')).toBeNull()

    async function otherLoginTakenHere(): Promise<string> {
      const other = await openOnTelevision(house)
      const otherPage = await openForm(phone, other.link)
      await phone.go(otherPage.action, { ...otherPage.fields, decision: 'here' })
      return other.link
    }
  })

  test('the code is found by typing it, and a code that ran out asks for one press', async () => {
    const tv = await openOnTelevision(house)
    const phone = createPhone()
    const other = await openOnTelevision(house)
    const otherPage = await openForm(phone, other.link)
    await phone.go(otherPage.action, { ...otherPage.fields, decision: 'here' })
    await scan(phone, other.link)
    const entry = readForm(new URL(`${house.door}/d`), await (await phone.go(`${house.door}/d`)).text(), 'code')
    const found = await phone.go(entry.action, { ...entry.fields, code: tv.userCode.toLowerCase().replace('-', ' ') })
    expect(found.headers.get('location')).toBe(new URL(tv.link).pathname)
    await clock.leap(11 * MINUTE)
    const tired = await (await tv.reload()).text()
    expect(tired).not.toContain(tv.userCode)
    const again = readForm(new URL(tv.page), tired, '/again')
    expect((await tv.browser.go(again.action, again.fields)).status).toBe(303)
    expect(await (await tv.reload()).text()).toMatch(/data-seen=/)
  })

  test('asking for another code while one is good asks the provider for nothing', async () => {
    const tv = await openOnTelevision(house)
    const asked = () => house.issuer.requests.filter(({ path }) => path === '/device/auth').length
    const before = asked()
    for (let i = 0; i < 5; i++) await tv.browser.go(new URL('again', tv.page), {})
    expect(asked()).toBe(before)
    expect(await (await tv.reload()).text()).toContain(tv.userCode)
  })
})

describe('a provider that cannot be asked', () => {
  const auto = useHouse({ clock, grant: 'auto', profile: 'oidc-provider' })
  const forced = useHouse({ clock, grant: 'provider', profile: 'oidc-provider' })
  beforeEach(() => {
    for (const house of [auto, forced]) {
      house.issuer.setOption('failWith', undefined)
      signInNow(house)
    }
  })

  test('auto falls back to our own code for this login and for ten minutes', async () => {
    auto.issuer.setOption('failWith', 503)
    const tv = await openOnTelevision(auto)
    expect(tv.userCode).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/)
    auto.issuer.setOption('failWith', undefined)
    const phone = createPhone()
    expect((await pressYes(phone, await scan(phone, tv.link))).status).toBe(200)
    expect((await tv.collect()).headers.get('location')).toBe('/films/42?t=90')
    const asked = () => auto.issuer.requests.filter(({ path }) => path === '/device/auth').length
    const before = asked()
    await openOnTelevision(auto)
    expect(asked()).toBe(before)
    await clock.leap(10 * MINUTE)
    await openOnTelevision(auto)
    expect(asked()).toBe(before + 1)
  })

  test('a forced provider says so and waits for somebody to choose to approve here', async () => {
    forced.issuer.setOption('failWith', 503)
    const tv = await openOnTelevision(forced)
    forced.issuer.setOption('failWith', undefined)
    const phone = createPhone()
    const html = await (await phone.go(tv.link)).text()
    expect(html).toContain('value="here"')
    expect(html).not.toContain('value="approve"')
    const page = readForm(new URL(tv.link), html, 'value="here"')
    await phone.go(page.action, { ...page.fields, decision: 'here' })
    expect((await pressYes(phone, await scan(phone, tv.link))).status).toBe(200)
  })
})

describe('a forced provider that is not known to ask every time', () => {
  const house = useHouse({ clock, grant: 'provider', profile: 'pocket-id' })
  beforeEach(() => signInNow(house))

  test('its tokens alone let nobody in: the same person says yes on our page as well', async () => {
    const tv = await openOnTelevision(house)
    const phone = createPhone()
    const link = await linkToProvider(phone, tv)
    await (await openDevicePage(phone, link)).approve('robin')
    await untilVouched(phone, tv)
    expect((await tv.collect()).headers.get('set-cookie')).toBeNull()
    const approve = await scan(phone, tv.link)
    expect((await pressYes(phone, approve)).status).toBe(200)
    expect((await tv.collect()).headers.get('location')).toBe('/films/42?t=90')
  })

  test('another person saying yes on our page is a no', async () => {
    const tv = await openOnTelevision(house)
    const phone = createPhone()
    await (await openDevicePage(phone, await linkToProvider(phone, tv))).approve('robin')
    await untilVouched(phone, tv)
    const other = createPhone()
    await pressYes(other, await scan(other, tv.link, 'Sam'))
    expect((await tv.collect()).headers.get('set-cookie')).toBeNull()
    expect(await (await tv.reload()).text()).toContain('/again')
  })
})
