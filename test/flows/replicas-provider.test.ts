import { describe, expect, test, vi } from 'vitest'
import { openDevicePage } from '../support/device-page.ts'
import { needPart } from '../support/parts.ts'
import type { Person } from '../support/person.ts'
import { createPhone } from '../support/phone.ts'
import { type Replicas, useReplicas } from '../support/replicas.ts'
import { openOnTelevision, type WaitingTelevision } from '../support/television.ts'

vi.setConfig({ testTimeout: 60_000 })
const [A, B, C] = [0, 1, 2]

/** The link on our page that leads to the provider's. */
async function linkToProvider(phone: Person, tv: WaitingTelevision): Promise<string> {
  const html = await (await phone.go(tv.link)).text()
  return /<a class="press first" href="([^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? ''
}

const polls = (replicas: Replicas) => replicas.issuer.requests.filter(({ path }) => path === '/token').length

/** Resolves when the provider has been polled so often. */
async function untilPolls(replicas: Replicas, count: number): Promise<void> {
  for (let i = 0; i < 3000 && polls(replicas) < count; i++) await new Promise((resolve) => setTimeout(resolve, 10))
  expect(polls(replicas)).toBe(count)
}

describe.skipIf(needPart('redis') === undefined)(
  'three gateways on one Redis, and the codes are the provider’s',
  () => {
    const replicas = useReplicas({ profile: 'oidc-provider' })

    test('a screen that asks at all of them at once is polled for by one at a time', async () => {
      replicas.use()
      const tv = await openOnTelevision(replicas)
      const phone = createPhone()
      const link = await linkToProvider(phone, tv)
      expect((await tv.wait()).state).toBe('opened')
      const before = polls(replicas)
      // All three hold the question until something happens.
      const asking = Array.from({ length: 9 }, () => tv.wait())
      await untilPolls(replicas, before + 1)
      const began = performance.now()
      await untilPolls(replicas, before + 2)
      const passed = (performance.now() - began) / 1000
      console.log(`nine questions at three gateways: ${passed.toFixed(1)} s from one poll to the next`)
      // The interval is 5 s, and half a second is added.
      expect(passed).toBeGreaterThan(5)
      await (await openDevicePage(phone, link)).approve('robin')
      expect(new Set((await Promise.all(asking)).map(({ state }) => state))).toEqual(new Set(['go']))
      expect((await tv.collect()).headers.get('location')).toBe('/films/42?t=90')
    })

    test('a gateway that is killed while it polls is replaced by another', async () => {
      replicas.use(A)
      const tv = await openOnTelevision(replicas)
      const phone = createPhone()
      const link = await linkToProvider(phone, tv)
      expect((await tv.wait()).state).toBe('opened')
      const before = polls(replicas)
      const waiting = tv.wait().catch(() => undefined)
      await untilPolls(replicas, before + 1)
      await replicas.kill(A)
      await waiting
      replicas.use(B, C)
      const began = performance.now()
      await (await openDevicePage(phone, link)).approve('robin')
      let said = await tv.wait()
      for (let i = 0; i < 3 && said.state !== 'go'; i++) said = await tv.wait()
      console.log(`another gateway heard it ${((performance.now() - began) / 1000).toFixed(1)} s later`)
      expect((await tv.collect()).headers.get('location')).toBe('/films/42?t=90')
    })
  },
)
