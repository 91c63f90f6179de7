import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { FEED_LIMIT, type Feed } from '../../src/store/contract.ts'
import { followFeed } from '../../src/store/feed-reader.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { createFakeClock, type FakeClock } from '../support/clock.ts'

const EVERY = 2000

let clock: FakeClock
let feed: Feed
let heard: string[]
let missed: number
let errors: unknown[]

beforeEach(() => {
  clock = createFakeClock()
  feed = createMemoryStore(clock).feed
  heard = []
  missed = 0
  errors = []
})

async function follow(from: Feed = feed, onEntry = (entry: string): void => void heard.push(entry)) {
  const follower = await followFeed(from, clock, EVERY, {
    onEntry,
    onMissed: () => void missed++,
    onError: (error) => void errors.push(error),
  })
  onTestFinished(() => follower.stop())
  return follower
}

test('what was there before is not handed over', async () => {
  await feed.append('before')
  await follow()
  await feed.append('after')
  await clock.advance(EVERY)
  expect(heard).toEqual(['after'])
})

test('each entry is handed over once, in order, at the next interval', async () => {
  await follow()
  for (const entry of ['a', 'b', 'c']) await feed.append(entry)
  await clock.advance(EVERY - 1)
  expect(heard).toEqual([])
  await clock.advance(1)
  expect(heard).toEqual(['a', 'b', 'c'])
  await feed.append('d')
  await clock.advance(3 * EVERY)
  expect(heard).toEqual(['a', 'b', 'c', 'd'])
  expect(missed).toBe(0)
})

test('more than one page is read in one go', async () => {
  await follow()
  const entries = Array.from({ length: 1203 }, (_, i) => `${i}`)
  for (const entry of entries) await feed.append(entry)
  await clock.advance(EVERY)
  expect(heard).toEqual(entries)
})

test('whoever falls behind by more than the feed keeps is told, and goes on with what is left', async () => {
  await follow()
  for (let i = 0; i < FEED_LIMIT + 5; i++) await feed.append(`${i}`)
  await clock.advance(EVERY)
  expect(missed).toBe(1)
  expect(heard).toHaveLength(FEED_LIMIT)
  expect(heard.at(-1)).toBe(`${FEED_LIMIT + 4}`)
})

test('a feed that begins anew is noticed once, and followed', async () => {
  for (let i = 0; i < 5; i++) await feed.append('old life')
  let current = feed
  await follow({
    append: (entry) => current.append(entry),
    readSince: (position, limit) => current.readSince(position, limit),
    head: () => current.head(),
  })
  current = createMemoryStore(clock).feed
  await clock.advance(3 * EVERY)
  expect(missed).toBe(1)
  await current.append('new life')
  await clock.advance(EVERY)
  expect(heard).toEqual(['new life'])
  expect(missed).toBe(1)
})

test('reading now does not wait for the interval', async () => {
  const follower = await follow()
  await feed.append('a')
  await follower.readNow()
  expect(heard).toEqual(['a'])
})

test('one read at a time, and whoever asks during one gets what was appended before asking', async () => {
  let underWay = 0
  let most = 0
  let release: () => void = () => undefined
  let reads = 0
  const slow: Feed = {
    ...feed,
    async readSince(position, limit) {
      reads++
      most = Math.max(most, ++underWay)
      const page = await feed.readSince(position, limit)
      await new Promise<void>((resolve) => {
        release = resolve
      })
      underWay--
      return page
    },
  }
  const follower = await follow(slow)
  const first = follower.readNow()
  await clock.advance(0)
  await feed.append('late')
  const asked = Array.from({ length: 20 }, () => follower.readNow())
  release()
  await first
  await clock.advance(0)
  expect(heard).toEqual([])
  release()
  await Promise.all(asked)
  expect(heard).toEqual(['late'])
  expect({ most, reads }).toEqual({ most: 1, reads: 2 })
})

test('a read that fails is reported and made up for', async () => {
  let broken = true
  await follow({
    ...feed,
    readSince: (position, limit) => (broken ? Promise.reject(new Error('down')) : feed.readSince(position, limit)),
  })
  await feed.append('a')
  await clock.advance(2 * EVERY)
  expect(errors).toHaveLength(2)
  broken = false
  await clock.advance(EVERY)
  expect(heard).toEqual(['a'])
})

test('an entry that its listener chokes on does not hold up the others', async () => {
  await follow(feed, (entry) => {
    if (entry === 'bad') throw new Error('choked')
    heard.push(entry)
  })
  for (const entry of ['a', 'bad', 'b']) await feed.append(entry)
  await clock.advance(2 * EVERY)
  expect(heard).toEqual(['a', 'b'])
  expect(errors).toEqual([new Error('choked')])
})

test('nothing is handed over after stopping, not even by a read under way', async () => {
  const follower = await follow(feed, (entry) => {
    heard.push(entry)
    follower.stop()
  })
  await feed.append('a')
  await feed.append('b')
  await clock.advance(EVERY)
  expect(heard).toEqual(['a'])
  expect(clock.pending()).toBe(0)
  await feed.append('c')
  await follower.readNow()
  await clock.advance(10 * EVERY)
  expect(heard).toEqual(['a'])
})

test('a feed whose head cannot be read is not followed', async () => {
  await expect(follow({ ...feed, head: () => Promise.reject(new Error('down')) })).rejects.toThrow('down')
  expect(clock.pending()).toBe(0)
})
