import type { Clock } from '../lib/clock.ts'
import { times } from '../lib/times.ts'
import type { Feed } from './contract.ts'
import { followFeed } from './feed-reader.ts'

/** What replicas tell each other through the store's feed. */
export interface News {
  sessionEnded(key: string): Promise<void>
  loginChanged(id: string): Promise<void>
  /**
   * Hands on what is told from now on, our own news included: hearing them twice is harmless. Resolves with how to stop;
   * rejects when the feed cannot be read.
   */
  follow(listeners: NewsListeners): Promise<() => void>
}

/** What a replica does with the news. */
export type NewsListeners = {
  onSessionEnded(key: string): void
  onLoginChanged(id: string): void
  /** Some news is lost: nothing that was remembered may be believed. */
  onMissed(): void
  onError(error: unknown): void
}

/** The news in a store's `feed`, read at an interval. */
export function createNews(feed: Feed, clock: Clock): News {
  return {
    sessionEnded: async (key) => void (await feed.append(`session-ended ${key}`)),
    loginChanged: async (id) => void (await feed.append(`login-changed ${id}`)),
    async follow({ onSessionEnded, onLoginChanged, onMissed, onError }) {
      const follower = await followFeed(feed, clock, times.feed, {
        onEntry(entry) {
          const [kind, id] = entry.split(' ')
          if (id === undefined) return
          if (kind === 'session-ended') onSessionEnded(id)
          if (kind === 'login-changed') onLoginChanged(id)
        },
        onMissed,
        onError,
      })
      return follower.stop
    },
  }
}
