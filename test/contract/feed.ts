import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FEED_LIMIT, type Feed } from '../../src/store/contract.ts'

/** What holds for the feed of every store. `open` gives an empty one. */
export function describeFeed(name: string, open: () => Promise<{ feed: Feed; cleanup(): Promise<void> }>): void {
  describe(`feed: ${name}`, () => {
    let feed: Feed
    let cleanup: () => Promise<void>

    beforeEach(async () => {
      ;({ feed, cleanup } = await open())
    })
    afterEach(() => cleanup())

    test('an empty feed has head 0 and no entries', async () => {
      expect(await feed.head()).toBe(0)
      expect(await feed.readSince(0, 10)).toEqual({ entries: [], missed: false })
    })

    test('feed entries come back in order, after the position, within the limit', async () => {
      const positions: number[] = []
      for (const entry of ['a', 'b', 'b', 'ü\0"', '']) positions.push(await feed.append(entry))
      expect(positions).toEqual([...positions].sort((a, b) => a - b))
      expect(new Set(positions).size).toBe(5)
      expect(await feed.head()).toBe(positions[4])
      const all = await feed.readSince(0, 10)
      expect(all).toEqual({
        entries: ['a', 'b', 'b', 'ü\0"', ''].map((entry, i) => ({ position: positions[i], entry })),
        missed: false,
      })
      const some = await feed.readSince(positions[1] as number, 2)
      expect(some.entries.map(({ entry }) => entry)).toEqual(['b', 'ü\0"'])
      expect(await feed.readSince(positions[4] as number, 10)).toEqual({ entries: [], missed: false })
    })

    test('entries appended at once each get their own place', async () => {
      const positions = await Promise.all(Array.from({ length: 50 }, (_, i) => feed.append(`${i}`)))
      const { entries } = await feed.readSince(0, 100)
      expect(new Set(positions).size).toBe(50)
      expect(entries.map(({ entry }) => entry).sort()).toEqual(Array.from({ length: 50 }, (_, i) => `${i}`).sort())
      for (const { position, entry } of entries) expect(positions[Number(entry)]).toBe(position)
    })

    test('the feed keeps its newest entries, and says so to whoever comes too late', async () => {
      const extra = 3
      const positions: number[] = []
      for (let i = 0; i < FEED_LIMIT + extra; i++) positions.push(await feed.append(`${i}`))
      const late = await feed.readSince(0, FEED_LIMIT + 10)
      expect(late.missed).toBe(true)
      expect(late.entries).toHaveLength(FEED_LIMIT)
      expect(late.entries[0]).toEqual({ position: positions[extra], entry: `${extra}` })
      expect((await feed.readSince(positions[extra - 2] as number, 1)).missed).toBe(true)
      // Whoever has read the last dropped entry has missed nothing.
      expect((await feed.readSince(positions[extra - 1] as number, 1)).missed).toBe(false)
    })

    test('a position past the head belongs to another feed: missed, and read from the start', async () => {
      expect(await feed.readSince(7, 10)).toEqual({ entries: [], missed: true })
      const position = await feed.append('a')
      expect(await feed.readSince(position + 7, 10)).toEqual({
        entries: [{ position, entry: 'a' }],
        missed: true,
      })
    })
  })
}
