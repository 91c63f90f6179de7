import { times } from '../src/lib/times.ts'

/** A source of numbers from 0 to 1 that is the same in each run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Time to the next of events that come at random, so many a second. */
const nextAfter = (random: () => number, perSecond: number) => -Math.log(1 - random()) / perSecond

/** One session whose requests go to gateways at random: how often a second all of them together read it. */
export function simulateReads(
  requestsPerSecond: number,
  gateways: number,
  random: () => number,
  seconds = 20_000,
): number {
  const readAt = new Float64Array(gateways).fill(Number.NEGATIVE_INFINITY)
  let reads = 0
  for (let now = 0; now < seconds; now += nextAfter(random, requestsPerSecond)) {
    const gateway = Math.floor(random() * gateways)
    if (now - (readAt[gateway] as number) < times.nearCache / 1000) continue
    readAt[gateway] = now
    reads++
  }
  return reads / seconds
}

/**
 * One gateway that follows the feed: reads a second, and how late it hears of an entry, in milliseconds, at most. A read
 * takes `readMs`; an entry that comes meanwhile waits for the one after it.
 */
export function simulateFeed(
  entriesPerSecond: number,
  readMs: number,
  random: () => number,
  seconds = 200,
): { reads: number; latestMs: number } {
  let reads = 0
  let latestMs = 0
  let busyUntil = 0
  let nextPlanned = times.feed / 1000
  /** The oldest entry that the read after this one will bring. */
  let oldest: number | undefined

  function read(begin: number): void {
    reads++
    busyUntil = begin + readMs / 1000
    if (oldest !== undefined) latestMs = Math.max(latestMs, (busyUntil - oldest) * 1000)
    oldest = undefined
  }

  for (let now = nextAfter(random, entriesPerSecond); now < seconds; now += nextAfter(random, entriesPerSecond)) {
    while (oldest !== undefined && busyUntil <= now) read(busyUntil)
    while (nextPlanned <= now) {
      read(Math.max(nextPlanned, busyUntil))
      nextPlanned = busyUntil + times.feed / 1000
    }
    oldest ??= now
    if (busyUntil <= now) read(now)
  }
  return { reads: reads / seconds, latestMs }
}
