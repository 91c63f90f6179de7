import { randomBytes } from 'node:crypto'
import type { Clock } from '../../lib/clock.ts'
import { MINUTE } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import { repeat } from '../../lib/repeat.ts'
import { times } from '../../lib/times.ts'
import type { Records } from '../../store/records.ts'
import type { Credential, HomeAssistantClient } from './client.ts'

/**
 * Names and passwords that sign one browser in and are gone: so nothing is kept but the administrator's token. Home
 * Assistant shows one name of each user, so those that we have made are remembered until they are deleted.
 */
export interface OneTime {
  /** Makes one for a user. */
  make(userId: string): Promise<Credential>
  /** Deletes it. Never rejects: what fails is done by the next sweep. */
  forget(name: string): Promise<void>
  close(): void
}

/** What is remembered: all names in one list, as there are few at any time. */
export type Leftovers = { name: string; at: number }[]

type OneTimeParts = { clock: Clock; log: Log; client: HomeAssistantClient; records: Records<Leftovers> }

const LIST = 'all'
/** The life of a code there; deleted before it is redeemed, the code would end in an error. */
const CODE_MS = 10 * MINUTE
const SWEEP_MS = 5 * MINUTE

/** Sweeps what an earlier process, or an app that was down, has left. */
export function createOneTime({ clock, log, client, records }: OneTimeParts): OneTime {
  async function change(edit: (names: Leftovers) => Leftovers): Promise<void> {
    await records.change([LIST], (names = []) => ({ value: edit(names), expiresAt: clock.now() + times.device }))
  }

  async function remove(name: string): Promise<void> {
    await client.removeCredential(name)
    await change((names) => names.filter((one) => one.name !== name))
  }

  async function sweep(): Promise<void> {
    const now = clock.now()
    for (const { name, at } of (await records.get(LIST))?.value ?? []) if (now - at > CODE_MS) await remove(name)
  }

  const stop = repeat(clock, SWEEP_MS, sweep)
  sweep().catch(() => undefined)

  return {
    async make(userId) {
      // Lower case, as names are there; below the 72 bytes that its hash reads.
      const credential = {
        name: `once-${randomBytes(16).toString('hex')}`,
        password: randomBytes(48).toString('base64url'),
      }
      // SECURITY: what nobody remembers would sign people in for ever. Test: a one-time name is remembered before it is made, and swept when nobody uses it
      await change((names) => [...names, { name: credential.name, at: clock.now() }])
      await client.addCredential(userId, credential)
      return credential
    },
    async forget(name) {
      await remove(name).catch(() =>
        log.notice('credential_left', { remedy: 'it is deleted as soon as the app can be asked' }),
      )
    },
    close: stop,
  }
}
