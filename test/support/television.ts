import type { House } from './house.ts'
import { type Connect, createPerson, type Person } from './person.ts'
import { decodeQr } from './qr-decode.ts'

export const LG_TV =
  'Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/79.0.3945.79 Safari/537.36 WebAppManager'
export const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1'
export const DESKTOP =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'

/** A television that has opened an app and shows a code. */
export type WaitingTelevision = {
  browser: Person
  /** Address of its login page. */
  page: string
  /** What the QR says, in the house's own spelling. */
  link: string
  userCode: string
  html: string
  /** Asks once by reloading; the answer is not followed. */
  reload(): Promise<Response>
  /** The page's long poll. */
  wait(): Promise<{ state: string; url?: string; seen?: string }>
  /** Collects as the page would, and returns the answer that carries the session cookie. */
  collect(): Promise<Response>
}

/** Opens `target` of the cinema on a television, up to the page with the code. The QR is really decoded. */
export async function openOnTelevision(
  house: Pick<House, 'cinema'> & { connect?: Connect },
  { target = '/films/42?t=90', headers = {} }: { target?: string; headers?: Record<string, string> } = {},
): Promise<WaitingTelevision> {
  const browser = createPerson({ 'user-agent': LG_TV, ...headers }, house.connect)
  const challenge = await browser.go(house.cinema + target)
  if (challenge.status !== 401) throw new Error(`expected a challenge, got ${challenge.status}`)
  const start = new URL(linkIn(await challenge.text()), house.cinema)
  const { url, response } = await browser.follow(start, () => false)
  if (response === undefined) throw new Error('no login page')
  const html = await response.text()
  const src = attribute(html, /<img[^>]*src="([^"]+)"/)
  const picture = await browser.go(new URL(src, url))
  const text = await decodeQr(Buffer.from(await picture.arrayBuffer()))
  const wait = attribute(html, /data-wait="([^"]*)"/)
  let seen = attribute(html, /data-seen="([^"]*)"/)
  return {
    browser,
    page: url.href,
    link: text.toLowerCase().replace(/\/d\/(.*)$/, (_all, id: string) => `/d/${id.toUpperCase()}`),
    userCode: /[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}/.exec(html)?.[0] ?? '',
    html,
    reload: () => browser.go(url),
    async wait() {
      const answer = await browser.go(new URL(wait, url), { seen })
      const said = (await answer.json()) as { state: string; url?: string; seen?: string }
      seen = said.seen ?? seen
      return said
    },
    collect: () => browser.go(new URL('collect', url)),
  }
}

/** The address that a challenge page leads to. */
export function linkIn(html: string): string {
  return attribute(html, /href="(\/\.entryphone\/auth\/start[^"]*)"/)
}

function attribute(html: string, pattern: RegExp): string {
  const found = pattern.exec(html)?.[1]
  if (found === undefined) throw new Error(`nothing like ${pattern} in: ${html.slice(0, 2000)}`)
  return found.replaceAll('&amp;', '&').replaceAll('&#38;', '&')
}
