import { statSync } from 'node:fs'
import type { Clock } from '../lib/clock.ts'
import { MINUTE, pause, SECOND } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { silentLog } from '../lib/log.ts'
import type { Store, StoredRecord } from './contract.ts'
import { resultCode } from './sqlite-damage.ts'
import { createSqliteFeed } from './sqlite-feed.ts'
import { openSqliteFile } from './sqlite-file.ts'
import { createTrouble } from './sqlite-trouble.ts'

/** Expired rows deleted at once: few enough that no request notices. */
const SWEEP_ROWS = 200
const SWEEP_EVERY = MINUTE
/** … and when a sweep came back full. */
const SWEEP_AGAIN = SECOND

const SQLITE_BUSY = 5
/** A file that another process holds is asked for so often, and so far apart: five seconds in all. */
const TRIES = 50
const TRY_AGAIN_MS = 100

/**
 * The embedded store in `file`, shared with other processes on this machine. What has been written survives the end
 * of the process (SIGKILL too); a power cut may take the last moments, never the file.
 * Throws an `OperatorError` when the file cannot be used. Operations reject when the disk fails or it is closed.
 */
export function openSqliteStore(file: string, clock: Clock, log: Log = silentLog): Store {
  const db = openSqliteFile(file, clock, log)
  const trouble = createTrouble(file, clock, log)
  const inode = statSync(file).ino

  // One statement each, so that every operation is atomic by itself. REPLACE gives the row its new version.
  const select = db.prepare(
    'SELECT value, version, expires_at AS expiresAt FROM records WHERE key = ? AND expires_at > ?',
  )
  const create = db.prepare(`
    INSERT OR REPLACE INTO records (key, value, expires_at) SELECT :key, :value, :expiresAt
    WHERE NOT EXISTS (SELECT 1 FROM records WHERE key = :key AND expires_at > :now)`)
  const swap = db.prepare(`
    INSERT OR REPLACE INTO records (key, value, expires_at) SELECT :key, :value, :expiresAt
    WHERE EXISTS (SELECT 1 FROM records WHERE key = :key AND version = :version AND expires_at > :now)`)
  const remove = db.prepare('DELETE FROM records WHERE key = ? AND version = ? AND expires_at > ?')
  const removeExpired = db.prepare(`
    DELETE FROM records WHERE version IN (SELECT version FROM records WHERE expires_at <= ? LIMIT ${SWEEP_ROWS})`)

  let cancelSweep = clock.after(SWEEP_EVERY, sweep)

  /** Whoever moves the file, or puts another in its place, has it written where nothing will read it. */
  function lookWhereItIs(): void {
    if (statSync(file, { throwIfNoEntry: false })?.ino === inode) return
    const remedy = 'put the file back and restart: what was written since, sign-outs too, is lost otherwise'
    log.warn('store_replaced', { file, remedy })
  }

  function sweep(): void {
    let full = false
    try {
      lookWhereItIs()
      full = removeExpired.run(clock.now()).changes === SWEEP_ROWS
    } catch {
      // Expired rows are absent for every operation, so a sweep that a full disk or a busy file prevents can wait.
    }
    cancelSweep = clock.after(full ? SWEEP_AGAIN : SWEEP_EVERY, sweep)
  }

  /** Runs one statement. While another process holds the file, everybody else is served in between. */
  async function attempt<T>(run: () => T): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return run()
      } catch (error) {
        if (resultCode(error) === SQLITE_BUSY && tries < TRIES) {
          await pause(clock, TRY_AGAIN_MS)
          continue
        }
        trouble.met(error)
        throw error
      }
    }
  }

  async function write(run: () => { changes: number | bigint }): Promise<boolean> {
    const changed = (await attempt(run)).changes === 1
    if (changed) trouble.over()
    return changed
  }

  const feed = createSqliteFeed(db)
  return {
    get: (key) => attempt(() => select.get(key, clock.now()) as StoredRecord | undefined),
    create: (key, value, expiresAt) => write(() => create.run({ key, value, expiresAt, now: clock.now() })),
    swap: (key, version, value, expiresAt) =>
      write(() => swap.run({ key, version, value, expiresAt, now: clock.now() })),
    remove: (key, version) => write(() => remove.run(key, version, clock.now())),
    feed: {
      append: (entry) => attempt(() => feed.append(entry)),
      readSince: (position, limit) => attempt(() => feed.readSince(position, limit)),
      head: () => attempt(feed.head),
    },
    async close() {
      cancelSweep()
      if (db.isOpen) db.close()
    },
  }
}
