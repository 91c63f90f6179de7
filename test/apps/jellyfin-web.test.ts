import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { newPhone, scanAndApprove } from '../support/browser-phone.ts'
import { useChromium } from '../support/chromium.ts'
import { tokenFor } from '../support/jellyfin/administrator.ts'
import { idOf, useJellyfinHouse } from '../support/jellyfin/house.ts'
import type { Version } from '../support/jellyfin/server/version.ts'
import { needPart } from '../support/parts.ts'
import { decodeQr } from '../support/qr-decode.ts'
import { LG_TV } from '../support/television.ts'

// Jellyfin's own library in Chromium as a television, behind the gate: from the QR into the app's page, and what that
// page needs to find in its browser to be signed in at once.

const DEEP_LINK = '/web/#/details?id=f27caa37e5142225cceded48f6553502&serverId=1'
const chromium = needPart('chromium')
vi.setConfig({ testTimeout: 60_000 })
const browser = useChromium(chromium)

describe.skipIf(chromium === undefined).each<Version>(['10.11', '12.0'])('Jellyfin %s', (version) => {
  const { house, jellyfin } = useJellyfinHouse({ version }, { https: true })
  let context: BrowserContext
  let tv: Page
  afterAll(() => context?.close())

  const state = () => tv.locator('body').getAttribute('data-state')
  const reached = (wanted: string) => tv.locator(`body[data-state="${wanted}"]`).waitFor({ state: 'attached' })

  /** Writes what a sign-in from outside would, and opens the page once more. */
  async function arriveWith(server: object, autoLogin = 'true'): Promise<void> {
    const stored = JSON.stringify({ Servers: [server] })
    await tv.evaluate(
      ([credentials, auto]) => {
        localStorage.setItem('jellyfin_credentials', credentials ?? '')
        localStorage.setItem('enableAutoLogin', auto ?? '')
      },
      [stored, autoLogin],
    )
    await tv.goto('about:blank')
    await tv.goto(house.cinema + DEEP_LINK)
  }

  async function signedIn() {
    const deviceId = await tv.evaluate(() => localStorage.getItem('_deviceId2'))
    const AccessToken = await tokenFor(jellyfin(), 'Robin', deviceId ?? '')
    const { serverId } = jellyfin().state
    return { Id: serverId, ManualAddress: house.cinema, AccessToken, UserId: idOf(jellyfin(), 'Robin') }
  }

  test('a television opens a deep link, is scanned and let in, and meets Jellyfin’s own sign-in', async () => {
    context = await browser().newContext({
      userAgent: LG_TV,
      viewport: { width: 1280, height: 720 },
      ignoreHTTPSErrors: true,
    })
    context.setDefaultTimeout(15_000)
    tv = await context.newPage()
    const began = performance.now()
    await tv.goto(house.cinema + DEEP_LINK)
    await tv.locator('img').waitFor()
    const phone = await newPhone(browser())
    await scanAndApprove(phone, await decodeQr(await tv.screenshot()))
    await reached('ServerSignIn')
    console.log(`Jellyfin ${version}, from the address to its sign-in: ${(performance.now() - began).toFixed(0)} ms`)
    expect(new URL(tv.url()).hash).toBe('#/login')
    await phone.close()
  })

  test('id, address, token and user are enough to be inside, on the deep link, with the socket open', async () => {
    const server = await signedIn()
    const began = performance.now()
    await arriveWith(server)
    await tv.locator('body[data-socket="open"]').waitFor({ state: 'attached' })
    await reached('SignedIn')
    console.log(`Jellyfin ${version}, from its keys to its socket: ${(performance.now() - began).toFixed(0)} ms`)
    expect(await tv.locator('#who').textContent()).toBe('Robin')
    expect(tv.url()).toBe(house.cinema + DEEP_LINK)
    expect(jellyfin().sockets.openFor(server.AccessToken)).toBe(1)
  })

  test('an address with a slash, another id, or no wish to be signed in lose the token', async () => {
    const server = await signedIn()
    const keepsToken = async () =>
      (await tv.evaluate(() => localStorage.getItem('jellyfin_credentials')))?.includes(server.AccessToken)
    await arriveWith({ ...server, ManualAddress: `${house.cinema}/` })
    await reached('ServerSignIn')
    expect(await keepsToken()).toBe(false)
    await arriveWith({ ...server, Id: 'f'.repeat(32) })
    await reached('Unavailable')
    await arriveWith(server, 'false')
    await reached('ServerSignIn')
    expect(await keepsToken()).toBe(false)
    await arriveWith({ ...server, ManualAddress: house.cinema.toUpperCase() })
    await reached('SignedIn')
  })

  test('signing out there is one call and a hash, and no document is asked for', async () => {
    await arriveWith(await signedIn())
    await reached('SignedIn')
    const documents: string[] = []
    tv.on('request', (request) => void (request.isNavigationRequest() && documents.push(request.url())))
    const from = jellyfin().asked.length
    await tv.locator('#sign-out').click()
    await reached('ServerSignIn')
    await tv.waitForURL(/#\/login$/)
    await expect
      .poll(() =>
        jellyfin()
          .asked.slice(from)
          .map(({ method, target }) => `${method} ${target}`),
      )
      .toEqual(expect.arrayContaining(['POST /Sessions/Logout', 'GET /QuickConnect/Enabled', 'GET /users/public']))
    expect([documents, await state()]).toEqual([[], 'ServerSignIn'])
    await tv.goto('about:blank')
    await tv.goto(house.cinema + DEEP_LINK)
    await reached('ServerSignIn')
  })

  test('a token that ends meanwhile leads to the sign-in at the next start', async () => {
    const server = await signedIn()
    await arriveWith(server)
    await reached('SignedIn')
    jellyfin().state.devices.end(({ token }) => token === server.AccessToken)
    await tv.reload()
    await reached('ServerSignIn')
  })
})
