import { hash } from 'node:crypto'
import type { Clock } from '../lib/clock.ts'
import { MINUTE, SECOND } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { repeat } from '../lib/repeat.ts'
import { times } from '../lib/times.ts'
import type { Identity } from '../provider/provider.ts'
import type { Index } from '../store/index-record.ts'
import type { Keyring } from '../store/keyring.ts'
import type { Held, Records } from '../store/records.ts'
import { createEnding, type Ended, type Ending } from './ending.ts'
import { createLastSeen } from './last-seen.ts'
import type { LiveSessions } from './live.ts'
import { createNearSessions } from './near.ts'
import type { EndReason, Session } from './session.ts'
import { expiresAt, isLive } from './session.ts'

/** Every session of every kind: made once, found on each request, ended in one place. */
export interface Sessions {
  /**
   * Makes the session that `secret` (the cookie's value) opens, if there is none yet. Asking twice is harmless;
   * a session that has ended is never brought back.
   */
  create(secret: string, session: Session): Promise<'created' | 'exists' | 'ended'>
  /** The live session behind a cookie's value, noted as seen. Answers at once when it was read a moment ago. */
  find(secret: string): FoundSession | undefined | Promise<FoundSession | undefined>
  /** As `create` and `find`, of a session that no cookie opens: `key` is made by whoever knows the device by other means. */
  createUnder(key: string, session: Session): Promise<'created' | 'exists' | 'ended'>
  findUnder(key: string): FoundSession | undefined | Promise<FoundSession | undefined>
  /** The live session under a key, as the store has it now; it is not noted as seen. */
  peek(key: string): Promise<FoundSession | undefined>
  /** Notes activity; written in batches. */
  touch(key: string): void
  /** All live sessions that this person let in or signed in to. */
  listOf(person: Identity): Promise<FoundSession[]>
  /**
   * The one way a session ends: the record, the cache, every open socket and stream, and the other replicas.
   * `not-kept`: it is over here and now, but the store fails, and until it takes the end a restart would undo it. Never
   * rejects.
   */
  end(key: string, reason: EndReason): Promise<Ended>
  /** The key of the session that a cookie's value opens. */
  keyOf(secret: string): string
  /** See `Ending`. */
  wasSignedOut: Ending['wasSignedOut']
  endOf: Ending['endOf']
  /** Another replica has ended it. */
  endedElsewhere(key: string): void
  /** Entries of the feed were missed: nothing cached may be believed. */
  forgetAll(): void
  /** Writes what is pending and stops its timers. */
  close(): Promise<void>
}

/** `key` is the hash of the cookie's value; it names the session inside and opens nothing. */
export type FoundSession = { key: string; session: Session }

/** What sessions are kept in, and who hears of their end. */
export type SessionsParts = {
  clock: Clock
  log: Log
  keyring: Keyring
  records: Records<Session>
  people: Index
  live: LiveSessions
  /** Who may vouch for people. */
  issuers: readonly string[]
  /** Tells the other replicas. */
  announceEnd(key: string): Promise<unknown>
  /** It has ended here. */
  onEnd(key: string): void
}

const SWEEP_MS = 15 * SECOND
const FLUSH_MS = MINUTE

/** The sessions of one replica. Its methods reject when the store does. */
export function createSessions(parts: SessionsParts): Sessions {
  const { clock, log, records, live } = parts
  const near = createNearSessions(parts)
  const lastSeen = createLastSeen({ clock, records, recordUntil, onWritten: near.written })
  const { end, wasSignedOut, endOf, again: endAgain } = createEnding({ ...parts, cut: endedElsewhere })

  const keyOf = (secret: string) => hash('sha256', secret, 'base64url')
  const nameOf = ({ issuer, sub }: Identity) => JSON.stringify([issuer, sub])

  function judge(key: string, session: Session): FoundSession | undefined {
    const current = lastSeen.applied(key, session)
    // SECURITY: a session that has ended or run out opens nothing. Test: a session that has ended or run out opens nothing
    if (!isLive(current, clock.now())) return undefined
    // SECURITY: `sub` means nothing without its issuer, so whoever another one vouched for is a stranger. Test: J19: a session of a provider that is no longer configured opens nothing
    if (!parts.issuers.includes(session.approvedBy.issuer)) return undefined
    // SECURITY: a read that was under way when the session ended is not believed. Test: a lookup that was under way when its session ended finds nothing
    if (live.isClosed(key)) return undefined
    return { key, session: current }
  }

  function find(secret: string): FoundSession | undefined | Promise<FoundSession | undefined> {
    return /^[A-Za-z0-9_-]{43}$/.test(secret) ? findUnder(keyOf(secret)) : undefined
  }

  function findUnder(key: string): FoundSession | undefined | Promise<FoundSession | undefined> {
    const session = near.get(key)
    return session instanceof Promise ? session.then((later) => seen(key, later)) : seen(key, session)
  }

  async function createUnder(key: string, session: Session): Promise<'created' | 'exists' | 'ended'> {
    const created = await records.create(key, session, recordUntil(session))
    const held: Held<Session> | undefined = created ? undefined : await records.get(key)
    // SECURITY: a tombstone stays dead. Test: collecting never brings back a session that has ended
    if (held?.value.ended !== undefined) return 'ended'
    // After the record, and again on every repetition: a lost answer must not leave a session that no list shows.
    const person = parts.keyring.derive('person', nameOf(session.approvedBy))
    // Listed to its absolute end, since activity slides the idle one. What a full list drops could not be revoked.
    const dropped = await parts.people.add(person, key, session.absoluteUntil + times.streamGrace)
    for (const old of dropped) await end(old, 'replaced')
    return created ? 'created' : 'exists'
  }

  function seen(key: string, session: Session | undefined): FoundSession | undefined {
    const found = session && judge(key, session)
    if (found !== undefined) lastSeen.note(found.key)
    return found
  }

  function endedElsewhere(key: string): void {
    near.forget(key)
    lastSeen.forget(key)
    live.close(key)
  }

  /** Ends what outlived its session: nothing new starts after the end, and open streams get a grace. */
  async function sweep(): Promise<void> {
    for (const key of live.keys()) {
      const held = await records.get(key)
      const session = held && lastSeen.applied(key, held.value)
      const over = session === undefined || session.ended !== undefined
      if (over || clock.now() > expiresAt(session) + times.streamGrace) live.close(key)
    }
  }

  /** Work that a store which fails now leaves to the next time, and the log hears of. */
  const patiently = (work: () => Promise<void>) => () =>
    work().catch(() => log.notice('store_fault', { part: 'sessions' }))

  const stopFlushing = repeat(clock, FLUSH_MS, patiently(lastSeen.write))
  const stopSweeping = repeat(clock, SWEEP_MS, patiently(sweep))
  const stopEnding = repeat(clock, SWEEP_MS, endAgain)

  return {
    create: (secret, session) => createUnder(keyOf(secret), session),
    createUnder,
    findUnder,
    async peek(key) {
      const held = await records.get(key)
      return held && judge(key, held.value)
    },
    find,
    touch: lastSeen.note,
    async listOf(person) {
      const found: FoundSession[] = []
      for (const key of await parts.people.list(...parts.keyring.deriveAll('person', nameOf(person)))) {
        const held = await records.get(key)
        const judged = held && judge(key, held.value)
        if (judged !== undefined) found.push(judged)
      }
      return found
    },
    end,
    keyOf,
    wasSignedOut,
    endOf,
    endedElsewhere,
    forgetAll() {
      near.forgetAll()
      // A store that fails now is asked again by the next sweep.
      sweep().catch(() => undefined)
    },
    async close() {
      stopFlushing()
      stopSweeping()
      stopEnding()
      await endAgain()
      await lastSeen.write()
    },
  }
}

/** The record outlives the session by the grace of its streams, so that the sweep can still judge it. */
function recordUntil(session: Session): number {
  return expiresAt(session) + times.streamGrace
}
