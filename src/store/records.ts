import type { Store } from './contract.ts'
import type { Keyring } from './keyring.ts'

/** A typed drawer of the store: JSON, sealed, under `name/`. Times are milliseconds since the epoch. */
export interface Records<T> {
  /** The record, or undefined when there is none, it has expired, no known key opens it, or it is not believed. */
  get(id: string): Promise<Held<T> | undefined>
  /** The first record there is under these ids: of something that is looked up by `deriveAll`, whichever key named it. */
  find(ids: readonly string[]): Promise<Held<T> | undefined>
  /** Creates it if there is none; false when there is. */
  create(id: string, value: T, expiresAt: number): Promise<boolean>
  /** Replaces it if nobody else has since `held` was read; false when somebody has. */
  swap(held: Held<T>, value: T, expiresAt?: number): Promise<boolean>
  /** Deletes it if nobody has touched it since; used for what may be taken once. */
  remove(held: Held<T>): Promise<boolean>
  /**
   * Has the record that `find` finds become what `edit` says; where there is none, one is made under the first id. If
   * somebody else is quicker, `edit` is asked again about what is there then. False when it leaves everything as it is.
   * Rejects when others keep changing it, or the store fails.
   */
  change(ids: readonly string[], edit: (value: T | undefined) => Change<T>): Promise<boolean>
}

/** What a record becomes; undefined leaves it as it is. */
export type Change<T> = { value: T; expiresAt: number } | 'removed' | undefined

/** A record as it was read; pass it back to `swap` or `remove`. */
export type Held<T> = { id: string; value: T; version: number; expiresAt: number }

/**
 * Which values of a drawer are believed, for those that another version may have left there: what is `strange` counts
 * as absent. A change that old versions must not misread takes a new name for the drawer.
 */
export type Belief = { accepts(value: unknown): boolean; strange(): void }

/** Each lost swap means that another change has landed, so this many writers may meet on one record. */
const ATTEMPTS = 200

/** Drawer `name` of `store`. The seal binds a record to its place: a value copied to another key does not open. */
export function createRecords<T>(store: Store, keyring: Keyring, name: string, belief?: Belief): Records<T> {
  const keyOf = (id: string) => `${name}/${id}`
  const seal = (id: string, value: T) => keyring.seal('record', JSON.stringify(value), keyOf(id))
  const records: Records<T> = {
    async get(id) {
      const record = await store.get(keyOf(id))
      if (record === undefined) return undefined
      const text = keyring.open('record', record.value, keyOf(id))
      if (text === undefined) return undefined
      const value: unknown = JSON.parse(text)
      // SECURITY: what is unknown here may allow less than it seems to. Test: N12: a session that another version wrote opens nothing that it should not, locks nobody out, and breaks no list
      if (belief?.accepts(value) === false) {
        belief.strange()
        return undefined
      }
      return { id, value: value as T, version: record.version, expiresAt: record.expiresAt }
    },
    async find(ids) {
      for (const id of ids) {
        const held = await records.get(id)
        if (held !== undefined) return held
      }
      return undefined
    },
    create: (id, value, expiresAt) => store.create(keyOf(id), seal(id, value), expiresAt),
    swap: (held, value, expiresAt = held.expiresAt) =>
      store.swap(keyOf(held.id), held.version, seal(held.id, value), expiresAt),
    remove: (held) => store.remove(keyOf(held.id), held.version),
    async change(ids, edit) {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const held = await records.find(ids)
        const next = edit(held?.value)
        if (next === undefined) return false
        if (await land(ids[0] as string, held, next)) return true
      }
      throw new Error(`a record of ${name} was changed by others ${ATTEMPTS} times in a row`)
    },
  }

  async function land(id: string, held: Held<T> | undefined, next: NonNullable<Change<T>>): Promise<boolean> {
    if (held === undefined) return next === 'removed' || records.create(id, next.value, next.expiresAt)
    return next === 'removed' ? records.remove(held) : records.swap(held, next.value, next.expiresAt)
  }

  return records
}
