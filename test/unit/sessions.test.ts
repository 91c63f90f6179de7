import { expect, test } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../src/lib/clock.ts'
import { randomId } from '../../src/lib/random.ts'
import { createLiveSessions } from '../../src/sessions/live.ts'
import type { Store } from '../../src/store/contract.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { replica, sessionOf } from '../contract/races.ts'
import { createFakeClock } from '../support/clock.ts'
import { loginAt } from '../support/login.ts'

test('ending a session closes everything that is open on it, and nothing else', () => {
  const live = createLiveSessions()
  const closed: string[] = []
  live.register('a', () => closed.push('a1'))
  live.register('a', () => closed.push('a2'))
  const forget = live.register('a', () => closed.push('a3'))
  live.register('b', () => closed.push('b'))
  forget()
  expect(live.isOpen('a')).toBe(true)
  expect(live.close('a')).toBe(2)
  expect(closed).toEqual(['a1', 'a2'])
  expect(live.keys()).toEqual(['b'])
  expect(live.close('a')).toBe(0)
})

test('a socket that opens just as its session ends is closed', () => {
  const live = createLiveSessions()
  live.close('a')
  const closed: string[] = []
  live.register('a', () => closed.push('late'))()
  expect(closed).toEqual(['late'])
  expect(live.isOpen('a')).toBe(false)
})

test('a lookup that was under way when its session ended finds nothing', async () => {
  const clock = createFakeClock()
  const store = createMemoryStore(clock)
  const gates: (() => void)[] = []
  let slow = false
  // A store whose answer is on its way for a while.
  const late: Store = {
    ...store,
    async get(key) {
      const record = await store.get(key)
      if (slow) await new Promise<void>((resolve) => gates.push(resolve))
      return record
    },
  }
  const { sessions } = replica({ store: late, clock })
  const secret = randomId()
  await sessions.create(secret, sessionOf(loginAt(clock.now()), clock.now()))
  slow = true
  const under = sessions.find(secret)
  await clock.advance(0)
  slow = false
  const { key } = (await sessions.find(secret)) ?? { key: '' }
  await sessions.end(key, 'revoked')
  for (const open of gates) open()
  expect(await under).toBeUndefined()
  expect(await sessions.find(secret)).toBeUndefined()
})

test('what outlives its session is cut: at once when it was revoked, after half an hour when it ran out', async () => {
  const clock = createFakeClock()
  const store = createMemoryStore(clock)
  const live = createLiveSessions()
  const { sessions } = replica({ store, clock }, live)
  const secret = randomId()
  await sessions.create(secret, {
    ...sessionOf(loginAt(clock.now()), clock.now()),
    absoluteUntil: clock.now() + 60_000,
  })
  const { key } = (await sessions.find(secret)) ?? { key: '' }
  const closed: number[] = []
  live.register(key, () => closed.push(clock.now()))
  const ended = clock.now() + 60_000
  await clock.advance(60_000)
  expect(await sessions.find(secret)).toBeUndefined()
  await clock.advance(29 * 60_000)
  expect(closed).toEqual([])
  await clock.advance(2 * 60_000)
  expect(closed).toHaveLength(1)
  expect((closed[0] ?? 0) - ended).toBeGreaterThanOrEqual(30 * 60_000)
})

test('a session that has ended or run out opens nothing', async () => {
  const clock = createFakeClock()
  const { sessions } = replica({ store: createMemoryStore(clock), clock })
  const now = clock.now()
  const session = sessionOf(loginAt(now), now)
  const [over, idle, ended] = [randomId(), randomId(), randomId()]
  await sessions.create(over, { ...session, absoluteUntil: now })
  await sessions.create(idle, { ...session, idleMs: 0 })
  await sessions.create(ended, { ...session, ended: { at: now, reason: 'revoked' } })
  for (const secret of [over, idle, ended]) expect(await sessions.find(secret)).toBeUndefined()
  for (const odd of ['', 'x', '__proto__', '../..', 'a'.repeat(44)]) expect(await sessions.find(odd)).toBeUndefined()
})

test('collecting never brings back a session that has ended', async () => {
  const clock = createFakeClock()
  const { sessions } = replica({ store: createMemoryStore(clock), clock })
  const secret = randomId()
  const session = sessionOf(loginAt(clock.now()), clock.now())
  expect(await sessions.create(secret, session)).toBe('created')
  await sessions.end((await sessions.find(secret))?.key ?? '', 'revoked')
  expect(await sessions.create(secret, session)).toBe('ended')
  expect(await sessions.find(secret)).toBeUndefined()
})

/** A replica on a store that takes no writes while it is full. */
async function startOnFullStore() {
  const clock = createFakeClock()
  const memory = createMemoryStore(clock)
  const disk = { full: false }
  const store: Store = {
    ...memory,
    async swap(...args) {
      if (disk.full) throw new Error('the disk is full')
      return memory.swap(...args)
    },
  }
  const { sessions } = replica({ store, clock })
  const secret = randomId()
  const session = sessionOf(loginAt(clock.now()), clock.now())
  await sessions.create(secret, { ...session, idleMs: HOUR, absoluteUntil: clock.now() + 30 * HOUR })
  const { key } = (await sessions.find(secret)) ?? { key: '' }
  disk.full = true
  return { clock, store, disk, sessions, secret, key }
}

test('a full disk signs nobody out: when they were last seen counts, and is written when there is room', async () => {
  const { clock, store, disk, sessions, secret } = await startOnFullStore()
  for (let minute = 0; minute < 80; minute += 5) {
    await clock.advance(5 * MINUTE)
    expect([minute, (await sessions.find(secret)) !== undefined]).toEqual([minute, true])
  }
  disk.full = false
  await clock.advance(MINUTE)
  // As after a restart.
  await clock.advance(50 * MINUTE)
  expect(await replica({ store, clock }).sessions.find(secret)).toBeDefined()
})

test('an end that the store does not take counts at once, and is written when it does', async () => {
  const { clock, store, disk, sessions, secret, key } = await startOnFullStore()
  expect(await sessions.end(key, 'revoked')).toBe('not-kept')
  expect(await sessions.find(secret)).toBeUndefined()
  expect(await replica({ store, clock }).sessions.find(secret)).toBeDefined()
  disk.full = false
  await clock.advance(15 * SECOND)
  expect(await replica({ store, clock }).sessions.find(secret)).toBeUndefined()
})
