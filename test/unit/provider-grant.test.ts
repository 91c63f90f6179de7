import { expect, test } from 'vitest'
import { MINUTE, SECOND } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import { createGrantPolls } from '../../src/logins/grant-polls.ts'
import type { Login } from '../../src/logins/login.ts'
import type { PollAnswer } from '../../src/logins/provider-grant.ts'
import { pollDueAt } from '../../src/logins/provider-grant.ts'
import type { LoginEvent } from '../../src/logins/reduce.ts'
import { reduce } from '../../src/logins/reduce.ts'
import { screenState } from '../../src/logins/screen-state.ts'
import type { DevicePoll } from '../../src/provider/device-grant.ts'
import type { Identity } from '../../src/provider/provider.ts'
import { createFakeClock } from '../support/clock.ts'
import { ANNA, BEN, invitationAt, loginAt } from '../support/login.ts'

const T = Date.UTC(2026, 0, 1)
const ID = 'AAAAAAAAAAAAAAAA'

/** A login whose code is the provider's: interval 5 s, ten minutes long. */
function loginAtProvider({ mustApproveHere = false } = {}): Login {
  const grant = {
    deviceCode: 'secret',
    userCode: 'G7uhbbQq',
    verificationUri: 'https://id.home.example/device',
    intervalMs: 5000,
    expiresAt: T + 10 * MINUTE,
  }
  const providerGrant = { grant, mustApproveHere, nextPollAt: T + 5000, serverErrors: 0, silences: 0 }
  return {
    ...loginAt(T),
    invitations: [{ ...invitationAt(T), userCode: 'G7uhbbQq', expiresAt: T + 10 * MINUTE, providerGrant }],
  }
}

function after(login: Login, ...events: [at: number, event: LoginEvent][]): Login | string {
  let current = login
  for (const [at, event] of events) {
    const reduced = reduce(current, event, at)
    if ('refused' in reduced) return reduced.refused
    current = reduced.login
  }
  return current
}

const leased = (owner: string): LoginEvent => ({ kind: 'leased', invitation: ID, owner })
const polled = (owner: string, answer: PollAnswer): LoginEvent => ({ kind: 'polled', invitation: ID, owner, answer })
const vouched = (owner: string, by = ANNA) => polled(owner, { kind: 'vouched', by })
const yes = (by = ANNA): LoginEvent => ({ kind: 'approved', invitation: ID, phone: 'p', by, stay: { kind: 'ours' } })
const here: LoginEvent = { kind: 'taken-here', invitation: ID, phone: 'p' }
const stateOf = (result: Login | string) => (typeof result === 'string' ? result : result.state)

test('the provider’s yes lets the screen in, for tonight, whatever else is chosen', () => {
  const result = after(loginAtProvider(), [T + 5000, leased('a')], [T + 5300, vouched('a')])
  expect(stateOf(result)).toEqual({ step: 'approved', at: T + 5300, by: ANNA, stay: { kind: 'tonight' } })
})

test('nobody polls before the interval has passed, and one at a time', () => {
  expect(pollDueAt(loginAtProvider(), T)).toBe(T + 5000)
  expect(after(loginAtProvider(), [T + 4999, leased('a')])).toBe('busy')
  expect(after(loginAtProvider(), [T + 5000, leased('a')], [T + 5001, leased('b')])).toBe('busy')
  const answered = after(
    loginAtProvider(),
    [T + 5000, leased('a')],
    [T + 5200, polled('a', { kind: 'pending' })],
  ) as Login
  expect(pollDueAt(answered, T + 5200)).toBe(T + 5000 + 5500)
})

test('a holder of the lease that was killed is replaced, and heard no more', () => {
  const taken = after(loginAtProvider(), [T + 5000, leased('a')], [T + 17_000, leased('b')]) as Login
  expect(stateOf(after(taken, [T + 17_100, vouched('a')]))).toBe('gone')
  expect(stateOf(after(taken, [T + 17_100, vouched('b')]))).toMatchObject({ step: 'approved' })
})

test('U12: slow_down adds five seconds for good', () => {
  const one = after(loginAtProvider(), [T + 5000, leased('a')], [T + 5100, polled('a', { kind: 'slow-down' })]) as Login
  expect(pollDueAt(one, T + 5100)).toBe(T + 5100 + 10_500)
  const two = after(one, [T + 15_600, leased('a')], [T + 15_700, polled('a', { kind: 'pending' })]) as Login
  expect(pollDueAt(two, T + 15_700)).toBe(T + 15_600 + 10_500)
})

test('U12: silence doubles the pause up to 30 seconds, and an answer ends that', () => {
  let login = loginAtProvider()
  const pauses: number[] = []
  for (let at = T + 5000, i = 0; i < 5; i++) {
    login = after(login, [at, leased('a')], [at, polled('a', { kind: 'unreachable' })]) as Login
    const due = pollDueAt(login, at) ?? 0
    pauses.push((due - at) / SECOND)
    at = due
  }
  expect(pauses).toEqual([10.5, 20.5, 30.5, 30.5, 30.5])
})

test('Authelia: three breakdowns in a row are a no, two and a pending are not', () => {
  const broke = polled('a', { kind: 'server-error' })
  let login = loginAtProvider()
  let at = T + 5000
  const ask = (answer: LoginEvent) => {
    login = after(login, [at, leased('a')], [at, answer]) as Login
    at += 12_000
  }
  for (const answer of [broke, broke, polled('a', { kind: 'pending' }), broke, broke]) ask(answer)
  expect(login.state.step).toBe('pending')
  ask(broke)
  expect(login.state.step).toBe('denied')
})

test('U12: a code that has ended asks for a press; nothing renews it silently', () => {
  expect(screenState(loginAtProvider(), T + 9 * MINUTE)).toMatchObject({ show: 'waiting' })
  expect(screenState(loginAtProvider(), T + 10 * MINUTE)).toEqual({ show: 'tired' })
  const ended = after(loginAtProvider(), [T + 5000, leased('a')], [T + 5100, polled('a', { kind: 'ended' })]) as Login
  expect(screenState(ended, T + 5100)).toEqual({ show: 'tired' })
  expect(pollDueAt(ended, T + 5100)).toBeUndefined()
})

test('approved by a person who may not open the app: the screen gets a fresh code in place', () => {
  const result = after(
    loginAtProvider(),
    [T + 5000, leased('a')],
    [T + 5100, polled('a', { kind: 'not-allowed' })],
  ) as Login
  expect(screenState(result, T + 5100)).toEqual({ show: 'renew' })
  expect(after(result, [T + 5200, yes()])).toBe('gone')
})

test('the provider way: our page approves nothing before the provider has, or before it is chosen', () => {
  expect(after(loginAtProvider(), [T, yes()])).toBe('elsewhere')
  expect(stateOf(after(loginAtProvider(), [T, here], [T + 1, yes()]))).toMatchObject({
    step: 'approved',
    stay: { kind: 'ours' },
  })
  const failed: Login = { ...loginAt(T), invitations: [{ ...invitationAt(T), providerFailed: true }] }
  expect(after(failed, [T, yes()])).toBe('elsewhere')
  expect(stateOf(after(failed, [T, here], [T + 1, yes()]))).toMatchObject({ step: 'approved' })
})

test('the provider way: an answer that comes after "Approve here instead", or after its turn, changes nothing', () => {
  expect(after(loginAtProvider(), [T + 5000, leased('a')], [T + 5001, here], [T + 5002, vouched('a', BEN)])).toBe(
    'gone',
  )
  expect(after(loginAtProvider(), [T + 5000, leased('a')], [T + 5002, vouched('b', BEN)])).toBe('gone')
  expect(after(loginAtProvider(), [T + 5002, vouched('a', BEN)])).toBe('gone')
  const chosen = after(loginAtProvider(), [T + 5000, here]) as Login
  expect(pollDueAt(chosen, T + 5000)).toBeUndefined()
  expect(after(chosen, [T + 5000, leased('a')])).toBe('gone')
})

test('a provider that does not ask every time lets nobody in alone: the same person approves here, for tonight', () => {
  const there = after(
    loginAtProvider({ mustApproveHere: true }),
    [T + 5000, leased('a')],
    [T + 5100, vouched('a')],
  ) as Login
  expect(there.state.step).toBe('pending')
  expect(pollDueAt(there, T + 5100)).toBeUndefined()
  expect(stateOf(after(there, [T + 6000, yes()]))).toEqual({
    step: 'approved',
    at: T + 6000,
    by: ANNA,
    stay: { kind: 'tonight' },
  })
})

test('the provider way: an approval here by another person than there is a no', () => {
  const there = after(
    loginAtProvider({ mustApproveHere: true }),
    [T + 5000, leased('a')],
    [T + 5100, vouched('a')],
  ) as Login
  expect(stateOf(after(there, [T + 6000, yes(BEN)]))).toMatchObject({ step: 'denied' })
  const elsewhere = { ...ANNA, issuer: 'https://other.example' }
  expect(stateOf(after(there, [T + 6000, yes(elsewhere)]))).toMatchObject({ step: 'denied' })
})

/** Asks until the provider's `answers` are used up: who was described anew, what was noted, and what the login has become. */
async function askAll(answers: DevicePoll[], { mayOpen = true, storeFails = false } = {}) {
  const clock = createFakeClock(T)
  let login = loginAtProvider()
  const described: Identity[] = []
  const noted: string[] = []
  async function apply(_id: string, event: LoginEvent) {
    const reduced = reduce(login, event, clock.now())
    if ('login' in reduced) login = reduced.login
    return reduced
  }
  const polls = createGrantPolls({
    clock,
    log: { ...silentLog, notice: (event) => void noted.push(event) },
    logins: { apply },
    deviceGrant: {
      request: () => Promise.reject(new Error('nobody asks for a code')),
      poll: async () => answers.shift() ?? { kind: 'pending' },
    },
    mayOpen: () => mayOpen,
    async describe(person) {
      described.push(person)
      if (storeFails) throw new Error('the store is away')
    },
  })
  while (answers.length > 0) {
    await clock.advance(MINUTE / 6)
    await polls.poll(login)
  }
  await polls.poll(login)
  return { described, noted, step: login.state.step }
}

test('whoever signs in by the code of the provider is described anew, once, whether they may open the app or not', async () => {
  const taken: DevicePoll = { kind: 'identity', identity: ANNA }
  const asked = await askAll([{ kind: 'pending' }, { kind: 'pending' }, taken])
  expect(asked).toEqual({ described: [ANNA], noted: ['device_approved'], step: 'approved' })
  expect((await askAll([taken], { mayOpen: false })).described).toEqual([ANNA])
})

test('a store that fails to describe somebody anew loses no login by the code of the provider', async () => {
  const asked = await askAll([{ kind: 'identity', identity: ANNA }], { storeFails: true })
  expect(asked).toEqual({ described: [ANNA], noted: ['device_approved', 'store_fault'], step: 'approved' })
})
