import type { Clock } from '../../lib/clock.ts'
import { times } from '../../lib/times.ts'
import type { Stay } from '../../logins/login.ts'
import type { Pending, PendingSize } from '../../logins/pending.ts'
import type { SentRequest } from '../../provider/provider.ts'
import type { Keyring } from '../../store/keyring.ts'
import type { Records } from '../../store/records.ts'

/** One trip of a browser to the provider and back, found again by `state`, taken once. */
export interface Journeys {
  /** From `address`. Where strangers have begun too many, another one is forgotten for it. */
  begin(journey: Journey, address: string): Promise<void>
  /** Takes the journey; undefined when there is none (any more). Of another browser's it tells where that one was going. */
  take(state: string, browser: string): Promise<Journey | Stray | undefined>
}

/** An authorization request that is under way (RFC 6749 §4.1.1): what was sent, by whom, and why. */
export type Journey = {
  sent: SentRequest
  /** Hash of the cookie of the browser that left. */
  browser: string
  /** What it left for. */
  next: Next
}

/** Where a browser was going that began the journey under another cookie than the one that came back. */
export type Stray = { stray: Next }

/** What somebody was about to do when they had to sign in; done when they come back. */
export type Next =
  | { kind: 'me' }
  | { kind: 'code' }
  | { kind: 'app'; app: string }
  | { kind: 'visit'; visit: string }
  | { kind: 'invitation'; id: string }
  /** A native app that waits to be let in, as our pages on this phone name it. */
  | { kind: 'knock'; knock: string }
  /** "Yes" was pressed, by a person whose sign-in was too old: done when the same person comes back in time. */
  | { kind: 'press'; id: string; stay: Stay; issuer: string; sub: string; at: number }

/** Whoever opens an app without being signed in begins one: 6 MB in the store. */
export const pendingJourneys: PendingSize = { most: 4096, lifeMs: times.signIn, keptMs: times.signIn }

/** Where journeys are kept and counted. */
export type JourneysParts = { clock: Clock; keyring: Keyring; records: Records<Journey>; pending: Pending }

/** The journeys in the store, found by the HMAC of `state`. */
export function createJourneys({ clock, keyring, records, pending }: JourneysParts): Journeys {
  return {
    async begin(journey, address) {
      const id = keyring.derive('journey', journey.sent.state)
      const surplus = pending.add(id, address)
      const dropped = surplus === undefined ? undefined : await records.get(surplus)
      if (dropped !== undefined) await records.remove(dropped)
      await records.create(id, journey, clock.now() + times.signIn)
    },
    async take(state, browser) {
      const held = await records.find(keyring.deriveAll('journey', state))
      if (held === undefined) return undefined
      // SECURITY: a response counts only in the browser that asked. Test: C3: a callback opened in another browser signs nobody in
      if (held.value.browser !== browser) return { stray: held.value.next }
      pending.leave(held.id)
      return (await records.remove(held)) ? held.value : undefined
    },
  }
}
