import { mkdirSync, writeFileSync } from 'node:fs'
import type { BrowserContext } from 'playwright-core'
import { describe, expect, test, vi } from 'vitest'
import { newPhone, scanAndApprove } from '../support/browser-phone.ts'
import { useChromium } from '../support/chromium.ts'
import { startChromium64 } from '../support/chromium64.ts'
import { type House, useHouse } from '../support/house.ts'
import { type OldEngine, type OldEngineOptions, waitInPage } from '../support/old-engine.ts'
import { needPart } from '../support/parts.ts'
import { decodeQr } from '../support/qr-decode.ts'
import { LG_TV } from '../support/television.ts'
import { startWebKit538 } from '../support/webkit538.ts'

// The promise itself, on real parts: a television opens a deep link, the QR is read from the television's own
// picture, a phone scans and approves, and the television stands on the page that it first asked for.

const DEEP_LINK = '/films/42?t=90&list=a%20b'
const chromium = needPart('chromium')
const house = useHouse({ https: true })
vi.setConfig({ testTimeout: 60_000 })
const browser = useChromium(chromium)

/** Opens a socket of the app and resolves with what comes back for what it sends. */
const openEcho = `new Promise(function (done) {
  var socket = (window.held = new WebSocket('wss://' + location.host + '/socket'))
  socket.onopen = function () { socket.send('is anybody there?') }
  socket.onmessage = function (event) { if (!/^tick/.test(event.data)) done(event.data) }
})`

/** Keeps a picture for people to look at. */
function keep(name: string, png: Buffer): void {
  mkdirSync('out/screens', { recursive: true })
  writeFileSync(`out/screens/${name}.png`, png)
}

async function timed<T>(what: string, run: () => Promise<T>): Promise<T> {
  const began = performance.now()
  const result = await run()
  console.log(`${what}: ${(performance.now() - began).toFixed(0)} ms`)
  return result
}

describe.skipIf(chromium === undefined)("on today's Chromium as a television", () => {
  const newTelevision = (options: { javaScriptEnabled?: boolean } = {}): Promise<BrowserContext> =>
    browser().newContext({
      userAgent: LG_TV,
      viewport: { width: 1280, height: 720 },
      ignoreHTTPSErrors: true,
      ...options,
    })

  test('it opens a deep link, is scanned from its own picture, and stands on the exact URL; signing it out closes its socket', async () => {
    const tv = await (await newTelevision()).newPage()
    await tv.goto(house.cinema + DEEP_LINK)
    await tv.locator('img').waitFor()
    const picture = await tv.screenshot()
    keep('chromium-waiting', picture)
    const text = await decodeQr(picture)
    expect(text).toMatch(/^HTTPS:\/\/DOOR\.HOME\.EXAMPLE:\d+\/D\/[A-Z2-7]{16}$/)

    const phone = await newPhone(browser())
    const page = await scanAndApprove(phone, text)
    await timed('from the press to the page', () => tv.waitForURL(house.cinema + DEEP_LINK))
    expect(await tv.locator('body').textContent()).toContain(DEEP_LINK)
    keep('chromium-arrived', await tv.screenshot())

    expect(await tv.evaluate(openEcho)).toContain('is anybody there?')
    const closed = tv.evaluate(`new Promise(function (done) { window.held.addEventListener('close', done) })`)
    await page.getByRole('link', { name: /screens/i }).click()
    await page.locator('form[action="/me/revoke"] button').first().waitFor()
    keep('phone-my-screens', await page.screenshot())
    await timed('from "sign out" to the closed socket', async () => {
      await page.locator('form[action="/me/revoke"] button').first().click()
      await closed.catch(() => 'the page had gone on already')
    })
    // The app's page notices and loads itself again: the screen shows a code for the same page.
    await tv.locator('img[alt*="/d"]').waitFor({ timeout: 20_000 })
    await tv.context().close()
    await phone.close()
  })

  test('ux-01: with script off it shows everything and goes on by reloading', async () => {
    const tv = await (await newTelevision({ javaScriptEnabled: false })).newPage()
    await tv.goto(house.cinema + DEEP_LINK)
    await tv.waitForURL(/\/\.entryphone\/auth\/[^/]+\/$/)
    const picture = await tv.screenshot()
    keep('chromium-no-script', picture)
    const phone = await newPhone(browser())
    await scanAndApprove(phone, await decodeQr(picture))
    await timed('without script, from the press to the page', () =>
      tv.waitForURL(house.cinema + DEEP_LINK, { timeout: 15_000 }),
    )
    await tv.context().close()
    await phone.close()
  })

  test('ux-02: with script but neither XMLHttpRequest nor fetch it goes on all the same', async () => {
    const context = await newTelevision()
    await context.addInitScript('window.XMLHttpRequest = window.fetch = undefined')
    const tv = await context.newPage()
    await tv.goto(house.cinema + DEEP_LINK)
    await tv.locator('img').waitFor()
    const phone = await newPhone(browser())
    await scanAndApprove(phone, await decodeQr(await tv.screenshot()))
    await timed('without XHR and fetch, from the press to the page', () =>
      tv.waitForURL(house.cinema + DEEP_LINK, { timeout: 15_000 }),
    )
    await context.close()
    await phone.close()
  })

  test('ux-24: a moment after the scan the screen says that a phone is there, and stays put', async () => {
    const tv = await (await newTelevision()).newPage()
    await tv.goto(`${house.cinema}/`)
    await tv.locator('img').waitFor()
    const before = await tv.locator('[role=status]').textContent()
    const phone = await newPhone(browser())
    const page = await phone.newPage()
    await page.goto(await decodeQr(await tv.screenshot()))
    await tv.waitForFunction(`document.querySelector('[role=status]').textContent !== ${JSON.stringify(before)}`)
    keep('chromium-opened', await tv.screenshot())
    keep('phone-sign-in', await page.screenshot())
    await tv.context().close()
    await phone.close()
  })

  test('the fragment of the first address survives the sign-in', async () => {
    const tv = await (await newTelevision()).newPage()
    await tv.goto(`${house.cinema}/films/42#/chapter/3`)
    await tv.locator('img').waitFor()
    const phone = await newPhone(browser())
    await scanAndApprove(phone, await decodeQr(await tv.screenshot()))
    await tv.waitForURL(`${house.cinema}/films/42#/chapter/3`)
    await tv.context().close()
    await phone.close()
  })

  test('an ordinary browser signs in at the provider and comes back to the exact URL', async () => {
    const desktop = await browser().newContext({ ignoreHTTPSErrors: true })
    const page = await desktop.newPage()
    await page.goto(house.cinema + DEEP_LINK)
    await page.getByRole('button', { name: 'Continue as Robin' }).click()
    await page.waitForURL(house.cinema + DEEP_LINK)
    expect(
      (await desktop.cookies())
        .filter(({ name }) => name.startsWith('__Host-'))
        .every(({ secure, httpOnly, sameSite }) => secure && httpOnly && sameSite === 'Lax'),
    ).toBe(true)
    await desktop.close()
  })
})

const oldEngines = [
  { name: 'WebKit 538', program: needPart('webkit-538'), start: startWebKit538, file: 'webkit-538' },
  { name: 'Chromium 64', program: needPart('chromium-64'), start: startChromium64, file: 'chromium-64' },
]

describe.each(oldEngines)('on $name', ({ program, start, file }) => {
  test.skipIf(program === undefined || chromium === undefined)(
    'it opens a deep link, is scanned from its own picture, and stands on the exact URL',
    () => signInOn(house, program ?? '', start, file),
  )
})

async function signInOn(
  home: House,
  program: string,
  start: (program: string, options: OldEngineOptions) => Promise<OldEngine>,
  file: string,
): Promise<void> {
  const tv = await start(program, { userAgent: LG_TV })
  try {
    await tv.open(home.cinema + DEEP_LINK)
    await waitInPage(tv, 'document.images[0] && document.images[0].complete && document.images[0].width > 99')
    const picture = await tv.screenshot()
    keep(`${file}-waiting`, picture)
    const phone = await newPhone(browser())
    await scanAndApprove(phone, await decodeQr(picture))
    await timed(`on ${file}, from the press to the page`, () =>
      waitInPage(
        tv,
        `location.href === ${JSON.stringify(home.cinema + DEEP_LINK)} && document.body.innerHTML.length > 100`,
      ),
    )
    keep(`${file}-arrived`, await tv.screenshot())
    await phone.close()
  } finally {
    await tv.close()
  }
}
