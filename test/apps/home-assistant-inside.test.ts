import { mkdirSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { newPhone, scanAndApprove } from '../support/browser-phone.ts'
import { launchChromium } from '../support/chromium.ts'
import { homePort, useFurnishedHome } from '../support/furnished-home.ts'
import { lamp } from '../support/home-assistant-page.ts'
import { useHouse } from '../support/house.ts'
import { needPart } from '../support/parts.ts'
import { decodeQr } from '../support/qr-decode.ts'
import { tokensOf, useSessionsThere } from '../support/sessions-there.ts'
import { LG_TV } from '../support/television.ts'

// One scan, and Home Assistant itself is signed in: a real one, in a real browser.

vi.setConfig({ testTimeout: 90_000 })
const chromium = needPart('chromium')
const missing = chromium === undefined || needPart('home-assistant') === undefined
const home = useFurnishedHome()
const there = useSessionsThere(home)
const house = useHouse({ https: true, homePort, homeLines: () => there.lines({ robin: 'anna' }) })

describe.skipIf(missing)('inside Home Assistant', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium(chromium ?? '')
  })
  afterAll(() => browser?.close())

  const qr = (screen: Page) => screen.locator('img[alt*="/d"]')

  async function openTelevision(target: string): Promise<Page> {
    const context = await browser.newContext({
      userAgent: LG_TV,
      viewport: { width: 1280, height: 720 },
      ignoreHTTPSErrors: true,
    })
    const tv = await context.newPage()
    await tv.goto(house.home + target)
    await qr(tv).waitFor()
    return tv
  }

  test('a television is scanned and stands on the dashboard as the linked person, is listed there, and after "sign out" is listed no more and shows the code again', async () => {
    const before = await there.sessionsOf('anna')
    const tv = await openTelevision('/lovelace/0')
    const phone = await newPhone(browser)
    const me = await scanAndApprove(phone, await decodeQr(await tv.screenshot()))
    const began = performance.now()
    await lamp(tv).waitFor()
    console.log(`from approval to Home Assistant's own dashboard: ${(performance.now() - began).toFixed(0)} ms`)
    expect(new URL(tv.url()).pathname).toBe('/lovelace/0')
    mkdirSync('out', { recursive: true })
    await tv.screenshot({ path: 'out/home-assistant-inside.png' })
    expect(await there.sessionsOf('anna')).toHaveLength(before.length + 1)
    expect(await there.leftovers()).toEqual([])

    const stolen = await tokensOf(tv)
    await me.goto(`${house.door}/me`)
    const pressed = performance.now()
    await me.locator('form[action="/me/revoke"] button').first().click()
    await qr(tv).waitFor()
    console.log(`from "sign out" to the code on the television: ${(performance.now() - pressed).toFixed(0)} ms`)
    expect(await there.sessionsOf('anna')).toHaveLength(before.length)
    expect(await there.replay(house.home, stolen)).toEqual([])
    await tv.context().close()
    await phone.close()
  })
})
