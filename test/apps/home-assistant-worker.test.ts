import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { LogFields } from '../../src/lib/log.ts'
import { newPhone, scanAndApprove } from '../support/browser-phone.ts'
import { launchChromium } from '../support/chromium.ts'
import { homePort, useFurnishedHome } from '../support/furnished-home.ts'
import { createHeardLog } from '../support/heard-log.ts'
import { isWorkerScript, lamp, signInByHand, throughWorker, workerInCharge } from '../support/home-assistant-page.ts'
import { people } from '../support/home-assistant-people.ts'
import { useHouse } from '../support/house.ts'
import { needPart } from '../support/parts.ts'
import { decodeQr } from '../support/qr-decode.ts'
import { DESKTOP } from '../support/television.ts'

// Home Assistant's service worker answers from its own store, sends navigations again under other headers, and keeps
// redirects and pages whatever they say. A screen whose session has ended must get past it to the code all the same.

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })
const chromium = needPart('chromium')
const missing = chromium === undefined || needPart('home-assistant') === undefined
const log = createHeardLog()
useFurnishedHome()
const house = useHouse({ https: true, homePort, log })

describe.skipIf(missing)("a television where Home Assistant's worker is in charge", () => {
  let browser: Browser
  let phone: BrowserContext
  let tv: Page
  const qr = () => tv.locator('img[alt*="/d"]')
  const dashboard = () => `${house.home}/lovelace/0`

  beforeAll(async () => {
    browser = await launchChromium(chromium ?? '')
    phone = await newPhone(browser)
    // One of the year 2024, which gets today's frontend and its worker.
    const userAgent = DESKTOP.replace('X11; Linux x86_64', 'Web0S; Linux/SmartTV')
    const context = await browser.newContext({
      userAgent,
      viewport: { width: 1280, height: 720 },
      ignoreHTTPSErrors: true,
    })
    tv = await context.newPage()
    await tv.goto(dashboard())
    await letIn()
    await signInByHand(tv, people.anna)
    await inside()
  })
  afterAll(() => browser?.close())

  async function letIn(): Promise<void> {
    await qr().waitFor()
    await scanAndApprove(phone, await decodeQr(await tv.screenshot()))
  }

  async function inside(): Promise<void> {
    await lamp(tv).waitFor()
    await workerInCharge(tv, log)
  }

  async function signOutByPhone(): Promise<void> {
    const page = await phone.newPage()
    await page.goto(`${house.door}/me`)
    const signOut = page.locator('form[action="/me/revoke"] button')
    await signOut.first().click()
    await signOut.waitFor({ state: 'detached' })
    await page.close()
  }

  test('signed out and loaded again, it shows the code without a press, and is back on its page after the next scan', async () => {
    expect(await saidByGate()).toContain('Robin')
    await signOutByPhone()
    // The worker keeps nothing of what the gate itself says.
    expect(await saidByGate()).not.toContain('Robin')
    // Loaded again within a few seconds of the last time, Chromium would leave the worker in charge for another minute.
    for (let knocked = 0; knocked < 3; knocked++) await log.next(isRefusedSocket)

    const before = log.requests.length
    const replaced = log.next(isWorkerScript)
    const began = performance.now()
    const shown = await tv.reload()
    // What it shows comes from the worker's store; behind it the worker asks for a newer copy, as if somebody looked.
    expect(shown && [shown.status(), throughWorker(shown)]).toEqual([200, true])
    expect(await replaced).toMatchObject({ decision: 'challenge', reason: 'no-session worker' })
    const meanwhile = log.requests.slice(before)
    const challenged = { path: '/lovelace/0', status: 401, reason: 'no-session page' }
    expect(meanwhile).toContainEqual(expect.objectContaining(challenged))
    // Nobody saw that page, and it has begun nothing.
    expect(meanwhile.filter(({ decision }) => decision === 'threshold')).toEqual([])
    await qr().waitFor()
    console.log(`the code stood there ${(performance.now() - began).toFixed(0)} ms after the page was loaded again`)

    await letIn()
    await inside()
    expect(tv.url()).toBe(dashboard())
    const kept = await keptByWorkers(tv)
    expect(kept.length).toBeGreaterThan(100)
    expect(kept.filter(({ whose }) => whose !== 'the app')).toEqual([])
  })

  test('signed out and opened at an address that the worker has not seen, it shows the code, although the worker hides that somebody looks', async () => {
    await signOutByPhone()
    const address = `${house.home}/lovelace/never-seen?x=1`
    const sentAgain = tv
      .context()
      .waitForEvent('request', (request) => request.url() === address && request.serviceWorker() !== null)
    const answer = await tv.goto(address)
    expect(answer && [answer.status(), throughWorker(answer)]).toEqual([401, true])
    expect(await (await sentAgain).allHeaders()).toMatchObject({
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'empty',
    })
    await qr().waitFor()
  })

  /** What the gate says on the app's host about who is signed in there. */
  const saidByGate = () =>
    tv.evaluate(`fetch('/.entryphone/auth/sign-out').then(function (answer) { return answer.text() })`)
})

const isRefusedSocket = ({ path, status }: LogFields) => path === '/api/websocket' && status === 401

type Kept = { address: string; whose: 'the app' | 'the gate' | 'a redirect' }

/** Everything in the caches of a page's host. */
function keptByWorkers(page: Page): Promise<Kept[]> {
  return page.evaluate(`(async function () {
    const kept = []
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const request of await cache.keys()) {
        const response = await cache.match(request)
        const isPage = /html/.test(response.headers.get('content-type') || '')
        const text = request.url + (isPage ? await response.text() : '')
        const whose = response.type === 'opaqueredirect' ? 'a redirect' : /entryphone/.test(text) ? 'the gate' : 'the app'
        kept.push({ address: request.url, whose })
      }
    }
    return kept
  })()`)
}
