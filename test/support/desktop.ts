import type { House } from './house.ts'
import { createPerson, type Person } from './person.ts'
import { signInAtProvider } from './phone.ts'
import { DESKTOP, linkIn } from './television.ts'

/** Opens `target` of an app in an ordinary browser, up to where the provider is asked. */
export async function leaveForProvider(
  house: Pick<House, 'issuer'>,
  origin: string,
  target: string,
  browser = createDesktop(),
): Promise<{ browser: Person; away: URL }> {
  const challenge = await browser.go(origin + target)
  if (challenge.status !== 401) throw new Error(`expected a challenge, got ${challenge.status}`)
  const start = new URL(linkIn(await challenge.text()), origin)
  const { url } = await browser.follow(start, (at) => at.origin === house.issuer.issuer)
  return { browser, away: url }
}

/** Signs in to an app in an ordinary browser; the answer is where it stands afterwards. */
export async function signInOnDesktop(
  house: Pick<House, 'issuer'>,
  origin: string,
  target = '/films/42?t=90',
  person = 'Robin',
  browser = createDesktop(),
): Promise<{ browser: Person; url: URL; html: string }> {
  const { away } = await leaveForProvider(house, origin, target, browser)
  return { browser, ...(await signInAtProvider(browser, away, person)) }
}

export const createDesktop = (): Person => createPerson({ 'user-agent': DESKTOP })
