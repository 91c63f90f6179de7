import { mkdirSync } from 'node:fs'
import type { BrowserContext, Page } from 'playwright-core'
import { describe, expect, test, vi } from 'vitest'
import { newPhone, scanAndApprove } from '../support/browser-phone.ts'
import { useChromium } from '../support/chromium.ts'
import { homePort, useFurnishedHome } from '../support/furnished-home.ts'
import { createHeardLog } from '../support/heard-log.ts'
import { lamp, signInByHand, workerInCharge } from '../support/home-assistant-page.ts'
import { people } from '../support/home-assistant-people.ts'
import { useHouse } from '../support/house.ts'
import { needPart } from '../support/parts.ts'
import { decodeQr } from '../support/qr-decode.ts'
import { tokensOf, useSessionsThere, whoIsThere } from '../support/sessions-there.ts'
import { DESKTOP, LG_TV } from '../support/television.ts'

// One scan, and Home Assistant itself is signed in: a real one, in a real browser.

vi.setConfig({ testTimeout: 90_000 })
const chromium = needPart('chromium')
const missing = chromium === undefined || needPart('home-assistant') === undefined
const home = useFurnishedHome()
const there = useSessionsThere(home)
const log = createHeardLog()
const house = useHouse({
  https: true,
  homePort,
  log,
  homeLines: () => there.lines({ robin: 'anna', sam: 'ben' }),
})
/** Where the first one to try it is the owner of it all. */
const owners = useHouse({ https: true, homePort, homeLines: () => there.lines({ robin: 'owner', sam: 'entryphone' }) })

describe.skipIf(missing)('inside Home Assistant', () => {
  const browser = useChromium(chromium)

  const qr = (screen: Page) => screen.locator('img[alt*="/d"]')
  /** One of the year 2024, which gets today's frontend and its worker. */
  const newTv = DESKTOP.replace('X11; Linux x86_64', 'Web0S; Linux/SmartTV')

  async function openTelevision(target: string, userAgent = LG_TV, origin = house.home): Promise<Page> {
    const viewport = { width: 1280, height: 720 }
    const context = await browser().newContext({ userAgent, viewport, ignoreHTTPSErrors: true })
    const tv = await context.newPage()
    await tv.goto(origin + target)
    await qr(tv).waitFor()
    return tv
  }

  const letIn = async (tv: Page, phone: BrowserContext, person?: string) =>
    scanAndApprove(phone, await decodeQr(await tv.screenshot()), person)

  async function signOutByPhone(phone: BrowserContext): Promise<void> {
    const me = await phone.newPage()
    await me.goto(`${house.door}/me`)
    const signOut = me.locator('form[action="/me/revoke"] button')
    await signOut.first().click()
    await signOut.waitFor({ state: 'detached' })
    await me.close()
  }

  async function timed(what: string, work: Promise<unknown>): Promise<void> {
    const began = performance.now()
    await work
    console.log(`${what}: ${(performance.now() - began).toFixed(0)} ms`)
  }

  test('a television is scanned and stands on the dashboard as the linked person, is listed there, and after "sign out" is listed no more and shows the code again', async () => {
    const tv = await openTelevision('/lovelace/0')
    const phone = await newPhone(browser())
    const pages: string[] = []
    tv.on('response', (answer) => {
      if (answer.status() === 200 && answer.request().isNavigationRequest()) pages.push(new URL(answer.url()).pathname)
    })
    await letIn(tv, phone)
    await timed("from approval to Home Assistant's own dashboard", lamp(tv).waitFor())
    expect(new URL(tv.url()).pathname).toBe('/lovelace/0')
    // Once before it asks for a sign-in and once with it: no page stands in between, not even its own.
    expect(pages.slice(pages.indexOf('/lovelace/0'))).toEqual(['/lovelace/0', '/lovelace/0'])
    mkdirSync('out', { recursive: true })
    await tv.screenshot({ path: 'out/home-assistant-inside.png' })
    expect(await there.sessionsOf('anna', house.home)).toHaveLength(1)
    expect(await whoIsThere(tv)).toBe('Anna')
    await expect.poll(() => there.leftovers()).toEqual([])

    const stolen = await tokensOf(tv)
    await timed('from "sign out" to the code on the television', Promise.all([signOutByPhone(phone), qr(tv).waitFor()]))
    expect(await there.sessionsOf('anna', house.home)).toEqual([])
    expect(await there.replay(house.home, stolen)).toEqual([])
    await tv.context().close()
    await phone.close()
  })

  test("where Home Assistant's worker is in charge, the open page and a page that is loaded again at once are back at the code", async () => {
    const tv = await openTelevision('/lovelace/0', newTv)
    const phone = await newPhone(browser())
    await letIn(tv, phone)
    await lamp(tv).waitFor()
    await workerInCharge(tv, log)
    await timed('with its worker, from "sign out" to the code', Promise.all([signOutByPhone(phone), qr(tv).waitFor()]))
    await letIn(tv, phone)
    await lamp(tv).waitFor()
    expect(new URL(tv.url()).pathname).toBe('/lovelace/0')
    // Loaded again within seconds, Chromium would leave the worker in charge, and the challenge to nobody.
    await tv.reload()
    await lamp(tv).waitFor()
    await signOutByPhone(phone)
    await tv.reload().catch(() => undefined)
    await timed('loaded again at once, to the code', qr(tv).waitFor())
    await tv.context().close()
    await phone.close()
  })

  test('the next person at the same screen finds their own Home Assistant, whatever the last one has left there', async () => {
    const tv = await openTelevision('/lovelace/0', newTv)
    const [anna, ben] = [await newPhone(browser()), await newPhone(browser())]
    await letIn(tv, anna)
    await lamp(tv).waitFor()
    const left = await tv.evaluate(() => localStorage.getItem('hassTokens'))
    await signOutByPhone(anna)
    await qr(tv).waitFor()
    await tv.evaluate((tokens) => localStorage.setItem('hassTokens', tokens ?? ''), left)
    await letIn(tv, ben, 'Sam')
    await lamp(tv).waitFor()
    expect(await whoIsThere(tv)).toBe('Ben')
    await Promise.all([tv.context().close(), anna.close(), ben.close()])
  })

  test('logging out in Home Assistant signs a screen out as a whole, and a browser is asked before it is signed in again', async () => {
    const tv = await openTelevision('/lovelace/0')
    const phone = await newPhone(browser())
    await letIn(tv, phone)
    await lamp(tv).waitFor()
    await logOut(tv)
    await qr(tv).waitFor()
    const desktop = await browser().newContext({ ignoreHTTPSErrors: true })
    const page = await desktop.newPage()
    await page.goto(`${house.home}/lovelace/0`)
    await page.getByRole('button', { name: 'Continue as Robin' }).click()
    await timed('in an ordinary browser, from the provider to the dashboard', lamp(page).waitFor())
    expect(await whoIsThere(page)).toBe('Anna')
    await logOut(page)
    const again = page.getByRole('button', { name: /sign in again/i })
    await again.waitFor()
    expect(await there.sessionsOf('anna', house.home)).toEqual([])
    await again.click()
    await lamp(page).waitFor()
    await Promise.all([tv.context().close(), phone.close(), desktop.close()])
  })

  test('owner and administrator are taken in at a desk, and told why not on a screen, where they may sign in by hand', async () => {
    const tv = await openTelevision('/lovelace/0', LG_TV, owners.home)
    const phone = await newPhone(browser())
    await letIn(tv, phone)
    await tv.getByText('Not with that account').waitFor()
    await tv.screenshot({ path: 'out/home-assistant-admin.png' })
    await tv.getByRole('button', { name: /anyway/i }).click()
    await signInByHand(tv, people.ben)
    await lamp(tv).waitFor()
    for (const [person, name] of [
      ['Robin', 'Owner'],
      ['Sam', 'Entryphone'],
    ] as const) {
      const desktop = await browser().newContext({ ignoreHTTPSErrors: true })
      const page = await desktop.newPage()
      await page.goto(`${owners.home}/`)
      await page.getByRole('button', { name: `Continue as ${person}` }).click()
      await lamp(page).waitFor()
      expect(await whoIsThere(page)).toBe(name)
      await desktop.close()
    }
    await Promise.all([tv.context().close(), phone.close()])
  })

  /** As the button in its profile does. */
  const logOut = (page: Page) =>
    page.evaluate(
      `document.querySelector('home-assistant').dispatchEvent(new CustomEvent('hass-logout', { bubbles: true, composed: true }))`,
    )
})
