import { signInOnDesktop } from '../desktop.ts'
import type { Tokens } from '../home-assistant-client.ts'
import { type Way, wayTo } from '../home-assistant-client.ts'
import type { House } from '../house.ts'
import { letTelevisionIn } from '../let-in.ts'
import type { Person } from '../person.ts'

type Cinema = Pick<House, 'cinema'>

/** What Home Assistant's own page asks for, with other fields where a test lies. */
export function authorizeTarget({ cinema }: Cinema, other: Record<string, string> = {}): string {
  const fields = {
    response_type: 'code',
    client_id: `${cinema}/`,
    redirect_uri: `${cinema}/lovelace/0?auth_callback=1`,
  }
  return `/auth/authorize?${new URLSearchParams({ ...fields, state: 'c3RhdGU=', ...other })}`
}

/** Somebody looks at a page. */
export const look = (browser: Person, address: string, headers: Record<string, string> = {}): Promise<Response> =>
  browser.go(address, undefined, { 'sec-fetch-mode': 'navigate', ...headers })

/** The code that a browser is led on with. */
export function codeIn(answer: Response): string | undefined {
  const location = answer.headers.get('location')
  return location === null ? undefined : (new URL(location).searchParams.get('code') ?? undefined)
}

/** Redeems a code, as `browser` or as nobody. */
export async function redeemAs(
  { cinema }: Cinema,
  browser: Person | undefined,
  form: Record<string, string>,
): Promise<{ status: number; tokens: Partial<Tokens> }> {
  const full = { client_id: `${cinema}/`, ...form }
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }
  const answer =
    browser === undefined
      ? await wayTo(cinema).send('/auth/token', { method: 'POST', headers, body: String(new URLSearchParams(full)) })
      : await browser.go(`${cinema}/auth/token`, full, headers)
  return { status: answer.status, tokens: answer.status === 200 ? ((await answer.json()) as Tokens) : {} }
}

/** A browser that is inside: its tokens, and its way with its cookie. */
export type InsideHome = { browser: Person; tokens: Tokens; cookie: string; way: Way }

/** What the page does when nobody is signed in there: asks for a code, and redeems it. */
export async function enterHome(house: Cinema, browser: Person): Promise<InsideHome> {
  const code = codeIn(await look(browser, house.cinema + authorizeTarget(house)))
  if (code === undefined) throw new Error('there is no code')
  const { tokens } = await redeemAs(house, browser, { grant_type: 'authorization_code', code })
  if (tokens.access_token === undefined) throw new Error('there are no tokens')
  return inside(house, browser, tokens as Tokens)
}

/** What a browser is that has these tokens. */
export function inside({ cinema }: Cinema, browser: Person, tokens: Tokens): InsideHome {
  const cookie = browser.cookies(new URL(cinema).hostname)
  return { browser, tokens, cookie, way: wayTo(cinema, { cookie, origin: cinema }) }
}

/** A television that `person` has let in, and that is inside. */
export async function letInsideHome(house: House, person = 'Robin'): Promise<InsideHome & { phone: Person }> {
  const { tv, phone } = await letTelevisionIn(house, { person })
  return { ...(await enterHome(house, tv.browser)), phone }
}

/** An ordinary browser of `person`'s that is inside. */
export async function deskInsideHome(house: House, person = 'Robin'): Promise<InsideHome> {
  const { browser } = await signInOnDesktop(house, house.cinema, '/', person)
  return enterHome(house, browser)
}
