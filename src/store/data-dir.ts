import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../lib/clock.ts'
import type { Store } from './contract.ts'
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
  /** The drawer of this name; two parts never share one. */
  drawer<T>(name: string): Records<T>
}

export type DataDirOptions = {
  dir: string
  /** Where the operator keeps the keys instead. */
  keyFile?: string | undefined
  /** Instead of the database. */
  store?: Store | undefined
  clock: Clock
}

/** Opens the database and the keys in a directory, made if there are none. Throws an `OperatorError` when it cannot. */
export function openDataDir({ dir, keyFile, clock, ...instead }: DataDirOptions): DataDir {
  const database = join(dir, 'entryphone.sqlite')
  // A lost key beside a kept database must not be replaced by a new one that opens nothing.
  const create = keyFile === undefined && !existsSync(database)
  const keyring = createKeyring(loadMasterKeys(keyFile ?? join(dir, 'key'), { create }))
  const store = instead.store ?? openSqliteStore(database, clock)
  return { store, keyring, drawer: (name) => createRecords(store, keyring, name) }
}
