import type { Clock } from '../lib/clock.ts'
import { repeat } from '../lib/repeat.ts'
import type { Feed } from './contract.ts'

/** What a follower of the feed does with what it reads. */
export type FeedCallbacks = {
  /** One entry; each entry once, in order. */
  onEntry(entry: string): void
  /** Entries are lost for this follower: whatever was remembered on the strength of the feed must be forgotten. */
  onMissed(): void
  /** A read failed and will be tried again, or a callback threw. */
  onError(error: unknown): void
}

/** Somebody who follows the feed. */
export interface FeedFollower {
  /** Resolves when everything appended before this call has been handed over, or the read has failed. Never rejects. */
  readNow(): Promise<void>
  /** Nothing is handed over after this. Idempotent. */
  stop(): void
}

const PAGE = 500

/**
 * Follows `feed` from its present head, reading every `everyMs` milliseconds, one read at a time.
 * Rejects when the head cannot be read: nobody may believe that they are following when they are not.
 */
export async function followFeed(
  feed: Feed,
  clock: Clock,
  everyMs: number,
  { onEntry, onMissed, onError }: FeedCallbacks,
): Promise<FeedFollower> {
  let position = await feed.head()
  let stopped = false
  let reading: Promise<void> | undefined
  let next: Promise<void> | undefined

  function guarded(run: () => void): void {
    try {
      run()
    } catch (error) {
      onError(error)
    }
  }

  async function readToEnd(): Promise<void> {
    for (let full = true; full && !stopped; ) {
      const page = await feed.readSince(position, PAGE)
      if (stopped) return
      if (page.missed) {
        position = 0
        guarded(onMissed)
      }
      for (const { position: at, entry } of page.entries) {
        if (stopped) return
        position = at
        guarded(() => onEntry(entry))
      }
      full = page.entries.length === PAGE
    }
  }

  function start(): Promise<void> {
    next = undefined
    reading = readToEnd()
      .catch(onError)
      .finally(() => {
        reading = undefined
      })
    return reading
  }

  /** A read under way may already be past the end, so that whoever asks now waits for the one after it. */
  function readNow(): Promise<void> {
    if (reading === undefined) return start()
    next ??= reading.then(start)
    return next
  }

  feed.onAppended?.(() => {
    if (!stopped) void readNow()
  })
  const cancel = repeat(clock, everyMs, readNow)
  return {
    readNow,
    stop() {
      stopped = true
      cancel()
    },
  }
}
