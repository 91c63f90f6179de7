import type { DatabaseSync } from 'node:sqlite'
import type { Feed, FeedEntry } from './contract.ts'
import { FEED_LIMIT } from './contract.ts'

/** The feed in table `feed` of an open database. AUTOINCREMENT leaves no gaps, so a gap means dropped entries. */
export function createSqliteFeed(db: DatabaseSync): Feed {
  const insert = db.prepare('INSERT INTO feed (entry) VALUES (?)')
  const trim = db.prepare('DELETE FROM feed WHERE position <= ?')
  const select = db.prepare('SELECT position, entry FROM feed WHERE position > ? ORDER BY position LIMIT ?')
  const ends = db.prepare(`
    SELECT coalesce((SELECT min(position) FROM feed), 1) AS first,
           coalesce((SELECT max(position) FROM feed), 0) AS last`)

  return {
    async append(entry) {
      const position = Number(insert.run(entry).lastInsertRowid)
      trim.run(position - FEED_LIMIT)
      return position
    },
    async readSince(position, limit) {
      const { first, last } = ends.get() as { first: number; last: number }
      const stranger = position > last
      const entries = select.all(stranger ? 0 : position, limit) as FeedEntry[]
      return { entries, missed: stranger || position + 1 < first }
    },
    async head() {
      return (ends.get() as { last: number }).last
    },
  }
}
