import { expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../../src/lib/clock.ts'
import type { Store } from '../../../src/store/contract.ts'
import { createMemoryStore } from '../../../src/store/memory.ts'
import { createFakeClock } from '../../support/clock.ts'
import { useHouse } from '../../support/house.ts'
import { signedInPhone } from '../../support/let-in.ts'
import { openOnTelevision } from '../../support/television.ts'

const clock = createFakeClock(Date.now())
const memory = createMemoryStore(clock)
const trap = { spring: undefined as (() => Promise<void>) | undefined }
const store: Store = {
  ...memory,
  async create(key, value, expiresAt) {
    if (key.startsWith('pointer/')) await trap.spring?.()
    return memory.create(key, value, expiresAt)
  },
}
const house = useHouse({ clock, store })

test('a screen that asks many times at once for its next code does not take the one out of a hand', async () => {
  const tv = await openOnTelevision(house)
  await clock.leap(4 * MINUTE + 30_000)
  await Promise.all(Array.from({ length: 20 }, () => tv.reload()))
  // Scanned just before, its code is still good for half a minute.
  expect((await (await signedInPhone(house)).go(tv.link)).status).toBe(200)
})

test('N1: a login that vanishes while its code is renewed ends the request, not the process', async () => {
  const tv = await openOnTelevision(house)
  const key = `login/${/auth\/([^/]+)\//.exec(tv.page)?.[1]}`
  await clock.leap(5000)
  await tv.reload()
  await clock.leap(11 * HOUR)
  let asked = 0
  trap.spring = async () => {
    asked += 1
    if (asked > 20) trap.spring = undefined
    const held = await memory.get(key)
    if (held !== undefined) await memory.remove(key, held.version)
  }
  const answer = await tv.reload()
  expect([answer.status, answer.headers.get('location')]).toEqual([303, expect.stringContaining('/auth/start?to=')])
  expect(asked).toBeGreaterThan(0)
  expect(asked).toBeLessThanOrEqual(2)
  trap.spring = undefined
})
