import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { PHONE } from './television.ts'

/** A phone in somebody's hand, signed in nowhere. */
export function newPhone(browser: Browser): Promise<BrowserContext> {
  return browser.newContext({
    userAgent: PHONE,
    viewport: { width: 390, height: 844 },
    ignoreHTTPSErrors: true,
    hasTouch: true,
  })
}

/** Opens what was scanned, signs in with one button when asked, and says yes. */
export async function scanAndApprove(phone: BrowserContext, text: string, person = 'Robin'): Promise<Page> {
  const page = await phone.newPage()
  await page.goto(text)
  const asPerson = page.getByRole('button', { name: `Continue as ${person}` })
  const yes = page.locator('button[value="approve"]')
  const signIn = page.locator('button[value="sign-in"]')
  if (await signIn.isVisible()) {
    await press(signIn, asPerson)
    await press(asPerson, yes)
  }
  await press(yes, page.getByRole('link', { name: /screens/i }))
  return page
}

/** Presses until it counts: the page ignores its first half second, so that nobody is tricked into a double click. */
export async function press(button: Locator, next: Locator): Promise<void> {
  await button.waitFor()
  for (let attempt = 0; attempt < 20; attempt++) {
    await button.click({ timeout: 2000 }).catch(() => undefined)
    const arrived = await next.waitFor({ timeout: 1000 }).then(
      () => true,
      () => false,
    )
    if (arrived) return
  }
  throw new Error('pressed twenty times, and nothing happened')
}
