import type { Clock } from '../lib/clock.ts'
import { HOUR, MINUTE } from '../lib/clock.ts'
import type { Place } from '../lib/place.ts'
import { randomId } from '../lib/random.ts'
import type { WayTaken } from '../provider/way.ts'
import type { Device } from '../screens/device.ts'
import type { Keyring } from '../store/keyring.ts'
import type { Records } from '../store/records.ts'
import type { Invitation } from './invitation.ts'
import type { Login, LoginRefusal } from './login.ts'
import { newInvitation } from './new-invitation.ts'
import type { Pending, PendingSize } from './pending.ts'
import type { PointerKind, Pointers } from './pointers.ts'
import type { LoginEvent } from './reduce.ts'
import { reduce } from './reduce.ts'
import { foldCode } from './user-code.ts'

/** The pending logins of all screens: begun by the screen, found by the phone, changed by events. */
export interface Logins {
  /**
   * Begins a login with one invitation of the way taken. `secret` is the screen's cookie; only its HMAC is kept. Where
   * strangers have begun too many, another one is forgotten for it.
   */
  begin(ask: LoginAsk, secret: string, taken: WayTaken): Promise<Login>
  get(id: string): Promise<Login | undefined>
  /** The login if `secret` is the one that began it. */
  getBound(id: string, secret: string | undefined): Promise<Login | undefined>
  /** Notes that the screen is there and waits; from then on a login outlives a night's sleep. */
  keep(id: string): Promise<void>
  /** By the id in the QR's link, folded. */
  findByLink(invitationId: string): Promise<FoundLogin | undefined>
  /** By the code on the screen as somebody typed it: exactly first, because providers' codes can tell cases apart. */
  findByCode(typed: string): Promise<FoundLogin | undefined>
  /** Applies one event. When somebody else changes the login meanwhile, judges again on what it is then. */
  apply(id: string, event: LoginEvent): Promise<Applied>
  /** A new invitation, ready to be found; give it to `apply` in a `renewed` or `restarted` event. */
  invite(loginId: string, taken: WayTaken): Promise<Invitation>
}

/** What a screen asks for, and what is known of it. `known`: somebody has let it in before. */
export type LoginAsk = { app: string; target: string; device: Device; place: Place; known?: boolean }
/** A login, and the one of its invitations that led to it. */
export type FoundLogin = { login: Login; invitation: Invitation }

/** The login as it is now, or why the event changed nothing. */
export type Applied = { login: Login } | { refused: LoginRefusal | 'unknown' }

/** What the logins are kept in, and who hears of changes. */
export type LoginsParts = {
  clock: Clock
  keyring: Keyring
  records: Records<Login>
  pointers: Pointers
  /** What is begun and not decided. */
  pending: Pending
  /** Called after each change, to wake whoever waits. */
  changed(loginId: string): void
}

/** A sleeping screen finds its login again for this long, and so the page that it first asked for. */
const REMEMBERED = 12 * HOUR

/** … once it has waited: what only begins, as a stranger's thousand requests do, is soon forgotten. */
const FLEETING = 15 * MINUTE

/** How many logins of strangers one gateway keeps: 11 MB in the store, 25 MB while all are renewed. A home has a handful, a hotel some hundreds. */
export const pendingLogins: PendingSize = { most: 4096, lifeMs: FLEETING, keptMs: REMEMBERED }

/** The logins in the store. Its methods reject when the store does. */
export function createLogins(parts: LoginsParts): Logins {
  const { clock, keyring, records, pointers, pending } = parts

  async function invite(loginId: string, taken: WayTaken): Promise<Invitation> {
    const invitation = newInvitation(taken, clock.now())
    // Two live codes must never be equal; at 34 bits this is once in a lifetime, and then a new pair is drawn.
    return (await pointers.set(loginId, invitation)) ? invitation : invite(loginId, taken)
  }

  async function find(kind: PointerKind, text: string): Promise<FoundLogin | undefined> {
    for (const pointer of await pointers.find(kind, text)) {
      const held = await records.get(pointer.login)
      const invitation = held?.value.invitations.find((one) => one.id === pointer.invitation)
      if (held !== undefined && invitation !== undefined) return { login: held.value, invitation }
    }
    return undefined
  }

  /** Drops a login with all that leads to it; one that has been decided meanwhile stays. */
  async function forget(id: string): Promise<void> {
    const held = await records.get(id)
    if (held === undefined || held.value.state.step !== 'pending') return
    for (const invitation of held.value.invitations) await pointers.drop(id, invitation)
    await records.remove(held)
  }

  return {
    async begin({ known, ...ask }, secret, taken) {
      const id = randomId(16)
      const now = clock.now()
      const surplus = pending.add(id, ask.place.address, known)
      if (surplus !== undefined) await forget(surplus)
      const login: Login = {
        ...ask,
        id,
        asks: 'screen',
        askedOf: 'anyone',
        binding: keyring.derive('binding', secret),
        keyVersion: keyring.version,
        startedAt: now,
        waitingSince: now,
        invitations: [await invite(id, taken)],
        state: { step: 'pending' },
      }
      await records.create(id, login, now + FLEETING)
      return login
    },

    get: async (id) => (await records.get(id))?.value,

    async getBound(id, secret) {
      if (secret === undefined) return undefined
      const login = (await records.get(id))?.value
      if (login === undefined) return undefined
      // SECURITY: only the browser that began a login may see or collect it. Test: promise 4: a stolen code, QR or link cannot collect a session
      if (keyring.deriveUnder(login.keyVersion, 'binding', secret) !== login.binding) return undefined
      return login
    },

    async keep(id) {
      pending.seen(id)
      const held = await records.get(id)
      const until = clock.now() + REMEMBERED
      // Whoever swaps at the same time keeps it as well.
      if (held !== undefined && held.expiresAt < until - HOUR) await records.swap(held, held.value, until)
    },

    findByLink: (invitationId) => find('link', invitationId),
    async findByCode(typed) {
      const folded = foldCode(typed)
      if (folded === undefined) return undefined
      return (await find('code', typed.trim())) ?? find('code', folded)
    },

    async apply(id, event) {
      let applied = { refused: 'unknown' } as Applied
      const changed = await records.change([id], (login) => {
        applied = login === undefined ? { refused: 'unknown' } : reduce(login, event, clock.now())
        if ('refused' in applied || applied.login === login) return undefined
        return { value: applied.login, expiresAt: clock.now() + REMEMBERED }
      })
      if (changed && 'login' in applied) {
        recount(pending, event, applied.login)
        parts.changed(id)
      }
      return applied
    },

    invite,
  }
}

/** What a person who is signed in has pressed is no stranger's any more. */
function recount(pending: Pending, { kind }: LoginEvent, { id, state }: Login): void {
  if (kind === 'opened') pending.opened(id)
  else if (kind === 'claimed' || state.step !== 'pending') pending.leave(id)
}
