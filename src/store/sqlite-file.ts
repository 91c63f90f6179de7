import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { OperatorError } from '../lib/operator-error.ts'

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

/** How long a write waits for another process (a command beside the gateway) to finish its own. */
const BUSY_MS = 5000

/** Result codes of SQLite for a file that it cannot make sense of. */
const SQLITE_CORRUPT = 11
const SQLITE_NOTADB = 26

/**
 * Opens `file` for this program alone (mode 0600), made with its directory if it is not there, and checked.
 * Throws an `OperatorError` when it cannot be opened, is damaged, is not ours, or is from a newer version.
 */
export function openSqliteFile(file: string): DatabaseSync {
  let db: DatabaseSync | undefined
  try {
    keepPrivate(file)
    db = new DatabaseSync(file, { timeout: BUSY_MS })
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    bringToDate(db, file)
    if (pragma(db, 'quick_check(1)') !== 'ok') throw damaged(file)
    return db
  } catch (error) {
    db?.close()
    throw explain(error, file)
  }
}

/** SQLite gives its -wal and -shm files the mode of the database, so that has to be right before it opens. */
function keepPrivate(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  closeSync(openSync(file, 'a', 0o600))
  for (const path of [file, `${file}-wal`, `${file}-shm`]) {
    const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0
    if ((mode & 0o077) !== 0) chmodSync(path, 0o600)
  }
}

function bringToDate(db: DatabaseSync, file: string): void {
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
}

function pragma(db: DatabaseSync, name: string): unknown {
  return Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0]
}

function explain(error: unknown, file: string): Error {
  if (error instanceof OperatorError) return error
  const { errcode, message } = error as Error & { errcode?: number }
  const primary = (errcode ?? 0) & 0xff
  if (primary === SQLITE_CORRUPT || primary === SQLITE_NOTADB) return damaged(file, error)
  return new OperatorError(`${file} cannot be opened: ${message}. Check that its directory exists and is writable.`, {
    cause: error,
  })
}

function damaged(file: string, cause?: unknown): OperatorError {
  return new OperatorError(
    `${file} is damaged or is not a database. Bring it back from a backup, or move it and its -wal and -shm files ` +
      'away and start again: everybody then signs in again.',
    { cause },
  )
}
