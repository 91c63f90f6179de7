import { mkdirSync } from 'node:fs'
import type { BrowserContext, Page } from 'playwright-core'
import { describe, expect, test, vi } from 'vitest'
import { newPhone, scanAndApprove } from '../support/browser-phone.ts'
import { useChromium } from '../support/chromium.ts'
import { homePort, useFurnishedHome } from '../support/furnished-home.ts'
import { postJson, signIn, wayHere, wayTo } from '../support/home-assistant-client.ts'
import { lamp, signInByHand } from '../support/home-assistant-page.ts'
import { people } from '../support/home-assistant-people.ts'
import { useHouse } from '../support/house.ts'
import { needPart } from '../support/parts.ts'
import { decodeQr } from '../support/qr-decode.ts'
import { useSessionsThere, whoIsThere } from '../support/sessions-there.ts'
import { LG_TV } from '../support/television.ts'

// Who somebody is in Home Assistant, said once on the phone on Home Assistant's own page: a real one, in a real browser.

vi.setConfig({ testTimeout: 90_000 })
const chromium = needPart('chromium')
const missing = chromium === undefined || needPart('home-assistant') === undefined
const home = useFurnishedHome()
const there = useSessionsThere(home)
const house = useHouse({ https: true, homePort, homeLines: () => there.lines() })

describe.skipIf(missing)('saying who one is in Home Assistant', () => {
  const browser = useChromium(chromium)

  /** A television that `person` has let in, and their phone on the page that says what is left to do. */
  async function firstEvening(person: string): Promise<{ tv: Page; phone: BrowserContext; hand: Page }> {
    const viewport = { width: 1280, height: 720 }
    const room = await browser().newContext({ userAgent: LG_TV, viewport, ignoreHTTPSErrors: true })
    const tv = await room.newPage()
    await tv.goto(`${house.home}/lovelace/0`)
    await tv.locator('img[alt*="/d"]').waitFor()
    const phone = await newPhone(browser())
    return { tv, phone, hand: await scanAndApprove(phone, await decodeQr(await tv.screenshot()), person) }
  }

  /** The link to Home Assistant's own page, pressed. */
  async function goToItsPage(hand: Page): Promise<void> {
    await hand.getByRole('link', { name: 'Sign in on the page of Home' }).click()
    await hand.waitForURL(({ pathname }) => pathname === '/auth/authorize')
  }

  test('a wrong password, a step back, and the right one: the television goes on by itself as that person', async () => {
    const { tv, phone, hand } = await firstEvening('Sam')
    await tv.getByText('Who are you in').waitFor()
    await hand.getByRole('link', { name: 'Say who I am in Home' }).click()
    await goToItsPage(hand)
    await signInByHand(hand, { ...people.ben, password: 'not his' })
    await hand.getByText('Invalid username or password').waitFor()
    await hand.goBack()
    await hand.getByRole('heading', { name: 'Who are you in Home?' }).waitFor()
    await goToItsPage(hand)
    await signInByHand(hand, people.ben)
    const done = hand.getByRole('heading', { name: 'You are Ben in Home' })
    await done.waitFor()
    await lamp(tv).waitFor()
    expect(await whoIsThere(tv)).toBe('Ben')
    // Phones load a page again that they come back to.
    await hand.reload()
    await done.waitFor()
    expect(new URL(hand.url()).search).toBe('')
    // The sign-in that showed it has ended: what is left there is the television's.
    expect(await there.sessionsOf('ben', house.home)).toHaveLength(1)
    await Promise.all([tv.context().close(), phone.close()])
  })

  /** An app of Home Assistant's from before the gate: how it calls its webhook, through the gate. */
  async function appOfBefore(): Promise<() => Promise<number>> {
    const way = wayTo(home.origin)
    const { access_token } = await signIn(way, people.ben)
    const app = { app_id: 'io.homeassistant.companion.android', app_name: 'Home Assistant', app_version: '2025.4.2' }
    const device = { device_id: 'old', device_name: 'Old phone', manufacturer: 'Google', model: 'Pixel 3' }
    const system = { os_name: 'Android', os_version: '12', supports_encryption: false }
    const registration = { ...app, ...device, ...system }
    const path = '/api/mobile_app/registrations'
    const { webhook_id } = await postJson<{ webhook_id: string }>(way, path, registration, access_token)
    const headers = { 'content-type': 'application/json' }
    const call = { method: 'POST', headers, body: JSON.stringify({ type: 'get_config' }) }
    return async () => (await wayHere(house.home).send(`/api/webhook/${webhook_id}`, call)).status
  }

  test('the owner shuts an app of before out, gives their screens an ordinary account, and the television goes on with that', async () => {
    const callOfBefore = await appOfBefore()
    expect(await callOfBefore()).toBe(200)
    const { tv, phone, hand } = await firstEvening('Robin')
    await hand.getByRole('link', { name: 'Say who I am in Home' }).click()
    await goToItsPage(hand)
    await signInByHand(hand, people.owner)
    await hand.getByText('Screens do not get that account').waitFor()
    await hand.getByText('Looks after Home').waitFor()
    await tv.getByText('Not with that account').waitFor()
    const shutOut = hand.getByRole('button', { name: 'Shut Mobile App: Old phone out' })
    mkdirSync('out', { recursive: true })
    await hand.screenshot({ path: 'out/home-assistant-owner.png', fullPage: true })
    await shutOut.click()
    await hand.getByRole('button', { name: 'Let Mobile App: Old phone through again' }).waitFor()
    expect(await callOfBefore()).toBe(401)
    await goToItsPage(hand)
    await signInByHand(hand, people.tina)
    await hand.getByText('They open Home as Tina, an ordinary account').waitFor()
    await lamp(tv).waitFor()
    expect(await whoIsThere(tv)).toBe('Tina')
    await Promise.all([tv.context().close(), phone.close()])
  })
})
