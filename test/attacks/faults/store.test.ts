import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Clock } from '../../../src/lib/clock.ts'
import { systemClock } from '../../../src/lib/clock.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { createLiveSessions } from '../../../src/sessions/live.ts'
import { createSessions } from '../../../src/sessions/sessions.ts'
import type { Store } from '../../../src/store/contract.ts'
import { createKeyring } from '../../../src/store/keyring.ts'
import { createMemoryStore } from '../../../src/store/memory.ts'
import { createFakeClock } from '../../support/clock.ts'
import { createDesktop, signInOnDesktop } from '../../support/desktop.ts'
import { useHouse } from '../../support/house.ts'
import { letTelevisionIn } from '../../support/let-in.ts'
import { createPerson, type Person } from '../../support/person.ts'
import { sampleSession } from '../../support/sample-session.ts'
import { LG_TV, openOnTelevision } from '../../support/television.ts'

/** A store that does what it is told, except the operation that `failing` counts down to, and all after it. */
function createFailingStore(clock: Clock, fault: { after: number }): Store {
  const memory = createMemoryStore(clock)
  const guarded =
    <A extends unknown[], R>(run: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      fault.after -= 1
      if (fault.after < 0) throw new Error('the disk is on fire')
      return run(...args)
    }
  return {
    get: guarded(memory.get),
    create: guarded(memory.create),
    swap: guarded(memory.swap),
    remove: guarded(memory.remove),
    feed: { ...memory.feed, append: guarded(memory.feed.append) },
    close: memory.close,
  }
}

const fault = { after: Number.POSITIVE_INFINITY }
const house = useHouse({ store: createFailingStore(systemClock, fault) })
const unhandled: unknown[] = []
const note = (error: unknown) => unhandled.push(error)
beforeAll(() => void process.on('unhandledRejection', note))
afterAll(() => void process.off('unhandledRejection', note))
beforeEach(() => {
  fault.after = Number.POSITIVE_INFINITY
})

/** Runs `flow` again and again, each time with the store failing one operation later, until it gets through. */
async function failAtEachStep(flow: () => Promise<unknown>, judge: () => Promise<void>): Promise<number> {
  for (let step = 0; step < 200; step++) {
    fault.after = step
    const through = await flow().then(
      () => true,
      () => false,
    )
    const unused = fault.after >= 0
    fault.after = Number.POSITIVE_INFINITY
    await judge()
    if (through && unused) return step
  }
  throw new Error('the flow never got through')
}

test('promise 6: wherever the store begins to fail, nobody gets in who was not let in', async () => {
  let tv: Person | undefined
  const steps = await failAtEachStep(
    async () => {
      tv = (await openOnTelevision(house)).browser
    },
    async () => {
      if (tv !== undefined) expect((await tv.go(`${house.cinema}/`)).status).toBe(401)
      expect((await createPerson({ 'user-agent': LG_TV }).go(`${house.cinema}/`)).status).toBe(401)
    },
  )
  expect(steps).toBeGreaterThan(3)
})

test('promise 6: a sign-in that the store breaks off leaves nobody half signed in', async () => {
  let browser = createDesktop()
  const steps = await failAtEachStep(
    async () => {
      browser = createDesktop()
      const { url } = await signInOnDesktop(house, house.cinema, '/films/7', 'Robin', browser)
      if (url.href !== `${house.cinema}/films/7`) throw new Error('not there')
    },
    async () => {
      const { status } = await browser.go(`${house.cinema}/`)
      const cookie = /entryphone-[0-9a-f]{8}=/.test(browser.cookies('cinema.localhost'))
      expect([200, 401]).toContain(status)
      expect(status === 200).toBe(cookie)
    },
  )
  expect(steps).toBeGreaterThan(5)
})

test('promise 6: who is signed in is refused while the store fails, and goes on afterwards', async () => {
  const { tv } = await letTelevisionIn(house)
  const { browser } = await signInOnDesktop(house, house.library)
  fault.after = 0
  const stranger = createPerson({ cookie: tv.browser.cookies('cinema.localhost').replace(/=(....)/, '=AAAA') })
  const answer = await stranger.go(`${house.cinema}/`)
  expect(answer.status).toBe(503)
  expect(await answer.text()).not.toContain('fire')
  fault.after = Number.POSITIVE_INFINITY
  expect((await tv.browser.go(`${house.cinema}/`)).status).toBe(200)
  expect((await browser.go(`${house.library}/`)).status).toBe(200)
})

test('a store that fails just as news was missed does not end the process', async () => {
  const clock = createFakeClock()
  const live = createLiveSessions()
  const broken = () => Promise.reject(new Error('the disk is on fire'))
  const sessions = createSessions({
    clock,
    log: silentLog,
    keyring: createKeyring(new Map([[1, Buffer.alloc(32, 1)]])),
    records: { get: broken, find: broken, create: broken, swap: broken, remove: broken, change: broken },
    people: { add: broken, remove: broken, list: broken },
    live,
    issuers: [],
    announceEnd: broken,
    onEnd: () => undefined,
  })
  live.register('a key', () => undefined)
  sessions.forgetAll()
  await clock.advance(1)
  expect(unhandled).toEqual([])
})

test('a clock that is set back does not make an old read look new', async () => {
  let now = Date.UTC(2026, 0, 1)
  const clock: Clock = { now: () => now, after: () => () => undefined }
  let reads = 0
  const sessions = createSessions({
    clock,
    log: silentLog,
    keyring: createKeyring(new Map([[1, Buffer.alloc(32, 1)]])),
    records: {
      async get(id) {
        reads += 1
        return { id, value: sampleSession('cinema'), version: 1, expiresAt: now + 1e9 }
      },
      find: async () => undefined,
      create: async () => true,
      swap: async () => true,
      remove: async () => true,
      change: async () => true,
    },
    people: { add: async () => [], remove: async () => undefined, list: async () => [] },
    live: createLiveSessions(),
    issuers: ['https://id.home.example'],
    announceEnd: async () => undefined,
    onEnd: () => undefined,
  })
  await sessions.find('A'.repeat(43))
  await sessions.find('A'.repeat(43))
  expect(reads).toBe(1)
  now -= 60_000
  await sessions.find('A'.repeat(43))
  expect(reads).toBe(2)
})
