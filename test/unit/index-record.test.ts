import { beforeEach, expect, test } from 'vitest'
import type { Store } from '../../src/store/contract.ts'
import { createIndex, INDEX_LIMIT, type Index, type IndexEntry } from '../../src/store/index-record.ts'
import { createKeyring } from '../../src/store/keyring.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { createRecords } from '../../src/store/records.ts'
import { createFakeClock, type FakeClock } from '../support/clock.ts'

const HOUR = 3_600_000

let clock: FakeClock
let store: Store
let gone: Set<string>
let index: Index
let later: number

beforeEach(() => {
  clock = createFakeClock()
  store = createMemoryStore(clock)
  gone = new Set()
  const keyring = createKeyring(new Map([[1, Buffer.alloc(32, 1)]]))
  const records = createRecords<IndexEntry[]>(store, keyring, 'index')
  index = createIndex({ clock, records, exists: async (id) => !gone.has(id) })
  later = clock.now() + HOUR
})

test('ids are listed under their key, oldest first, once', async () => {
  expect(await index.list('anna')).toEqual([])
  for (const id of ['tv', 'car', 'tablet']) expect(await index.add('anna', id, later)).toEqual([])
  await index.add('ben', 'console', later)
  expect(await index.list('anna')).toEqual(['tv', 'car', 'tablet'])
  expect(await index.list('ben')).toEqual(['console'])
  await index.add('anna', 'tv', later)
  expect(await index.list('anna')).toEqual(['car', 'tablet', 'tv'])
  await index.add('anna under another key', 'tv', later)
  await index.add('anna under another key', 'phone', later)
  expect(await index.list('anna under another key', 'anna')).toEqual(['tv', 'phone', 'car', 'tablet'])
})

test('a removed id is off the list, and the last one takes the record along', async () => {
  await index.add('anna', 'tv', later)
  await index.add('anna', 'car', later)
  await index.remove('anna', 'tv')
  await index.remove('anna', 'never there')
  await index.remove('nobody', 'tv')
  expect(await index.list('anna')).toEqual(['car'])
  await index.remove('anna', 'car')
  expect(await store.get('index/anna')).toBeUndefined()
})

test('50 additions at once all land', async () => {
  const ids = Array.from({ length: 50 }, (_, i) => `id ${i}`)
  await Promise.all(ids.map((id) => index.add('anna', id, later)))
  expect((await index.list('anna')).sort()).toEqual(ids.sort())
})

test('additions and removals at once all land', async () => {
  for (let i = 0; i < 25; i++) await index.add('anna', `old ${i}`, later)
  await Promise.all(
    Array.from({ length: 25 }, (_, i) => [
      index.add('anna', `new ${i}`, later),
      index.remove('anna', `old ${i}`),
    ]).flat(),
  )
  expect((await index.list('anna')).sort()).toEqual(Array.from({ length: 25 }, (_, i) => `new ${i}`).sort())
})

test('the record lives as long as its longest entry, and each entry as long as its own', async () => {
  await index.add('anna', 'long', later + HOUR)
  await index.add('anna', 'short', later)
  expect((await store.get('index/anna'))?.expiresAt).toBe(later + HOUR)
  await clock.advance(HOUR)
  expect(await index.list('anna')).toEqual(['long'])
  await index.remove('anna', 'long')
  expect(await store.get('index/anna')).toBeUndefined()
})

test('adding again prolongs', async () => {
  await index.add('anna', 'tv', later)
  await index.add('anna', 'tv', later + HOUR)
  await clock.advance(HOUR)
  expect(await index.list('anna')).toEqual(['tv'])
})

test('reading takes what is gone off the list', async () => {
  for (const id of ['tv', 'car', 'tablet']) await index.add('anna', id, later)
  await clock.advance(60_000)
  gone.add('car')
  expect(await index.list('anna')).toEqual(['tv', 'tablet'])
  gone.clear()
  expect(await index.list('anna')).toEqual(['tv', 'tablet'])
})

test('an id that was listed a moment before its thing is made stays on the list', async () => {
  gone.add('tv')
  await index.add('anna', 'tv', later)
  expect(await index.list('anna')).toEqual([])
  gone.clear()
  expect(await index.list('anna')).toEqual(['tv'])
})

test('an id that is added while the list is being repaired is not lost', async () => {
  const records = createRecords<IndexEntry[]>(store, createKeyring(new Map([[1, Buffer.alloc(32, 1)]])), 'index')
  await index.add('anna', 'tv', later)
  await clock.advance(60_000)
  const repairing = createIndex({
    clock,
    records,
    async exists() {
      await index.add('anna', 'car', later)
      return false
    },
  })
  expect(await repairing.list('anna')).toEqual([])
  expect(await index.list('anna')).toEqual(['tv', 'car'])
})

test('a full list drops the oldest and says which', async () => {
  for (let i = 0; i < INDEX_LIMIT; i++) expect(await index.add('anna', `${i}`, later)).toEqual([])
  expect(await index.add('anna', 'one more', later)).toEqual(['0'])
  const listed = await index.list('anna')
  expect(listed).toHaveLength(INDEX_LIMIT)
  expect(listed[0]).toBe('1')
  expect(listed.at(-1)).toBe('one more')
})

test('a list that never stops changing is given up, not tried for ever', async () => {
  const keyring = createKeyring(new Map([[1, Buffer.alloc(32, 1)]]))
  let lost = 0
  const contended: Store = { ...store, create: async () => Boolean(lost++ < 0) }
  const records = createRecords<IndexEntry[]>(contended, keyring, 'index')
  const busy = createIndex({ clock, records, exists: async () => true })
  await expect(busy.add('anna', 'tv', later)).rejects.toThrow(/changed by others/)
  expect(lost).toBeLessThan(1000)
})
