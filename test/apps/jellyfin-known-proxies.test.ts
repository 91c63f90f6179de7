import { describe, expect, test } from 'vitest'
import { tokenFor } from '../support/jellyfin/administrator.ts'
import { ask } from '../support/jellyfin/ask.ts'
import { useJellyfinHouse } from '../support/jellyfin/house.ts'
import { letTelevisionIn } from '../support/let-in.ts'

// Whether Jellyfin knows the gateway for a proxy decides who is at home there: without it, everybody is.

describe.each([
  { set: 'not set', knownProxies: [] as string[], address: '127.0.0.1', answer: 200 },
  { set: 'set', knownProxies: ['127.0.0.1'], address: '203.0.113.7', answer: 403 },
])('known proxies are $set', ({ knownProxies, address, answer }) => {
  const { house, jellyfin } = useJellyfinHouse({ knownProxies }, { trustLoopback: true })

  test(`somebody far away who must stay at home gets ${answer}, and is taken to be at ${address}`, async () => {
    const { tv } = await letTelevisionIn(house)
    const token = await tokenFor(jellyfin(), 'Kim', 'tv')
    Object.assign(jellyfin().state.users.named('Kim')?.policy ?? {}, { EnableRemoteAccess: false })
    const cookie = tv.browser.cookies(new URL(house.cinema).hostname)
    const far = { authorization: `MediaBrowser Token="${token}"`, 'x-forwarded-for': '203.0.113.7' }
    expect((await ask('GET', `${house.cinema}/Users/Me`, { cookie, headers: far })).status).toBe(answer)
    expect(jellyfin().asked.at(-1)?.place).toMatchObject({ address, host: new URL(house.cinema).host })
  })
})
