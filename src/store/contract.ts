/**
 * What every store can do, one key at a time, so that memory, SQLite, Redis and Redis Cluster are equal.
 * Values are opaque text (sealed by `records.ts`); times are milliseconds since the epoch.
 * A record whose `expiresAt` has come is absent for every operation.
 */
export interface Store {
  get(key: string): Promise<StoredRecord | undefined>
  /** Creates the record if there is none; false when there is. */
  create(key: string, value: string, expiresAt: number): Promise<boolean>
  /** Replaces the record if it still has `version`; false when it has moved on or is gone. */
  swap(key: string, version: number, value: string, expiresAt: number): Promise<boolean>
  /** Deletes the record if it still has `version`; false when it has moved on or is gone. */
  remove(key: string, version: number): Promise<boolean>
  readonly feed: Feed
  /** Frees what it holds. Idempotent. */
  close(): Promise<void>
}

/** `version` changes with every write and is never reused for a key, not even after expiry or removal. */
export type StoredRecord = { value: string; version: number; expiresAt: number }

/**
 * One append-only, bounded list, read by every replica every two seconds: revocations, changes that
 * somebody waits for, audit. The newest `FEED_LIMIT` entries are kept.
 */
export interface Feed {
  /** Appends and returns the entry's position; positions only grow. */
  append(entry: string): Promise<number>
  /**
   * Entries after `position`, oldest first, at most `limit`; `missed` when some were already dropped. A position
   * past the head is from another life of the feed: `missed`, and the entries from the oldest on.
   */
  readSince(position: number, limit: number): Promise<FeedPage>
  /** Position of the newest entry, 0 when there was none. */
  head(): Promise<number>
  /** Calls `run` soon after somebody has appended, where the store can tell: it hurries readers, nobody relies on it. */
  onAppended?(run: () => void): void
}

/** What one read of the feed brings. */
export type FeedPage = { entries: FeedEntry[]; missed: boolean }
/** One entry, and where it stands. */
export type FeedEntry = { position: number; entry: string }

/** Entries that are kept; who is further behind has missed some. */
export const FEED_LIMIT = 10_000
