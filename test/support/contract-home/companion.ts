import type { Person } from '../person.ts'
import { codeIn, look } from './enter.ts'

/** Home Assistant's app on Android, as it names itself. */
export const ANDROID = 'https://home-assistant.io/android'
/** What it sends along on one phone. */
export const PIXEL = { 'user-agent': 'Home Assistant/2025.4.2-full (Android 15; Pixel 9)' }

/** What that app asks for. */
export const companionTarget = (redirect_uri = 'homeassistant://auth-callback'): string =>
  `/auth/authorize?${new URLSearchParams({ response_type: 'code', client_id: ANDROID, redirect_uri })}`

/** Has a browser that is signed in ask for it at `origin`: our question, and where "Yes" leads. */
export async function askForApp(origin: string, browser: Person): Promise<{ question: URL; yes: string }> {
  const answer = await look(browser, origin + companionTarget())
  const question = new URL(answer.headers.get('location') ?? '', origin)
  const page = await (await look(browser, question.href)).text()
  const yes = /href="([^"]*\/confirm\/yes[^"]*)"/.exec(page)?.[1]
  if (yes === undefined) throw new Error(page.slice(0, 2000))
  return { question, yes: origin + yes.replaceAll('&amp;', '&') }
}

/** The code that it gets by saying yes. */
export async function codeForApp({ cinema }: { cinema: string }, browser: Person): Promise<string> {
  const { yes } = await askForApp(cinema, browser)
  return codeIn(await look(browser, yes)) ?? ''
}
