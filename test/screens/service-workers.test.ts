import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { newPhone, scanAndApprove } from '../support/browser-phone.ts'
import { launchChromium } from '../support/chromium.ts'
import { useHouse } from '../support/house.ts'
import { needPart } from '../support/parts.ts'
import { freePort } from '../support/ports.ts'
import { decodeQr } from '../support/qr-decode.ts'
import { LG_TV } from '../support/television.ts'
import { startWorkerApp, type WorkerKind } from '../support/worker-app.ts'

// Service workers of apps store redirects and pages, whatever the headers say, and trap a screen on them after sign-in.

vi.setConfig({ testTimeout: 90_000 })
const chromium = needPart('chromium')
const kinds: { kind: WorkerKind; port: number }[] = [
  { kind: 'shell', port: await freePort() },
  { kind: 'revalidate', port: await freePort() },
]

describe.skipIf(chromium === undefined).each(kinds)('an app with a worker of the kind "$kind"', ({ kind, port }) => {
  const house = useHouse({ https: true, libraryPort: port })
  let browser: Browser
  let app: { close(): Promise<void> }

  beforeAll(async () => {
    app = await startWorkerApp(kind, port)
    browser = await launchChromium(chromium ?? '')
  })
  afterAll(async () => {
    await browser.close()
    await app.close()
  })

  const qr = (tv: Page) => tv.locator('img[alt*="/d"]')
  const inside = (tv: Page) => tv.locator('html.ready #app')

  test('signs in, is signed out, and signs in again without being trapped', async () => {
    const context = await browser.newContext({
      userAgent: LG_TV,
      viewport: { width: 1280, height: 720 },
      ignoreHTTPSErrors: true,
    })
    const tv = await context.newPage()
    const phone = await newPhone(browser)
    const deepLink = `${house.library}/albums/7?sort=new`

    await tv.goto(deepLink)
    await qr(tv).waitFor()
    const page = await scanAndApprove(phone, await decodeQr(await tv.screenshot()))
    await inside(tv).waitFor()
    expect(tv.url()).toBe(deepLink)
    // The worker is in charge from now on, with a cache of its own.
    await tv.reload()
    await inside(tv).waitFor()

    for (let round = 1; round <= 2; round++) {
      await page.goto(`${house.door}/me`)
      const signOut = page.locator('form[action="/me/revoke"] button')
      await signOut.first().click()
      await page.locator('form[action="/me/revoke"] button').waitFor({ state: 'detached' })

      const began = performance.now()
      await tv.goto(deepLink).catch(() => undefined)
      // A worker that answers navigations itself shows the app once more, until the browser looks for its update.
      await qr(tv).waitFor({ timeout: 30_000 })
      console.log(
        `${kind}, round ${round}: the code stood there ${(performance.now() - began).toFixed(0)} ms after opening`,
      )
      await scanAndApprove(phone, await decodeQr(await tv.screenshot()))
      await inside(tv).waitFor()
      expect(tv.url()).toBe(deepLink)
      await tv.reload()
      await inside(tv).waitFor()
      expect(tv.url()).toBe(deepLink)
      // Nothing of ours was kept for the app's address.
      const kept = await tv.evaluate(`caches.keys().then(function (names) {
        return Promise.all(names.map(function (name) { return caches.open(name).then(function (cache) { return cache.matchAll() }) }))
      }).then(function (lists) {
        var texts = []
        lists.forEach(function (list) { list.forEach(function (response) { texts.push(response.type === 'opaqueredirect' ? 'redirect' : response.text()) }) })
        return Promise.all(texts)
      })`)
      for (const text of kept as string[]) expect(text).not.toMatch(/entryphone|redirect/)
    }
    await context.close()
    await phone.close()
  })
})
