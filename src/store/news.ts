import type { Clock } from '../lib/clock.ts'
import { times } from '../lib/times.ts'
import type { Feed } from './contract.ts'
import { followFeed } from './feed-reader.ts'

/** What replicas tell each other through the store's feed. */
export interface News {
  sessionEnded(key: string): Promise<void>
  loginChanged(id: string): Promise<void>
  /** Stops listening. */
  stop(): void
}

export type NewsListeners = {
  onSessionEnded(key: string): void
  onLoginChanged(id: string): void
  /** Some news is lost: nothing that was remembered may be believed. */
  onMissed(): void
  onError(error: unknown): void
}

/** Follows the feed and hands on what it says, our own entries included: hearing them twice is harmless. */
export async function listenToNews(feed: Feed, clock: Clock, listeners: NewsListeners): Promise<News> {
  const follower = await followFeed(feed, clock, times.feed, {
    onEntry(entry) {
      const [kind, id] = entry.split(' ')
      if (id === undefined) return
      if (kind === 'session-ended') listeners.onSessionEnded(id)
      if (kind === 'login-changed') listeners.onLoginChanged(id)
    },
    onMissed: listeners.onMissed,
    onError: listeners.onError,
  })
  return {
    sessionEnded: async (key) => void (await feed.append(`session-ended ${key}`)),
    loginChanged: async (id) => void (await feed.append(`login-changed ${id}`)),
    stop: follower.stop,
  }
}
