import { describe, expect, test } from 'vitest'
import type { Clock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import { randomId } from '../../src/lib/random.ts'
import type { Login } from '../../src/logins/login.ts'
import { type Applied, createLogins, type Logins, pendingLogins } from '../../src/logins/logins.ts'
import { createPending } from '../../src/logins/pending.ts'
import { createPointers } from '../../src/logins/pointers.ts'
import type { PollAnswer } from '../../src/logins/provider-grant.ts'
import type { PendingGrant } from '../../src/provider/device-grant.ts'
import { createLiveSessions } from '../../src/sessions/live.ts'
import type { Session } from '../../src/sessions/session.ts'
import { createSessions } from '../../src/sessions/sessions.ts'
import type { Store } from '../../src/store/contract.ts'
import { createIndex, type IndexEntry } from '../../src/store/index-record.ts'
import { createKeyring } from '../../src/store/keyring.ts'
import { createRecords } from '../../src/store/records.ts'
import { ANNA, BEN, HOME, LG } from '../support/login.ts'

export type Opened = { store: Store; clock: Clock; close(): Promise<void> }

/** A code of the provider's that may be polled at once. */
const grantOf = (now: number): PendingGrant => ({
  deviceCode: 'secret',
  userCode: 'G7uhbbQq',
  verificationUri: 'https://id.home.example/device',
  intervalMs: 0,
  expiresAt: now + 600_000,
})

const MASTER = new Map([[1, Buffer.alloc(32, 7)]])

/** Logins and sessions over one store, as one replica has them. */
export function replica({ store, clock }: Pick<Opened, 'store' | 'clock'>, live = createLiveSessions()) {
  const keyring = createKeyring(MASTER)
  const records = createRecords<Session>(store, keyring, 'session')
  const people = createIndex({
    clock,
    records: createRecords<IndexEntry[]>(store, keyring, 'person'),
    exists: async (key) => (await records.get(key)) !== undefined,
  })
  const sessions = createSessions({
    clock,
    log: silentLog,
    keyring,
    records,
    people,
    live,
    issuers: [ANNA.issuer],
    announceEnd: async () => undefined,
    onEnd: () => undefined,
  })
  const logins = createLogins({
    pending: createPending(clock, pendingLogins, () => undefined),
    clock,
    keyring,
    records: createRecords<Login>(store, keyring, 'login'),
    pointers: createPointers(keyring, createRecords(store, keyring, 'pointer')),
    changed: () => undefined,
  })
  return { sessions, logins }
}

/** A session as `collect` makes it. */
export function sessionOf(login: Login, now: number): Session {
  return {
    kind: 'screen',
    ref: login.id,
    app: login.app,
    approvedBy: ANNA,
    actsAs: ANNA,
    device: LG,
    stay: 'ours',
    place: HOME,
    createdAt: now,
    lastSeenAt: now,
    idleMs: 1_000_000,
    absoluteUntil: now + 1_000_000,
    authTime: now,
  }
}

/** One of the things that can happen to a login at the provider, by turns. */
async function move(logins: Logins, login: string, invitation: string, turn: number): Promise<Applied> {
  const phone = `p${turn}`
  const poll = async (answer: PollAnswer) => {
    await logins.apply(login, { kind: 'leased', invitation, owner: phone })
    return logins.apply(login, { kind: 'polled', invitation, owner: phone, answer })
  }
  const moves: (() => Promise<Applied>)[] = [
    () => logins.apply(login, { kind: 'denied', invitation, phone }),
    () => logins.apply(login, { kind: 'taken-here', invitation, phone }),
    () => logins.apply(login, { kind: 'approved', invitation, phone, by: BEN, stay: { kind: 'ours' } }),
    () => poll({ kind: 'vouched', by: ANNA }),
    () => poll({ kind: 'ended' }),
  ]
  return (moves[turn % moves.length] as () => Promise<Applied>)()
}

/** What must happen once happens once, on any store, with two replicas at work. */
export function describeRaces(name: string, open: () => Promise<Opened>): void {
  describe(`races on ${name}`, () => {
    const ask = { app: 'cinema', target: '/', device: LG, place: HOME }

    async function begin() {
      const opened = await open()
      const [a, b] = [replica(opened), replica(opened)]
      return { opened, a, b, login: await a.logins.begin(ask, randomId(), { way: 'gateway' }) }
    }

    test('U15: of fifty decisions at once exactly one counts', async () => {
      const { opened, a, b, login } = await begin()
      const invitation = login.invitations[0]?.id ?? ''
      const decisions = Array.from({ length: 50 }, (_, i) => {
        const { logins } = i % 2 === 0 ? a : b
        const by = i % 3 === 0 ? ANNA : BEN
        return i % 5 === 0
          ? logins.apply(login.id, { kind: 'denied', invitation, phone: `p${i}` })
          : logins.apply(login.id, { kind: 'approved', invitation, phone: `p${i}`, by, stay: { kind: 'ours' } })
      })
      const counted = (await Promise.all(decisions)).filter((result) => 'login' in result)
      expect(counted).toHaveLength(1)
      await opened.close()
    })

    test('U15: the provider’s yes, a yes and a no here, "Approve here instead" and expiry, fifty at once: one outcome', async () => {
      const opened = await open()
      const [a, b] = [replica(opened), replica(opened)]
      for (let round = 0; round < 4; round++) {
        const taken = { way: 'provider', grant: grantOf(opened.clock.now()), mustApproveHere: round % 2 === 1 } as const
        const login = await a.logins.begin(ask, randomId(), taken)
        const invitation = login.invitations[0]?.id ?? ''
        const steps = Array.from({ length: 50 }, (_, i) => move((i % 2 === 0 ? a : b).logins, login.id, invitation, i))
        const changes = (await Promise.all(steps))
          .filter((result) => 'login' in result)
          .map((result) => result.login.state.step)
        const outcome = (await a.logins.get(login.id))?.state
        expect(changes.filter((step) => step === 'approved' || step === 'denied').length).toBeLessThanOrEqual(1)
        if (outcome?.step === 'approved') expect(outcome.stay.kind === 'tonight' ? 'anna' : 'ben').toBe(outcome.by.sub)
      }
      await opened.close()
    })

    test('U15: fifty collections at once give one session', async () => {
      const { opened, a, b, login } = await begin()
      const secret = randomId()
      const made = await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          (i % 2 === 0 ? a : b).sessions.create(secret, sessionOf(login, opened.clock.now())),
        ),
      )
      expect(made.filter((result) => result === 'created')).toHaveLength(1)
      expect(made.filter((result) => result === 'exists')).toHaveLength(49)
      expect(await a.sessions.listOf(ANNA)).toHaveLength(1)
      await opened.close()
    })

    test('fifty collections after an end bring nothing back', async () => {
      const { opened, a, b, login } = await begin()
      const secret = randomId()
      const session = sessionOf(login, opened.clock.now())
      await a.sessions.create(secret, session)
      const found = await a.sessions.find(secret)
      await a.sessions.end(found?.key ?? '', 'revoked')
      const again = await Promise.all(Array.from({ length: 50 }, () => b.sessions.create(secret, session)))
      expect(new Set(again)).toEqual(new Set(['ended']))
      expect(await b.sessions.find(secret)).toBeUndefined()
      expect(await b.sessions.listOf(ANNA)).toEqual([])
      await opened.close()
    })

    test('collections and revocations at once: in the end it is signed out, whoever came first', async () => {
      const { opened, a, b, login } = await begin()
      const secret = randomId()
      const session = sessionOf(login, opened.clock.now())
      await a.sessions.create(secret, session)
      const key = (await a.sessions.find(secret))?.key ?? ''
      await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          i % 2 === 0 ? a.sessions.end(key, 'revoked') : b.sessions.create(secret, session),
        ),
      )
      expect(await replica(opened).sessions.find(secret)).toBeUndefined()
      await opened.close()
    })
  })
}
