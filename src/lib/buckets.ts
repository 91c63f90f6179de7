import type { Clock } from './clock.ts'

/**
 * Token buckets by key. The table is bounded, and a full one refuses nobody: it forgets whoever has been quiet for the
 * longest, who begins with a full bucket again. Whoever fills it with made-up keys gains what they would have by
 * coming from as many places.
 */
export interface Buckets {
  /** Takes one token: 0 when there was one, else the milliseconds until there will be. */
  take(key: string): number
  /** How many keys are remembered now. */
  size(): number
}

/** `burst` tokens in a full bucket, one more every `everyMs`, at most `most` keys (about 150 bytes each). */
export type BucketSize = { burst: number; everyMs: number; most: number }

/** Buckets in this process; a restart fills them. */
export function createBuckets(clock: Clock, { burst, everyMs, most }: BucketSize): Buckets {
  // When each bucket will be full again; the order is that of last use.
  const fullAt = new Map<string, number>()
  return {
    take(key) {
      const now = clock.now()
      const known = fullAt.get(key)
      fullAt.delete(key)
      // A clock that was set back must not leave anybody waiting for longer than an empty bucket takes.
      const full = Math.min(Math.max(known ?? now, now), now + burst * everyMs)
      const wait = Math.max(0, full - now - (burst - 1) * everyMs)
      // SECURITY(replace: >= most → < 0): made-up keys would fill the memory. Test: D12: a table of limits stays as small as it is, and full it refuses nobody
      if (fullAt.size >= most) fullAt.delete(fullAt.keys().next().value as string)
      fullAt.set(key, wait > 0 ? full : full + everyMs)
      return wait
    },
    size: () => fullAt.size,
  }
}
