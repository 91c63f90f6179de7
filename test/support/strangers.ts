import { Agent, request } from 'undici'
import type { House } from './house.ts'
import { LG_TV, linkIn } from './television.ts'

/** Many televisions that nobody knows, each without a cookie. */
export type Strangers = {
  /** Begins one login from `address`, as the proxy in front tells it; an empty one: as an unknown proxy would hide it. */
  begin(
    address: string,
  ): Promise<{ status: number; location: string; cookie: string; retryAfter: string; text: string }>
  /** Begins `count` of them, some at a time; how many were led to a code. */
  beginMany(count: number, addressOf: (i: number) => string): Promise<number>
  close(): Promise<void>
}

const AT_A_TIME = 16

/** Strangers at the cinema of a house that trusts loopback to say where they come from. */
export async function createStrangers(house: House): Promise<Strangers> {
  const agent = new Agent({ connections: AT_A_TIME })
  const origin = `http://127.0.0.1:${house.port}`
  const ask = (path: string, address: string) =>
    request(origin + path, {
      dispatcher: agent,
      headers: {
        host: new URL(house.cinema).host,
        accept: 'text/html',
        'user-agent': LG_TV,
        ...(address !== '' && { 'x-forwarded-for': address }),
      },
    })
  const link = linkIn(await (await ask('/', '')).body.text())

  async function begin(address: string) {
    const { statusCode, headers, body } = await ask(link, address)
    return {
      status: statusCode,
      location: String(headers['location'] ?? ''),
      cookie: String(headers['set-cookie'] ?? '').split(';')[0] ?? '',
      retryAfter: String(headers['retry-after'] ?? ''),
      text: await body.text(),
    }
  }

  return {
    begin,
    async beginMany(count, addressOf) {
      let begun = 0
      let led = 0
      const one = async () => {
        while (begun < count) if ((await begin(addressOf(begun++))).status === 303) led++
      }
      await Promise.all(Array.from({ length: AT_A_TIME }, one))
      return led
    },
    close: () => agent.close(),
  }
}
