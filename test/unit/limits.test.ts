import { expect, test } from 'vitest'
import { guessing, guessOdds } from '../../src/door/guess-odds.ts'
import { createPresses } from '../../src/door/presses.ts'
import { createJourneys, type Journey } from '../../src/door/sign-in/journeys.ts'
import { createTries } from '../../src/door/tries.ts'
import { createBuckets } from '../../src/lib/buckets.ts'
import { HOUR, MINUTE, SECOND } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import { prefixesOf } from '../../src/lib/prefixes.ts'
import { createRareNotices } from '../../src/lib/rare-notices.ts'
import { pendingLogins } from '../../src/logins/logins.ts'
import { createPending } from '../../src/logins/pending.ts'
import { createKeyring } from '../../src/store/keyring.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { createRecords } from '../../src/store/records.ts'
import { createStartLimits } from '../../src/threshold/start-limits.ts'
import { createFakeClock } from '../support/clock.ts'
import { HOME } from '../support/login.ts'

const clock = createFakeClock()
const untold = () => undefined
const at = (address: string, certain = true) => ({ address, certain })

function startLogins(most = 64) {
  return createPending(clock, { most, lifeMs: 15 * MINUTE, keptMs: 12 * HOUR }, untold)
}

function startTries() {
  const keyring = createKeyring(new Map([[1, Buffer.alloc(32, 7)]]))
  const records = createRecords<number[]>(createMemoryStore(clock), keyring, 'tries')
  return createTries({ clock, records, tell: untold })
}

function startJourneys() {
  const keyring = createKeyring(new Map([[1, Buffer.alloc(32, 7)]]))
  const store = createMemoryStore(clock)
  let kept = 0
  const counting = {
    ...store,
    create: (key: string, value: string, expiresAt: number) => {
      kept++
      return store.create(key, value, expiresAt)
    },
    remove: (key: string, version: number) => {
      kept--
      return store.remove(key, version)
    },
  }
  const records = createRecords<Journey>(counting, keyring, 'journey')
  return { journeys: createJourneys({ clock, keyring, records, pending: startLogins() }), kept: () => kept }
}

test.each([
  ['192.0.2.7', '192.0.2.7', '192.0.2.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['2001:DB8:1:2::1', '2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['unknown', 'unknown', 'unknown'],
])('%s is in %s and %s', (address, narrow, wide) => {
  expect(prefixesOf(address)).toEqual({ narrow, wide })
})

test('a bucket gives its burst at once, then one at a time, and says how long to wait', async () => {
  const buckets = createBuckets(clock, { burst: 3, everyMs: SECOND, most: 8 })
  expect([1, 2, 3, 4, 5].map(() => buckets.take('a'))).toEqual([0, 0, 0, SECOND, SECOND])
  await clock.advance(400)
  expect(buckets.take('a')).toBe(600)
  await clock.advance(600)
  expect([buckets.take('a'), buckets.take('a')]).toEqual([0, SECOND])
  await clock.advance(HOUR)
  expect([1, 2, 3, 4].map(() => buckets.take('a'))).toEqual([0, 0, 0, SECOND])
})

test('a clock that was set back keeps nobody waiting for longer than an empty bucket takes', () => {
  let now = 1_000_000_000
  const buckets = createBuckets({ ...clock, now: () => now }, { burst: 2, everyMs: SECOND, most: 8 })
  buckets.take('a')
  now -= HOUR
  expect(buckets.take('a')).toBeLessThanOrEqual(SECOND)
})

test('D12: a table of limits stays as small as it is, and full it refuses nobody', () => {
  const buckets = createBuckets(clock, { burst: 1, everyMs: HOUR, most: 1000 })
  for (let i = 0; i < 100_000; i++) buckets.take(`stranger ${i}`)
  expect(buckets.size()).toBe(1000)
  expect(buckets.take('family')).toBe(0)
  // And whoever is over their limit does not get out of it by asking on.
  for (let i = 0; i < 10_000; i++) expect(buckets.take('family')).toBeGreaterThan(0)
})

test('D12: whoever begins logins without end pushes out their own', async () => {
  const pending = startLogins()
  pending.add('asleep at home', '192.0.2.7')
  pending.add('awake at home', '192.0.2.7')
  await clock.advance(3 * MINUTE)
  pending.seen('awake at home')
  const gone: (string | undefined)[] = []
  for (let i = 0; i < 1000; i++) {
    gone.push(pending.add(`theirs ${i}`, '2001:db8::1'))
    pending.seen(`theirs ${i}`)
    pending.opened(`theirs ${i}`)
  }
  expect(pending.size()).toBe(64)
  expect(gone.filter((id) => id !== undefined)).toHaveLength(1000 - 62)
  expect(gone.filter((id) => id?.includes('home'))).toEqual([])
  // The oldest first.
  expect(gone.at(-1)).toBe(`theirs ${1000 - 63}`)
})

test('D12: strangers from everywhere push out what nobody waits for, and last what a phone has opened', async () => {
  const pending = startLogins()
  pending.add('asleep', '192.0.2.7')
  pending.add('in before', '192.0.2.7', true)
  pending.add('opened', '192.0.2.7')
  pending.opened('opened')
  pending.add('awake', '192.0.2.7')
  pending.seen('awake')
  const gone: (string | undefined)[] = []
  for (let i = 0; i < 1000; i++) gone.push(pending.add(`theirs ${i}`, `2001:db8:${i.toString(16)}::1`))
  expect(pending.size()).toBe(64)
  expect(gone.filter((id) => id !== undefined && !id.startsWith('theirs'))).toEqual(['asleep'])
  for (let i = 0; i < 1000; i++) pending.seen(`theirs ${i}`)
  for (let i = 1000; i < 2000; i++) {
    gone.push(pending.add(`theirs ${i}`, `2001:db8:${i.toString(16)}::1`))
    pending.seen(`theirs ${i}`)
  }
  expect(gone).not.toContain('opened')
})

test('D12: strangers whose logins are all opened and waited for push out their own before those of a home', () => {
  const pending = startLogins(4096)
  const gone: (string | undefined)[] = []
  let begun = 0
  // From nine networks, none of which has more than its share.
  function theirs() {
    const id = `theirs ${begun}`
    gone.push(pending.add(id, `198.51.${begun++ % 9}.7`))
    pending.seen(id)
    pending.opened(id)
  }
  for (let i = 0; i < 4096; i++) theirs()
  for (const screen of ['begun', 'awake', 'awake too', 'in before']) {
    pending.add(screen, '192.0.2.7', screen === 'in before')
    if (screen.startsWith('awake')) pending.seen(screen)
  }
  for (let i = 0; i < 5000; i++) theirs()
  expect(gone.filter((id) => id?.startsWith('theirs') === false)).toEqual([])
})

test('D12: a login that somebody has decided, or that has run out, takes no place', async () => {
  const pending = startLogins(4)
  for (const id of ['a', 'b', 'c', 'd']) pending.add(id, '192.0.2.7')
  pending.leave('a')
  expect(pending.add('e', '192.0.2.7')).toBeUndefined()
  await clock.advance(16 * MINUTE)
  expect(pending.add('f', '192.0.2.7')).toBeUndefined()
  expect(pending.size()).toBe(1)
})

test('D12: a household with five televisions, three apps and an impatient child never meets a limit', () => {
  const starts = createStartLimits(clock, untold)
  const taken: number[] = []
  for (let tv = 0; tv < 5; tv++) {
    for (let app = 0; app < 3; app++) taken.push(starts.take({ place: at('198.51.100.7'), device: undefined }))
  }
  // A browser that blocks cookies begins anew with each reload.
  for (let reload = 0; reload < 30; reload++) taken.push(starts.take({ place: at('198.51.100.7'), device: undefined }))
  expect(taken.filter((ms) => ms > 0)).toEqual([])
})

test('starts of one address, of one /64 and of one /48 are counted together', () => {
  for (const [addressOf, most] of [
    [() => '203.0.113.9', 60],
    [(i: number) => `2001:db8:5:6::${i.toString(16)}`, 60],
    [(i: number) => `2001:db8:7:${i.toString(16)}::1`, 480],
    [(i: number) => `2001:db8:${i.toString(16)}:1::1`, 1000],
  ] as const) {
    const starts = createStartLimits(clock, untold)
    const waits = Array.from({ length: 1000 }, (_, i) => starts.take({ place: at(addressOf(i)), device: undefined }))
    expect(waits.filter((ms) => ms === 0)).toHaveLength(most)
  }
})

test('D12: an address that may be anybody, and a device that was in before, are not held to their network', () => {
  const starts = createStartLimits(clock, untold)
  for (let i = 0; i < 100; i++) starts.take({ place: at('198.51.100.7'), device: undefined })
  expect(starts.take({ place: at('198.51.100.7'), device: undefined })).toBeGreaterThan(0)
  expect(starts.take({ place: at('198.51.100.7'), device: 'tv' })).toBe(0)
  for (let i = 0; i < 1000; i++) expect(starts.take({ place: at('172.17.0.1', false), device: undefined })).toBe(0)
  const waits = Array.from({ length: 100 }, () => starts.take({ place: at('198.51.100.7'), device: 'stolen' }))
  expect(waits.filter((ms) => ms === 0)).toHaveLength(30)
})

test('U9: a thousand codes of one person, from as many addresses, get ten answers', async () => {
  const tries = startTries()
  for (const addressOf of [
    () => HOME.address,
    (i: number) => `2001:db8::${i.toString(16)}`,
    (i: number) => `10.${i >> 8}.${i & 255}.1`,
  ]) {
    const person = `person ${String(addressOf)}`
    let answers = 0
    let wait = 0
    for (let i = 0; i < 1000; i++) {
      wait = await tries.take(person, at(addressOf(i)))
      if (wait === 0) answers++
    }
    expect(answers).toBe(10)
    expect(wait).toBeGreaterThan(9 * MINUTE)
  }
})

test('U9: a thousand codes across people are slowed down together, and whoever has not tried yet is not', async () => {
  for (const [addressOf, most] of [
    // Three are everybody's own.
    [(i: number) => `10.${i}.0.1`, 3 * 100 + 100],
    [(i: number) => `2001:db8::${i.toString(16)}`, 3 * 100 + 30],
  ] as const) {
    const tries = startTries()
    let answers = 0
    for (let i = 0; i < 100; i++) {
      for (let code = 0; code < 10; code++) {
        if ((await tries.take(`person ${i}`, at(addressOf(i)))) === 0) answers++
      }
    }
    expect(answers).toBeLessThanOrEqual(most)
    for (let code = 0; code < 3; code++) expect(await tries.take('Robin', at(addressOf(1)))).toBe(0)
  }
})

test('D12: people who leave for the provider without end leave the store bounded', async () => {
  const { journeys, kept } = startJourneys()
  const journey = (state: string) => ({
    sent: { state, codeVerifier: '', nonce: '' },
    browser: 'robin',
    next: { kind: 'me' } as const,
  })
  await journeys.begin(journey('home'), '192.0.2.7')
  for (let i = 0; i < 1000; i++) await journeys.begin(journey(`theirs ${i}`), '203.0.113.9')
  expect(kept()).toBe(64)
  expect(await journeys.take('home', 'robin')).toMatchObject({ next: { kind: 'me' } })
  expect(await journeys.take('theirs 0', 'robin')).toBeUndefined()
  expect(await journeys.take('theirs 999', 'robin')).toBeDefined()
})

test('the odds of guessing a code are what the limits in force make them', () => {
  const day = { people: 1, ...guessing, minutes: 24 * 60 }
  // Ten screens of a family are waiting all day, and one person who is signed in types all that the limits let through.
  expect(guessOdds({ ...day, live: 10 })).toBeCloseTo(1440 * (10 / 20 ** 8), 12)
  // Fifty people, and as many live codes as there ever are.
  const most = guessOdds({ ...day, people: 50, live: 2 * pendingLogins.most })
  expect(most).toBeGreaterThan(0.005)
  expect(most).toBeLessThan(0.02)
  expect(guessOdds({ ...day, people: 50, live: 50 })).toBeLessThan(1e-4)
  expect(guessOdds({ ...day, live: 0 })).toBe(0)
})

test('presses are counted for the session, and for the network of whoever has none', () => {
  const presses = createPresses(clock, untold)
  const count = (session: string | undefined) =>
    Array.from({ length: 200 }, () => presses.take({ session, place: at('198.51.100.7') })).filter((ms) => ms === 0)
  expect(count(undefined)).toHaveLength(60)
  expect(count('robin')).toHaveLength(30)
  expect(count('sam')).toHaveLength(30)
})

test('L: a flood is one line of the log for a network and ten minutes', async () => {
  const lines: string[] = []
  const log = {
    ...silentLog,
    notice: (event: string, fields = {}) => void lines.push(`${event} ${JSON.stringify(fields)}`),
  }
  const tell = createRareNotices(clock, log)
  for (let i = 0; i < 1000; i++) tell('starts_limited', '2001:db8::/64')
  expect(lines).toEqual(['starts_limited {"network":"2001:db8::/64"}'])
  for (let i = 0; i < 10_000; i++) tell('starts_limited', `10.0.${i}`)
  expect(lines.length).toBeLessThanOrEqual(60)
  await clock.advance(10 * MINUTE)
  tell('starts_limited', '2001:db8::/64')
  expect(lines.length).toBeLessThanOrEqual(61)
  expect(lines.at(-1)).toContain('2001:db8::/64')
})
