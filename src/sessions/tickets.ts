import type { Clock } from '../lib/clock.ts'
import { randomId } from '../lib/random.ts'
import { times } from '../lib/times.ts'
import type { Identity } from '../provider/provider.ts'
import type { Keyring } from '../store/keyring.ts'
import type { Records } from '../store/records.ts'

/**
 * A browser's way from an app's host to the door and back. The visit goes out sealed in a URL and needs no
 * record; the ticket comes back, works once, for 60 seconds, in the browser that began the visit.
 */
export interface Tickets {
  /** Seals what the app's host needs again later; `bindingSecret` is that browser's cookie on the app's host. */
  visit(app: string, target: string, bindingSecret: string): string
  /** Opens a sealed visit at the door; undefined when it is not one or too old. */
  openVisit(sealed: string): Visit | undefined
  /** Writes a ticket for a visit whose person is known. `under`: the key of their session at the door. */
  issue(visit: Visit, person: Person, under: string): Promise<string>
  /**
   * Takes a ticket; it is gone afterwards, either way. Undefined unless it is this app's and fresh. When a
   * browser with another secret began the visit, it tells where that one was going.
   */
  take(ticket: string, app: string, bindingSecret: string | undefined): Promise<Ticket | Stray | undefined>
}

/** Where somebody was going when they were sent to the door. `at`: ms since the epoch. */
export type Visit = { app: string; target: string; binding: string; at: number }
/** Who they turned out to be. `authTime`: ms since the epoch, 0 when the provider did not say. */
export type Person = { identity: Identity; authTime: number }
/** Both together, waiting to be taken; `under` is the key of the session at the door that it was issued under. */
export type Ticket = Visit & Person & { under: string }
/** The page that the browser was going to that began the visit. */
export type Stray = { stray: string }

/** Visits sealed in URLs, tickets in the store. */
export function createTickets(parts: { clock: Clock; keyring: Keyring; records: Records<Ticket> }): Tickets {
  const { clock, keyring, records } = parts
  return {
    visit(app, target, bindingSecret) {
      const visit: Visit = { app, target, binding: keyring.derive('binding', bindingSecret), at: clock.now() }
      return keyring.seal('visit', JSON.stringify(visit), 'door')
    },
    openVisit(sealed) {
      const text = keyring.open('visit', sealed, 'door')
      if (text === undefined) return undefined
      const visit = JSON.parse(text) as Visit
      return clock.now() > visit.at + times.signIn ? undefined : visit
    },
    async issue(visit, person, under) {
      const ticket = randomId()
      const id = keyring.derive('ticket', ticket)
      await records.create(id, { ...visit, ...person, under, at: clock.now() }, clock.now() + times.ticket)
      return ticket
    },
    async take(ticket, app, bindingSecret) {
      const held = await records.find(keyring.deriveAll('ticket', ticket))
      if (held === undefined) return undefined
      // SECURITY: gone whoever shows it, for its URL stays behind where it was shown. Test: C3: a ticket that was shown in another browser is void
      if (!(await records.remove(held))) return undefined
      // SECURITY: a ticket is for one app. Test: a ticket for one app is nothing on another
      if (held.value.app !== app) return undefined
      if (bindingSecret === undefined) return undefined
      const bindings = keyring.deriveAll('binding', bindingSecret)
      // SECURITY: a ticket opens a session only in the browser that began the visit. Test: C3: a ticket planted in another browser signs nobody in
      if (!bindings.includes(held.value.binding)) return { stray: held.value.target }
      return held.value
    },
  }
}
