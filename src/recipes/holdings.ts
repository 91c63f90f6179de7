import type { Clock } from '../lib/clock.ts'
import { isSameSecret } from '../lib/same-secret.ts'
import { times } from '../lib/times.ts'
import type { Device } from '../screens/device.ts'
import type { Index } from '../store/index-record.ts'
import type { Records } from '../store/records.ts'
import type { Credential } from './recipe.ts'

/** What one session holds inside its app. */
export type Holding = {
  app: string
  credentials: readonly Credential[]
  /** "Open it as it is": the person wants the app's own sign-in. */
  declined: boolean
  /** On which device. */
  device?: Device
  /** The app was asked to end it, and could not. */
  owed?: true
}

/** What all sessions hold inside their apps, in the store. */
export interface Holdings {
  get(session: string): Promise<Holding | undefined>
  /** Enters a session in the list of `sessions`, before it holds anything. */
  enlist(session: string): Promise<void>
  /** Adds a credential, or puts it in the place of itself. */
  add(session: string, app: string, credential: Credential, device: Device): Promise<void>
  drop(session: string, app: string, secret: string): Promise<void>
  decline(session: string, app: string): Promise<void>
  /** Nothing is left to be ended. */
  forget(session: string, app: string): Promise<void>
  /** Notes that the app could not end it. */
  owe(session: string): Promise<void>
  /** All sessions that hold something, or have held it a moment ago. */
  sessions(): AsyncIterable<string>
}

/** Where they are kept. */
export type HoldingsParts = { clock: Clock; records: Records<Holding>; lists: Index }

/** No app's credential that is used outlives its session by more: what is known of it may go when nothing could be replayed. */
export const HELD_MS = times.device + times.ours.idle
/** One list holds a thousand. */
const LISTS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** The holdings in a drawer of the store. */
export function createHoldings({ clock, records, lists }: HoldingsParts): Holdings {
  const listOf = (session: string) => `inside ${LISTS.includes(session[0] as string) ? session[0] : '-'}`
  const until = () => clock.now() + HELD_MS
  const enlist = (session: string) => lists.add(listOf(session), session, until())

  async function change(session: string, app: string, edit: (held: Holding) => Holding | undefined): Promise<void> {
    await records.change([session], (held) => {
      const value = edit(held ?? { app, credentials: [], declined: false })
      return value === undefined ? 'removed' : { value, expiresAt: until() }
    })
  }

  return {
    get: async (session) => (await records.get(session))?.value,
    async enlist(session) {
      await enlist(session)
    },
    // Once, however often it comes: two gateways may see the same one at once.
    add: (session, app, credential, device) =>
      change(session, app, (held) => ({
        ...held,
        app,
        device,
        credentials: [...without(held, credential.secret), credential],
      })),
    drop: (session, app, secret) => change(session, app, (held) => ({ ...held, credentials: without(held, secret) })),
    decline: (session, app) => change(session, app, (held) => ({ ...held, declined: true })),
    async forget(session, app) {
      await change(session, app, (now) => (now.credentials.length === 0 ? undefined : now))
      await lists.remove(listOf(session), session)
    },
    async owe(session) {
      const held = await records.get(session)
      if (held === undefined || held.value.owed) return
      await change(session, held.value.app, (now) => (now.credentials.length === 0 ? now : { ...now, owed: true }))
      // Another gateway that has left it at the same time may have taken it off.
      await enlist(session)
    },
    async *sessions() {
      for (const first of LISTS) yield* await lists.list(`inside ${first}`)
    },
  }
}

function without({ credentials }: Holding, ended: string): Credential[] {
  return credentials.filter((one) => !isSameSecret(one.secret, ended))
}
