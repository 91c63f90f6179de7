import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Store } from '../../src/store/contract.ts'
import type { FakeClock } from '../support/clock.ts'
import { describeFeed } from './feed.ts'

/** A store under test. It takes its time from `clock`; `cleanup` closes it and takes away what it left. */
export type StoreUnderTest = { store: Store; clock: FakeClock; cleanup(): Promise<void> }

/** … which keeps its records: `reopen` closes it and opens it again on the same ground. */
export type DurableStoreUnderTest = StoreUnderTest & { reopen(): Promise<Store> }

const HOUR = 3_600_000

/** What holds for every store. `open` gives an empty one. */
export function describeStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`store: ${name}`, () => {
    let parts: StoreUnderTest
    let store: Store
    let clock: FakeClock
    let later: number

    beforeEach(async () => {
      parts = await open()
      store = parts.store
      clock = parts.clock
      later = clock.now() + HOUR
    })
    afterEach(() => parts.cleanup())

    async function read(key: string) {
      const record = await store.get(key)
      if (record === undefined) throw new Error(`no record under ${key}`)
      return record
    }

    test('a key that was never written is absent', async () => {
      expect(await store.get('a')).toBeUndefined()
      expect(await store.swap('a', 0, 'x', later)).toBe(false)
      expect(await store.swap('a', 1, 'x', later)).toBe(false)
      expect(await store.remove('a', 1)).toBe(false)
      expect(await store.get('a')).toBeUndefined()
    })

    test('a created record is read back whole', async () => {
      expect(await store.create('a', 'one', later)).toBe(true)
      expect(await read('a')).toEqual({ value: 'one', version: expect.any(Number), expiresAt: later })
    })

    test('create leaves an existing record alone', async () => {
      await store.create('a', 'one', later)
      const before = await read('a')
      expect(await store.create('a', 'two', later + 1)).toBe(false)
      expect(await read('a')).toEqual(before)
    })

    test('swap replaces value and expiry under the version that was read, once', async () => {
      await store.create('a', 'one', later)
      const { version } = await read('a')
      expect(await store.swap('a', version, 'two', later + 5)).toBe(true)
      const after = await read('a')
      expect(after).toMatchObject({ value: 'two', expiresAt: later + 5 })
      expect(after.version).not.toBe(version)
      expect(await store.swap('a', version, 'three', later)).toBe(false)
      expect(await read('a')).toEqual(after)
    })

    test('a swap to the same value is a new version all the same', async () => {
      await store.create('a', 'one', later)
      const { version } = await read('a')
      expect(await store.swap('a', version, 'one', later)).toBe(true)
      expect((await read('a')).version).not.toBe(version)
    })

    test('remove takes the record under the version that was read, once', async () => {
      await store.create('a', 'one', later)
      const { version } = await read('a')
      await store.swap('a', version, 'two', later)
      expect(await store.remove('a', version)).toBe(false)
      const current = await read('a')
      expect(await store.remove('a', current.version)).toBe(true)
      expect(await store.remove('a', current.version)).toBe(false)
      expect(await store.get('a')).toBeUndefined()
    })

    // Lives shorter than any sweep, so that expired records are still lying in the store.
    test('a record is there until its expiry and absent at it, for every operation', async () => {
      await store.create('a', 'one', clock.now() + 1000)
      const { version } = await read('a')
      await clock.advance(999)
      expect((await read('a')).value).toBe('one')
      await clock.advance(1)
      expect(await store.get('a')).toBeUndefined()
      expect(await store.swap('a', version, 'two', later)).toBe(false)
      expect(await store.remove('a', version)).toBe(false)
      expect(await store.create('a', 'new', later)).toBe(true)
      expect((await read('a')).value).toBe('new')
    })

    test('a record written with an expiry that has passed is absent at once', async () => {
      expect(await store.create('a', 'late', clock.now())).toBe(true)
      expect(await store.get('a')).toBeUndefined()
      expect(await store.create('a', 'one', later)).toBe(true)
    })

    test('a swap moves the expiry both ways', async () => {
      await store.create('a', 'one', clock.now() + 1000)
      await store.swap('a', (await read('a')).version, 'two', later)
      await clock.advance(1000)
      const held = await read('a')
      expect(held.value).toBe('two')
      await store.swap('a', held.version, 'three', clock.now() + 1)
      await clock.advance(1)
      expect(await store.get('a')).toBeUndefined()
    })

    test('a version is never used again for a key, not after removal, not after expiry', async () => {
      const seen = new Set<number>()
      for (let round = 0; round < 20; round++) {
        expect(await store.create('a', `${round}`, clock.now() + 1000)).toBe(true)
        const first = await read('a')
        await store.swap('a', first.version, 'again', clock.now() + 1000)
        const second = await read('a')
        for (const version of [first.version, second.version]) {
          expect(seen.has(version)).toBe(false)
          seen.add(version)
        }
        if (round % 2 === 0) await store.remove('a', second.version)
        else await clock.advance(1000)
      }
    })

    test('of 50 who create at once, one wins', async () => {
      const won = await Promise.all(Array.from({ length: 50 }, (_, i) => store.create('a', `${i}`, later)))
      expect(won.filter(Boolean)).toHaveLength(1)
      expect((await read('a')).value).toBe(`${won.indexOf(true)}`)
    })

    test('of 50 who swap at once, one wins', async () => {
      await store.create('a', 'start', later)
      const { version } = await read('a')
      const won = await Promise.all(Array.from({ length: 50 }, (_, i) => store.swap('a', version, `${i}`, later)))
      expect(won.filter(Boolean)).toHaveLength(1)
      expect((await read('a')).value).toBe(`${won.indexOf(true)}`)
    })

    test('of 50 who swap or remove at once, one wins', async () => {
      await store.create('a', 'start', later)
      const { version } = await read('a')
      const won = await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          i % 2 === 0 ? store.remove('a', version) : store.swap('a', version, `${i}`, later),
        ),
      )
      expect(won.filter(Boolean)).toHaveLength(1)
    })

    test('keys are kept apart byte by byte', async () => {
      const keys = [
        ...['a', 'A', 'a ', ' a', 'a\0', 'a\0b', 'a/', 'a%', 'a_', '%', '', '*', 'é', 'e\u0301', '\u{1f4fa}'],
        ...[
          '__proto__',
          'constructor',
          'toString',
          "'",
          '"',
          "'; DROP TABLE records; --",
          'a\nb',
          ':key',
          '{a}',
          '1',
          '01',
        ],
      ]
      for (const key of keys) expect(await store.create(key, `value of ${key}`, later)).toBe(true)
      for (const key of keys) expect((await read(key)).value).toBe(`value of ${key}`)
    })

    test.each([
      ['nothing', ''],
      ['a megabyte', 'x'.repeat(1_048_576)],
      ['other scripts', 'Wohnzimmer · 客厅 · غرفة · \u{1f4fa}'],
      ['quotes, line ends and NUL', `'"\`\\\r\n\t\0 end`],
      ['words of JavaScript', '__proto__'],
      ['digits that are no number', '007'],
    ])('a value comes back as it went in: %s', async (_, value) => {
      await store.create('a', value, later)
      expect((await read('a')).value).toBe(value)
    })

    test('what is read is a copy', async () => {
      await store.create('a', 'one', later)
      const record = await read('a')
      record.value = 'changed by the reader'
      expect((await read('a')).value).toBe('one')
    })

    test('a closed store refuses everything, plans nothing, and may be closed again', async () => {
      await store.create('a', 'one', later)
      await store.close()
      await store.close()
      expect(clock.pending()).toBe(0)
      await expect(store.get('a')).rejects.toThrow()
      await expect(store.create('b', 'x', later)).rejects.toThrow()
      await expect(store.swap('a', 1, 'x', later)).rejects.toThrow()
      await expect(store.remove('a', 1)).rejects.toThrow()
      await expect(store.feed.append('x')).rejects.toThrow()
      await expect(store.feed.readSince(0, 1)).rejects.toThrow()
      await expect(store.feed.head()).rejects.toThrow()
    })
  })

  describeFeed(name, async () => {
    const { store, cleanup } = await open()
    return { feed: store.feed, cleanup }
  })
}

/** What holds for every store that outlives its process. */
export function describeDurableStore(name: string, open: () => Promise<DurableStoreUnderTest>): void {
  describe(`store that lasts: ${name}`, () => {
    let parts: DurableStoreUnderTest

    beforeEach(async () => {
      parts = await open()
    })
    afterEach(() => parts.cleanup())

    test('records, versions and the feed are there after reopening', async () => {
      const { store, clock } = parts
      const later = clock.now() + HOUR
      await store.create('kept', 'one', later)
      await store.create('short', 'x', clock.now() + 10)
      await store.create('taken', 'y', later)
      const kept = await store.get('kept')
      const taken = await store.get('taken')
      await store.remove('taken', taken?.version ?? 0)
      const position = await store.feed.append('entry')

      const again = await parts.reopen()
      await clock.advance(10)
      expect(await again.get('kept')).toEqual(kept)
      expect(await again.get('short')).toBeUndefined()
      expect(await again.get('taken')).toBeUndefined()
      expect(await again.feed.readSince(0, 10)).toEqual({ entries: [{ position, entry: 'entry' }], missed: false })
      expect(await again.swap('kept', kept?.version ?? 0, 'two', later)).toBe(true)
    })

    test('versions and positions are not used again after reopening', async () => {
      const { store, clock } = parts
      const later = clock.now() + HOUR
      await store.create('a', 'one', later)
      const before = await store.get('a')
      await store.remove('a', before?.version ?? 0)
      const position = await store.feed.append('entry')

      const again = await parts.reopen()
      await again.create('a', 'two', later)
      expect((await again.get('a'))?.version).not.toBe(before?.version)
      expect(await again.feed.append('entry')).toBeGreaterThan(position)
    })
  })
}
