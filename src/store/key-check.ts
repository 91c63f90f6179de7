import type { Clock } from '../lib/clock.ts'
import { DAY } from '../lib/clock.ts'
import { OperatorError } from '../lib/operator-error.ts'
import type { Store } from './contract.ts'
import type { Keyring } from './keyring.ts'

/** What is held against each other; the paths are for the operator. */
export type KeyCheckParts = {
  store: Store
  keyring: Keyring
  clock: Clock
  /** File of the keys. */
  keys: string
  /** File of the store, if it is one. */
  database?: string
}

const RECORD = 'key-check'

/** Renewed at every start, so longer than anything in the store lives. */
const KEPT = 3650 * DAY

/**
 * Notes in the store which key seals it, and refuses another one: records that no key opens count as absent, so that
 * a wrong key file would sign everybody out without a word, and a gateway with other keys than its replicas'
 * would now and then. Rejects with an `OperatorError`, or when the store cannot be read.
 */
export async function checkKeys({ store, keyring, clock, keys, database }: KeyCheckParts): Promise<void> {
  const held = await store.get(RECORD)
  const until = clock.now() + KEPT
  const note = () => keyring.seal('key-check', `${keyring.version}`, RECORD)
  if (held !== undefined && keyring.open('key-check', held.value, RECORD) === undefined) {
    const way =
      database === undefined ? 'empty the store' : `move ${database} and its -wal and -shm files away, and start again`
    throw new OperatorError(
      `${keys} is not the key that ${database ?? 'the store'} was sealed with. Bring that one back; it may stand ` +
        `beside the new one, each with its own version. If it is lost, ${way}: everybody then signs in again.`,
    )
  }
  // A full disk must not keep those out who are signed in; the next start tries again.
  const write =
    held === undefined ? store.create(RECORD, note(), until) : store.swap(RECORD, held.version, note(), until)
  await write.catch(() => false)
}
