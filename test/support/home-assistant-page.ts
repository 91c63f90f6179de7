import type { Locator, Page, Response } from 'playwright-core'
import type { HeardLog } from './heard-log.ts'
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

/** Whether a page came through the worker that is in charge of it. */
const throughWorker = (response: Response): boolean =>
  response.request().isNavigationRequest() && response.fromServiceWorker()

/** Whether a line of the gate's log is about the worker's script. */
const isWorkerScript = ({ path }: { path?: unknown }): boolean => /^\/sw-[a-z]+\.js$/.test(String(path))

/**
 * Waits until Home Assistant's worker is in charge of a page that has just signed in. The worker fetches the whole frontend
 * first; then the page is loaded anew, through the worker. Two seconds after that the browser looks for a newer worker:
 * `log`, the gate's, tells when that is over as well.
 */
export async function workerInCharge(page: Page, log: HeardLog): Promise<void> {
  await page.waitForResponse(throughWorker, { timeout: 60_000 })
  await log.next(isWorkerScript)
  await lamp(page).waitFor()
}
