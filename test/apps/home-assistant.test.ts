import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { newPhone, scanAndApprove } from '../support/browser-phone.ts'
import { launchChromium } from '../support/chromium.ts'
import { homePort, useFurnishedHome } from '../support/furnished-home.ts'
import { openCommands, wayTo } from '../support/home-assistant-client.ts'
import { lamp, signInByHand } from '../support/home-assistant-page.ts'
import { people } from '../support/home-assistant-people.ts'
import { useHouse } from '../support/house.ts'
import { needPart } from '../support/parts.ts'
import { decodeQr } from '../support/qr-decode.ts'
import { LG_TV } from '../support/television.ts'

// A real Home Assistant behind the gate: what people see, with its own login still to come behind ours.

vi.setConfig({ testTimeout: 90_000 })
const chromium = needPart('chromium')
const missing = chromium === undefined || needPart('home-assistant') === undefined
const home = useFurnishedHome()
const house = useHouse({ https: true, homePort })

describe.skipIf(missing)('in front of Home Assistant', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium(chromium ?? '')
  })
  afterAll(() => browser?.close())

  const qr = (screen: Page) => screen.locator('img[alt*="/d"]')
  const atItsLogin = (url: URL) => url.pathname === '/auth/authorize'

  test('a television is scanned, signed in to Home Assistant by hand, shows what somebody else switches, and is signed out from the phone', async () => {
    const context = await browser.newContext({
      userAgent: LG_TV,
      viewport: { width: 1280, height: 720 },
      ignoreHTTPSErrors: true,
      // Home Assistant's worker loads the page anew at a moment of its own; it has tests of its own, too.
      serviceWorkers: 'block',
    })
    const tv = await context.newPage()
    const phone = await newPhone(browser)
    const dashboard = `${house.home}/lovelace/0`
    await tv.goto(dashboard)
    await qr(tv).waitFor()
    const mine = await scanAndApprove(phone, await decodeQr(await tv.screenshot()))
    await tv.waitForURL(atItsLogin)
    await signInByHand(tv, people.anna)
    await lamp(tv).waitFor()
    expect(tv.url()).toBe(dashboard)

    const ben = await openCommands(wayTo(home.origin), home.adminToken)
    const lampTurns = (to: 'on' | 'off') =>
      ben.ask('call_service', {
        domain: 'input_boolean',
        service: `turn_${to}`,
        target: { entity_id: 'input_boolean.lamp' },
      })
    await lampTurns('on')
    await tv.getByRole('switch', { checked: true }).waitFor()
    await lampTurns('off')
    await tv.getByRole('switch', { checked: false }).waitFor()
    ben.close()

    // Home Assistant keeps its own session in the browser, so it asks nobody twice.
    const [socket] = await Promise.all([tv.waitForEvent('websocket'), tv.reload()])
    await lamp(tv).waitFor()

    await mine.goto(`${house.door}/me`)
    const closed = socket.waitForEvent('close')
    const began = performance.now()
    await mine.locator('form[action="/me/revoke"] button').first().click()
    await closed
    console.log(`from "sign out" to the closed socket: ${(performance.now() - began).toFixed(0)} ms`)
    await tv.reload().catch(() => undefined)
    await qr(tv).waitFor()

    await scanAndApprove(phone, await decodeQr(await tv.screenshot()))
    await lamp(tv).waitFor()
    expect(tv.url()).toBe(dashboard)
    await context.close()
    await phone.close()
  })

  test('an ordinary browser signs in at the provider and then at Home Assistant, and a second tab needs neither', async () => {
    const desktop = await browser.newContext({ ignoreHTTPSErrors: true })
    const page = await desktop.newPage()
    await page.goto(`${house.home}/`)
    await page.getByRole('button', { name: 'Continue as Robin' }).click()
    await page.waitForURL(atItsLogin)
    await signInByHand(page, people.ben)
    await lamp(page).waitFor()
    const tab = await desktop.newPage()
    await tab.goto(`${house.home}/lovelace/0`)
    await lamp(tab).waitFor()
    expect(tab.url()).toBe(`${house.home}/lovelace/0`)
    await desktop.close()
  })
})
