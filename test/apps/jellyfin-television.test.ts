import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { newPhone, scanAndApprove } from '../support/browser-phone.ts'
import { useChromium } from '../support/chromium.ts'
import { useSignedInHouse } from '../support/jellyfin/house.ts'
import type { Version } from '../support/jellyfin/server/version.ts'
import { needPart } from '../support/parts.ts'
import { decodeQr } from '../support/qr-decode.ts'
import { LG_TV } from '../support/television.ts'

// Chromium as a television, with Jellyfin's own library in the page: one scan, and the film that was asked for stands there,
// signed in.

const DEEP_LINK = '/web/#/details?id=f27caa37e5142225cceded48f6553502&serverId=1'
const chromium = needPart('chromium')
vi.setConfig({ testTimeout: 60_000 })
const browser = useChromium(chromium)

describe.skipIf(chromium === undefined).each<Version>(['10.11', '12.0'])('Jellyfin %s', (version) => {
  const { house, jellyfin } = useSignedInHouse(
    { users: { 'robin@home.example': 'Robin' } },
    { version },
    { https: true },
  )
  let context: BrowserContext
  let phone: BrowserContext
  let tv: Page
  afterAll(() => Promise.all([context?.close(), phone?.close()]))

  const reached = (wanted: string) => tv.locator(`body[data-state="${wanted}"]`).waitFor({ state: 'attached' })
  const tokens = () => jellyfin().state.devices.all()
  const storage = () => tv.evaluate(() => ({ ...localStorage }))

  /** From an empty page until Jellyfin is signed in. */
  async function best(open: () => Promise<unknown>): Promise<number> {
    const took: number[] = []
    for (let n = 0; n < 3; n++) {
      await tv.goto('about:blank')
      const began = performance.now()
      await open()
      await reached('SignedIn')
      took.push(performance.now() - began)
    }
    return Math.min(...took)
  }

  test('a deep link, one scan, and Jellyfin is signed in on that very page, without a press', async () => {
    context = await browser().newContext({
      userAgent: LG_TV,
      viewport: { width: 1280, height: 720 },
      ignoreHTTPSErrors: true,
    })
    context.setDefaultTimeout(15_000)
    tv = await context.newPage()
    await tv.goto(house.cinema + DEEP_LINK)
    await tv.locator('img').waitFor()
    phone = await newPhone(browser())
    const documents: string[] = []
    tv.on('request', (request) => {
      if (request.isNavigationRequest()) documents.push(new URL(request.url()).pathname)
    })
    await scanAndApprove(phone, await decodeQr(await tv.screenshot()))
    await reached('SignedIn')
    await tv.locator('body[data-socket="open"]').waitFor({ state: 'attached' })
    expect(await tv.locator('#who').textContent()).toBe('Robin')
    expect(tv.url()).toBe(house.cinema + DEEP_LINK)
    // One page of ours stands between the session and the app.
    expect(documents.slice(documents.indexOf('/web/'))).toEqual(['/web/', '/.entryphone/auth/enter', '/web/'])
    expect(tokens()).toHaveLength(1)
    expect(JSON.parse((await storage())['jellyfin_credentials'] ?? '{}')).toMatchObject({
      Servers: [{ AccessToken: tokens()[0]?.token, ManualAddress: house.cinema }],
    })
  })

  test('the next start is inside at once, with no page in between', async () => {
    const documents: string[] = []
    const note = (request: { isNavigationRequest(): boolean; url(): string }) =>
      void (request.isNavigationRequest() && documents.push(new URL(request.url()).pathname))
    tv.on('request', note)
    await tv.goto('about:blank')
    await tv.goto(house.cinema + DEEP_LINK)
    await reached('SignedIn')
    tv.off('request', note)
    expect([documents.filter((path) => path.startsWith('/')), tokens().length]).toEqual([['/web/'], 1])
  })

  test('what entering costs, beside the app’s own answers', async () => {
    const [held] = tokens()
    const enterOnce = () => tv.goto(`${house.cinema}/.entryphone/auth/enter${new URL(DEEP_LINK, house.cinema).hash}`)
    const openOnce = () => tv.goto(house.cinema + DEEP_LINK)
    // The best of three: other tests run at the same time.
    const [entering, without] = [await best(enterOnce), await best(openOnce)]
    const added = `${(entering - without).toFixed(0)} ms (${entering.toFixed(0)} to ${without.toFixed(0)})`
    console.log(`Jellyfin ${version}: entering adds one page and ${added}`)
    // On a machine that has nothing else to do it is 40 to 100; a busy one takes its time for both.
    // The goal is 300 ms on a machine of its own.
    expect(entering - without).toBeLessThan(5000)
    // The same browser is the same device: its token of before has ended.
    expect(tokens().map(({ token }) => token)).not.toContain(held?.token)
    expect(tokens()).toHaveLength(1)
  })

  test('signed out on the phone, the television is back at its code, and Jellyfin knows it no more', async () => {
    const page = phone.pages()[0] as Page
    await page.goto(`${house.door}/me`)
    const signOut = page.locator('form:has(input[name="ref"]) button').first()
    await signOut.click()
    await signOut.waitFor({ state: 'detached' })
    await expect.poll(tokens).toEqual([])
    await tv.goto('about:blank')
    await tv.goto(house.cinema + DEEP_LINK)
    await tv.locator('img').waitFor()
    expect(tv.url()).toContain('/.entryphone/auth/')
  })
})
