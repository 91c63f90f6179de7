import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { OperatorError } from '../lib/operator-error.ts'
import { DamagedFile, setAside, tellsDamage } from './sqlite-damage.ts'

/** The layout that this program writes; raised with every change of `SCHEMA`, which then needs a step from the last. */
const SCHEMA_VERSION = 1

/**
 * `version` is the row's own number: AUTOINCREMENT hands out each number once in the life of the file, so that a key
 * never sees a version again. `expires_at` is REAL because times are JavaScript numbers.
 */
const SCHEMA = `
  CREATE TABLE records (
    version INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    value TEXT NOT NULL,
    expires_at REAL NOT NULL
  ) STRICT;
  CREATE INDEX records_by_expiry ON records (expires_at);
  CREATE TABLE feed (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    entry TEXT NOT NULL
  ) STRICT;
  PRAGMA user_version = ${SCHEMA_VERSION};
`

/** How long opening waits for another process to finish what it writes. */
const OPENING_MS = 5000

/** … and a single statement, which holds everybody up meanwhile; it is tried again later. */
const STATEMENT_MS = 20

/**
 * Opens `file` for this program alone (mode 0600), made with its directory if it is not there, and checked. What is
 * damaged is set aside under another name and a new file begun: refusing to start would lock everybody out of
 * everything, and nothing in a file that makes no sense signs anybody in.
 * Throws an `OperatorError` when it cannot be opened, belongs to another program, or is from a newer version.
 */
export function openSqliteFile(file: string, clock: Clock, log: Log): DatabaseSync {
  try {
    const inode = keepPrivate(file)
    return openSound(file, log) ?? beginAnew(file, inode, clock, log)
  } catch (error) {
    if (error instanceof OperatorError) throw error
    throw new OperatorError(
      `${file} cannot be opened: ${(error as Error).message}. Check that its directory exists and is writable, ` +
        'that the disk has room, and that no other program holds the file.',
      { cause: error },
    )
  }
}

/** Undefined when the file is damaged. */
function openSound(file: string, log: Log): DatabaseSync | undefined {
  try {
    return open(file, log)
  } catch (error) {
    if (tellsDamage(error)) return undefined
    throw error
  }
}

function beginAnew(file: string, inode: number, clock: Clock, log: Log): DatabaseSync {
  const aside = setAside(file, inode, clock)
  const remedy = 'everybody signs in again; to undo that, stop, put a backup in its place, and start'
  if (aside !== undefined) log.warn('store_set_aside', { file, aside, remedy })
  keepPrivate(file)
  return open(file, log)
}

/**
 * SQLite gives its -wal and -shm files the mode of the database, so that has to be right before it opens. Returns which
 * file it is.
 */
function keepPrivate(file: string): number {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  closeSync(openSync(file, 'a', 0o600))
  for (const path of [file, `${file}-wal`, `${file}-shm`]) {
    const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0
    if ((mode & 0o077) !== 0) chmodSync(path, 0o600)
  }
  return statSync(file).ino
}

function open(file: string, log: Log): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: OPENING_MS })
  try {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    if (bringToDate(db, file)) log.notice('store_begun', { file })
    if (pragma(db, 'quick_check(1)') !== 'ok') throw new DamagedFile(file)
    db.exec(`PRAGMA busy_timeout = ${STATEMENT_MS}`)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Returns true when the file was empty. */
function bringToDate(db: DatabaseSync, file: string): boolean {
  db.exec('BEGIN IMMEDIATE')
  const version = Number(pragma(db, 'user_version'))
  if (version > SCHEMA_VERSION) {
    throw new OperatorError(
      `${file} was written by a newer version of Entryphone (layout ${version}, this one knows ${SCHEMA_VERSION}). ` +
        'Start the newer version again, or move the file away: everybody then signs in again.',
    )
  }
  if (version === 0) {
    const { tables } = db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as { tables: number }
    if (tables > 0) throw new OperatorError(`${file} belongs to another program. Name another file or directory.`)
    db.exec(SCHEMA)
  }
  db.exec('COMMIT')
  return version === 0
}

function pragma(db: DatabaseSync, name: string): unknown {
  return Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0]
}
