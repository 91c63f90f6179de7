import type { Clock } from '../../lib/clock.ts'
import type { Place } from '../../lib/place.ts'
import { isWhereItWas } from '../../lib/place.ts'
import { times } from '../../lib/times.ts'
import type { Identity } from '../../provider/provider.ts'
import type { Device } from '../../screens/device.ts'
import type { Keyring } from '../../store/keyring.ts'
import type { Records } from '../../store/records.ts'

/**
 * Screens that a person has let in before. It spares them a fresh sign-in at home; it never spares the one
 * approval.
 */
export interface Acquaintances {
  remember(person: Identity, ask: Ask): Promise<void>
  /** Whether this person let such a device into this app before, where it is now. */
  knows(person: Identity, ask: Ask): Promise<boolean>
}

/** A device that asks to be let into an app, and from where. */
export type Ask = { app: string; device: Device; place: Place }
/** What is kept: where the device was when this person last let it in, and when that was (ms since the epoch). */
export type Acquaintance = { place: Place; at: number }

/** The acquaintances in the store; each is forgotten a month after the last time. */
export function createAcquaintances(parts: {
  clock: Clock
  keyring: Keyring
  records: Records<Acquaintance>
}): Acquaintances {
  const { clock, keyring, records } = parts
  const idOf = ({ issuer, sub }: Identity, { app, device }: Ask) =>
    keyring.derive('acquaintance', JSON.stringify([issuer, sub, app, device.kind, device.name]))
  return {
    async remember(person, ask) {
      const id = idOf(person, ask)
      const until = clock.now() + times.freshKnown
      const acquaintance = { place: ask.place, at: clock.now() }
      const held = await records.get(id)
      // Losing this race costs somebody one more sign-in at most.
      if (held === undefined) await records.create(id, acquaintance, until)
      else await records.swap(held, acquaintance, until)
    },
    async knows(person, ask) {
      const held = await records.get(idOf(person, ask))
      return held !== undefined && isWhereItWas(held.value.place, ask.place)
    },
  }
}
