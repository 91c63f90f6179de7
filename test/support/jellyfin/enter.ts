import type { House } from '../house.ts'
import { letTelevisionIn } from '../let-in.ts'
import type { Person } from '../person.ts'
import type { StoredServer } from './api-client.ts'

/** What our page writes into a browser's storage, and the cookie and header that this browser has from then on. */
export type Inside = {
  write: Record<string, string>
  go: string
  servers: StoredServer[]
  cookie: string
  headers: Record<string, string>
}

/** Asks as our page does, with what the app has left in the browser's storage. */
export async function enter(
  house: Pick<House, 'cinema'>,
  browser: Person,
  read: Record<string, string> = { _deviceId2: 'tv-1' },
): Promise<Inside> {
  const said = await tryToEnter(house, browser, read)
  if (said.write === undefined || said.go === undefined) throw new Error(JSON.stringify(said))
  const { Servers } = JSON.parse(said.write['jellyfin_credentials'] ?? '{}') as { Servers: StoredServer[] }
  return {
    write: said.write,
    go: said.go,
    servers: Servers,
    cookie: browser.cookies(new URL(house.cinema).hostname),
    headers: { authorization: `MediaBrowser Token="${Servers[0]?.AccessToken}"` },
  }
}

/** The same, whatever comes of it. */
export async function tryToEnter(
  house: Pick<House, 'cinema'>,
  browser: Person,
  read: Record<string, string> = { _deviceId2: 'tv-1' },
): Promise<{ write?: Record<string, string>; go?: string; leaves?: string; failed?: string }> {
  const answer = await browser.go(`${house.cinema}/.entryphone/auth/enter`, read, { 'sec-fetch-site': 'same-origin' })
  if (answer.status !== 200) throw new Error(`not entered: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as { write?: Record<string, string>; go?: string; leaves?: string; failed?: string }
}

/** A television that `person` has let in, and that has been taken into Jellyfin. */
export async function letInside(house: House, person = 'Robin', deviceId = 'tv-1') {
  const there = await letTelevisionIn(house, { person })
  return { ...there, ...(await enter(house, there.tv.browser, { _deviceId2: deviceId })) }
}

/** The token that a browser has been given. */
export const tokenOf = ({ servers }: Pick<Inside, 'servers'>): string => servers[0]?.AccessToken ?? ''
