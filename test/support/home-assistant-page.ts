import type { Locator, Page } from 'playwright-core'
import type { Credentials } from './home-assistant-client.ts'

/** What Home Assistant's own pages show. */

/** A name on its dashboard: whoever sees it is inside, and the WebSocket has told what there is. */
export const lamp = (page: Page): Locator => page.getByText('The lamp').first()

/** Types a name and a password into its login page. */
export async function signInByHand(page: Page, { username, password }: Credentials): Promise<void> {
  await page.locator('input[name="username"]').fill(username)
  await page.locator('input[name="password"]').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
}
