import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../lib/clock.ts'
import { DATABASE, KEY } from '../lib/data-files.ts'
import type { Log } from '../lib/log.ts'
import { OperatorError } from '../lib/operator-error.ts'
import type { Store } from './contract.ts'
import { checkKeys } from './key-check.ts'
import type { Keyring } from './keyring.ts'
import { createKeyring } from './keyring.ts'
import { loadMasterKeys } from './keys.ts'
import type { Records } from './records.ts'
import { createRecords } from './records.ts'
import { openSqliteStore } from './sqlite.ts'

/** What a data directory holds: the database, and the keys that seal what is in it. */
export type DataDir = {
  store: Store
  keyring: Keyring
  /** The drawer of this name; two parts never share one. What it does not accept counts as absent. */
  drawer<T>(name: string, accepts?: (value: unknown) => boolean): Records<T>
}

export type DataDirOptions = {
  dir: string
  /** Where the operator keeps the keys instead. */
  keyFile?: string | undefined
  /** Instead of the database. */
  store?: Store | undefined
  clock: Clock
  log: Log
}

/**
 * Opens the database and the keys in a directory, made if there are none, and sees that they belong together. Rejects
 * with an `OperatorError` when it cannot: a database without its key must sign nobody out without a word.
 */
export async function openDataDir({ dir, keyFile, clock, log, ...instead }: DataDirOptions): Promise<DataDir> {
  const database = join(dir, DATABASE)
  const keys = keyFile ?? join(dir, KEY)
  const hadDatabase = (statSync(database, { throwIfNoEntry: false })?.size ?? 0) > 0
  const hadKeys = existsSync(keys)
  if (keyFile === undefined && hadDatabase && !hadKeys) throw lostKey(keys, database)
  const keyring = createKeyring(loadMasterKeys(keys, { create: keyFile === undefined && !hadDatabase }))
  if (instead.store === undefined && keyFile === undefined && hadKeys && !hadDatabase) {
    const remedy = 'everybody signs in again; to undo that, stop, put a backup in its place, and start'
    log.warn('store_missing', { file: database, remedy })
  }
  const store = instead.store ?? openSqliteStore(database, clock, log)
  try {
    await checkKeys({ store, keyring, clock, keys, ...(instead.store === undefined && { database }) })
  } catch (error) {
    if (instead.store === undefined) await store.close()
    throw error
  }
  const strangers = new Set<string>()
  return {
    store,
    keyring,
    drawer(name, accepts = () => true) {
      function strange(): void {
        if (strangers.has(name)) return
        strangers.add(name)
        log.warn('record_not_understood', {
          drawer: name,
          remedy: 'another version wrote it; whose it is signs in again',
        })
      }
      return createRecords(store, keyring, name, { accepts, strange })
    },
  }
}

function lostKey(keys: string, database: string): OperatorError {
  return new OperatorError(
    `${keys} is gone, and nothing in ${database} can be read without it. Bring the key back from a backup. ` +
      'If there is none, move the database and its -wal and -shm files away and start again: everybody then signs in again.',
  )
}
