import type { DatabaseSync } from 'node:sqlite'
import type { FeedEntry, FeedPage } from './contract.ts'
import { FEED_LIMIT } from './contract.ts'

/** As the store's feed, but at once; throws what SQLite throws. */
export type SqliteFeed = {
  append(entry: string): number
  readSince(position: number, limit: number): FeedPage
  head(): number
}

/** The feed in table `feed` of an open database. AUTOINCREMENT leaves no gaps, so a gap means dropped entries. */
export function createSqliteFeed(db: DatabaseSync): SqliteFeed {
  const insert = db.prepare('INSERT INTO feed (entry) VALUES (?)')
  const trim = db.prepare('DELETE FROM feed WHERE position <= ?')
  const select = db.prepare('SELECT position, entry FROM feed WHERE position > ? ORDER BY position LIMIT ?')
  const ends = db.prepare(`
    SELECT coalesce((SELECT min(position) FROM feed), 1) AS first,
           coalesce((SELECT max(position) FROM feed), 0) AS last`)

  return {
    append(entry) {
      const position = Number(insert.run(entry).lastInsertRowid)
      trim.run(position - FEED_LIMIT)
      return position
    },
    readSince(position, limit) {
      const { first, last } = ends.get() as { first: number; last: number }
      const stranger = position > last
      const entries = select.all(stranger ? 0 : position, limit) as FeedEntry[]
      return { entries, missed: stranger || position + 1 < first }
    },
    head() {
      return (ends.get() as { last: number }).last
    },
  }
}
