import { SECOND } from '../../lib/clock.ts'
import type { Identity } from '../../provider/provider.ts'
import { appPath } from '../accounts/exchange.ts'
import type { DoorParts } from '../parts.ts'

/** Nobody waits for an app on the page that says that the screen is in. */
const WAIT_MS = 1.5 * SECOND

/** What a person whose screen is in still has to do once, so that it is in the app as well; undefined for nearly all. */
export async function nextStep(
  { accounts, clock, log }: DoorParts,
  app: string,
  person: Identity,
): Promise<
  { kind: 'approved-nobody' | 'approved-admin'; label: 'link-app' | 'choose-account'; href: string } | undefined
> {
  const there = accounts.get(app)
  if (there === undefined) return undefined
  const href = appPath({ name: app })
  // What the app cannot say now, it says on the screen.
  const asked = there.find(person, 'screen', 'look').catch(() => log.notice('account_not_found', { app }))
  const found = await Promise.race([asked, new Promise<void>((done) => void clock.after(WAIT_MS, done))])
  if (found === undefined || !('failed' in found)) return undefined
  if (found.failed === 'admin') return { kind: 'approved-admin', label: 'choose-account', href }
  if (found.failed !== 'not-linked' || there.rules.createUsers) return undefined
  return { kind: 'approved-nobody', label: 'link-app', href }
}
