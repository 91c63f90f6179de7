import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { press } from '../../support/browser-phone.ts'
import { launchChromium } from '../../support/chromium.ts'
import { useHouse } from '../../support/house.ts'
import { type LyingProvider, startLyingProvider } from '../../support/lying-provider.ts'
import { needPart } from '../../support/parts.ts'
import { DESKTOP, LG_TV, openOnTelevision, PHONE } from '../../support/television.ts'

// Text of strangers on every page, with the policy of the pages switched off: nothing of it may become markup.

vi.setConfig({ testTimeout: 60_000 })
const chromium = needPart('chromium')

const markup = `"'><img src=x onerror=pwned=1><svg onload=pwned=1></title></style></script></noscript><script>pwned=1</script>`
const hostile = `${markup}{{pwned=1}}\${pwned=1}&lt;b&gt;\u202e\u0000😀`
/** The longest name that the config takes, as a double-quoted text of YAML. */
const yaml = JSON.stringify(`"'></title></style><img src=x onerror=pwned=1>`)
const WEBVIEW = `${PHONE} Home Assistant/2024.1`
const EREADER =
  'Mozilla/5.0 (X11; U; Linux armv7l like Android; en-us) AppleWebKit/531.2+ (KHTML, like Gecko) Version/5.0 Safari/533.2+ Kindle/3.0+'

let provider: LyingProvider

describe.skipIf(chromium === undefined)("in today's Chromium, without a policy", () => {
  const house = useHouse({
    cinemaLines: `    title: ${yaml}`,
    topLines: () => `name: ${yaml}`,
    async startProvider(options) {
      provider = await startLyingProvider(options)
      return provider
    },
  })
  let browser: Browser
  beforeAll(async () => {
    provider.lies = { claims: { name: hostile.repeat(40), email: hostile, preferred_username: hostile } }
    browser = await launchChromium(chromium ?? '')
  })
  afterAll(() => browser.close())

  async function open(userAgent: string, javaScriptEnabled = true): Promise<Page> {
    const context = await browser.newContext({ bypassCSP: true, userAgent: userAgent + markup, javaScriptEnabled })
    return context.newPage()
  }

  /** What became of the text: elements, and scripts that ran. */
  async function inert(page: Page, what: string): Promise<void> {
    expect([what, await page.locator('img[src="x"], svg[onload], [onerror]').count()]).toEqual([what, 0])
    expect([what, await page.locator('script:has-text("pwned")').count()]).toEqual([what, 0])
    expect([what, await page.evaluate('typeof pwned')]).toEqual([what, 'undefined'])
  }

  test.each([true, false])('F2 F3: foreign text stays text on every page of a screen; script: %s', async (script) => {
    for (const [userAgent, words] of [
      [LG_TV, 'with your phone'],
      [WEBVIEW, 'in your browser'],
      [EREADER, 'How do you want'],
    ] as const) {
      const page = await open(userAgent, script)
      await page.goto(`${house.cinema}/films/42`)
      await page.getByText(words).first().waitFor()
      expect(await page.locator('h1').textContent()).toContain('onerror')
      await inert(page, userAgent)
      await page.context().close()
    }
    const page = await open(LG_TV, script)
    for (const path of [
      `/.entryphone/auth/${encodeURIComponent(markup)}`,
      `/.entryphone/auth/${'A'.repeat(22)}/?still&x=${encodeURIComponent(markup)}`,
      `/.entryphone/auth/choose?to=${encodeURIComponent(markup)}`,
      `/.entryphone/auth/ticket?t=${encodeURIComponent(markup)}`,
    ]) {
      await page.goto(house.cinema + path)
      await inert(page, path)
    }
    await page.context().close()
  })

  test('F2: foreign text stays text on every page of a phone', async () => {
    const tv = await openOnTelevision(house)
    const page = await open(PHONE)
    await page.goto(tv.link)
    await inert(page, 'approve, signed out')
    const yes = page.locator('button[value="approve"]')
    await press(page.locator('button[value="sign-in"]'), yes)
    expect(await page.locator('.who').textContent()).toContain('onerror')
    await inert(page, 'approve')
    await press(yes, page.getByRole('link', { name: 'My screens' }))
    await inert(page, 'approved')
    expect((await tv.collect()).status).toBe(303)
    await page.goto(`${house.door}/me`)
    expect(await page.locator('.chips').first().textContent()).toContain('onerror')
    await inert(page, 'my screens')
    await page.goto(`${house.door}/d?x=${encodeURIComponent(markup)}`)
    await page.locator('#code').fill(markup.slice(0, 20))
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.locator('[role=alert]').waitFor()
    await inert(page, 'code entry')
    await page.context().close()
  })

  test('F2: foreign text stays text where a sign-in fails, is refused, or nobody lives', async () => {
    const page = await open(DESKTOP)
    await page.goto(`${house.cinema}/films/42`)
    await page.waitForURL(`${house.cinema}/films/42`)
    await page.goto(`${house.cinema}/.entryphone/auth/sign-out`)
    expect(await page.locator('p').first().textContent()).toContain('onerror')
    await inert(page, 'signed in here')
    const error = encodeURIComponent(markup)
    for (const url of [
      `${house.door}/callback?error=${error}&error_description=${error}&state=x`,
      `${house.door}/d/${error}`,
      `${house.door}/${error}`,
      `${house.door}/sign-in?visit=${error}`,
      `http://other.localhost:${house.port}/${error}`,
    ]) {
      await page.goto(url)
      await inert(page, url)
    }
    await house.restart(`    title: ${yaml}\n    allow: {}`)
    await page.goto(`${house.cinema}/films/42`)
    expect(await page.locator('p').first().textContent()).toContain('onerror')
    await inert(page, 'not allowed')
    await page.context().close()
  })
})
