import { describe, expect, test } from 'vitest'
import { MINUTE, SECOND } from '../../src/lib/clock.ts'
import type { Login } from '../../src/logins/login.ts'
import type { LoginEvent } from '../../src/logins/reduce.ts'
import { reduce } from '../../src/logins/reduce.ts'
import { screenState } from '../../src/logins/screen-state.ts'
import { ANNA, BEN, invitationAt, loginAt } from '../support/login.ts'

const T = Date.UTC(2026, 0, 1)
const ID = 'AAAAAAAAAAAAAAAA'
const yes = (phone: string): LoginEvent => ({
  kind: 'approved',
  invitation: ID,
  phone,
  by: ANNA,
  stay: { kind: 'ours' },
})
const no = (phone: string): LoginEvent => ({ kind: 'denied', invitation: ID, phone })

/** Whoever reaches these steps came from the one before, by the one event that leads there. */
function expectReason(before: string, event: LoginEvent, step: string): void {
  if (step === before) return
  if (step === 'approved') expect([before, event.kind]).toEqual(['pending', 'approved'])
  if (step === 'collected') expect([before, event.kind]).toEqual(['approved', 'collected'])
}

/** Applies events in order, each at its time; the last refusal, or the login. */
function after(events: [at: number, event: LoginEvent][], login = loginAt(T)): Login | string {
  let current: Login = login
  for (const [at, event] of events) {
    const reduced = reduce(current, event, at)
    if ('refused' in reduced) return reduced.refused
    current = reduced.login
  }
  return current
}

const stepOf = (result: Login | string) => (typeof result === 'string' ? result : result.state.step)

describe('a login', () => {
  test('goes from pending over opened and approved to collected', () => {
    const opened = after([[T + SECOND, { kind: 'opened', invitation: ID, phone: 'p1' }]]) as Login
    expect(screenState(opened, T + 2 * SECOND).show).toBe('opened')
    const approved = after([[T + 3 * SECOND, yes('p1')]], opened) as Login
    expect(screenState(approved, T + 4 * SECOND)).toEqual({ show: 'go' })
    const collected = after([[T + 5 * SECOND, { kind: 'collected' }]], approved) as Login
    expect(collected.state).toMatchObject({ step: 'collected', by: ANNA, approvedAt: T + 3 * SECOND })
  })

  test('is decided once: a late no after a yes, and a late yes after a no, are refused', () => {
    expect(
      after([
        [T, yes('p1')],
        [T + 1, no('p1')],
      ]),
    ).toBe('decided')
    expect(
      after([
        [T, no('p1')],
        [T + 1, yes('p1')],
      ]),
    ).toBe('decided')
    expect(
      after([
        [T, yes('p1')],
        [T + 1, yes('p2')],
      ]),
    ).toBe('decided')
  })

  test('cannot be collected before it is approved, nor after it is denied', () => {
    expect(after([[T, { kind: 'collected' }]])).toBe('not-approved')
    expect(
      after([
        [T, no('p1')],
        [T + 1, { kind: 'collected' }],
      ]),
    ).toBe('not-approved')
  })

  test('can be collected for 60 seconds after approval, and again for 60 seconds after that', () => {
    const collect: LoginEvent = { kind: 'collected' }
    expect(
      stepOf(
        after([
          [T, yes('p')],
          [T + 60 * SECOND, collect],
        ]),
      ),
    ).toBe('collected')
    expect(
      after([
        [T, yes('p')],
        [T + 60 * SECOND + 1, collect],
      ]),
    ).toBe('too-late')
    expect(
      stepOf(
        after([
          [T, yes('p')],
          [T + 50 * SECOND, collect],
          [T + 110 * SECOND, collect],
        ]),
      ),
    ).toBe('collected')
    expect(
      after([
        [T, yes('p')],
        [T + 50 * SECOND, collect],
        [T + 110 * SECOND + 1, collect],
      ]),
    ).toBe('too-late')
  })

  test('U13: an approval after the code has ended is refused', () => {
    const end = T + 5 * MINUTE
    expect(stepOf(after([[end - SECOND, yes('p')]]))).toBe('approved')
    expect(after([[end, yes('p')]])).toBe('gone')
    expect(after([[end + SECOND, no('p')]])).toBe('gone')
    expect(after([[T, { ...yes('p'), invitation: 'BBBBBBBBBBBBBBBB' } as LoginEvent]])).toBe('gone')
  })

  test('a code that a phone has opened stays alive for that phone for ten minutes, and for no other', () => {
    const opened: [number, LoginEvent] = [T + 4 * MINUTE, { kind: 'opened', invitation: ID, phone: 'p1' }]
    expect(stepOf(after([opened, [T + 13 * MINUTE, yes('p1')]]))).toBe('approved')
    expect(after([opened, [T + 14 * MINUTE, yes('p1')]])).toBe('gone')
    expect(after([opened, [T + 6 * MINUTE, yes('p2')]])).toBe('gone')
  })

  test('U7: while one phone decides, another can neither approve nor deny', () => {
    const claimed: [number, LoginEvent] = [T, { kind: 'claimed', invitation: ID, phone: 'p1' }]
    expect(after([claimed, [T + 1, yes('p2')]])).toBe('claimed')
    expect(after([claimed, [T + 1, no('p2')]])).toBe('claimed')
    expect(after([claimed, [T + 1, { kind: 'claimed', invitation: ID, phone: 'p2' }]])).toBe('claimed')
    expect(stepOf(after([claimed, [T + 1, yes('p1')]]))).toBe('approved')
    // A phone that never comes back does not block the family for good.
    const opened: [number, LoginEvent] = [T + 4 * MINUTE, { kind: 'opened', invitation: ID, phone: 'p2' }]
    expect(stepOf(after([claimed, opened, [T + 5 * MINUTE, yes('p2')]]))).toBe('approved')
  })

  test('keeps at most two invitations, the newest on the screen', () => {
    let login = loginAt(T)
    let now = T
    for (const id of ['B', 'C', 'D']) {
      now += 4 * MINUTE
      login = after([[now, { kind: 'renewed', invitation: invitationAt(now, id) }]], login) as Login
    }
    expect(login.invitations.map((one) => one.id)).toEqual(['C', 'D'])
    expect(screenState(login, now + MINUTE)).toMatchObject({ show: 'waiting', invitation: { id: 'D' } })
  })

  test('wants a new code at 80 % of its life, but not while a phone has it open', () => {
    expect(screenState(loginAt(T), T + 4 * MINUTE - 1)).toMatchObject({ show: 'waiting', due: T + 4 * MINUTE })
    expect(screenState(loginAt(T), T + 4 * MINUTE).show).toBe('renew')
    const opened = after([[T + 3 * MINUTE, { kind: 'opened', invitation: ID, phone: 'p1' }]]) as Login
    expect(screenState(opened, T + 12 * MINUTE).show).toBe('opened')
    expect(screenState(opened, T + 13 * MINUTE).show).toBe('renew')
  })

  test('stops renewing after 30 minutes of waiting and wants a press; the last code lives out its time', () => {
    const now = T + 30 * MINUTE
    const login: Login = { ...loginAt(T), invitations: [invitationAt(now - 4 * MINUTE)] }
    expect(screenState(login, now)).toMatchObject({ show: 'waiting', due: now + MINUTE })
    expect(screenState(login, now + MINUTE).show).toBe('tired')
    const again = after(
      [[now + MINUTE, { kind: 'restarted', invitation: invitationAt(now + MINUTE, 'B') }]],
      login,
    ) as Login
    expect(screenState(again, now + 5 * MINUTE).show).toBe('renew')
  })

  test('a screen that slept for hours gets a fresh code on waking and counts its waiting anew', () => {
    const woken = T + 5 * 60 * MINUTE
    expect(screenState(loginAt(T), woken).show).toBe('renew')
    const login = after([[woken, { kind: 'renewed', invitation: invitationAt(woken, 'B') }]]) as Login
    expect(login.waitingSince).toBe(woken)
    expect(login.target).toBe('/films/42?t=90')
  })

  test('after a no, only a press on the screen begins anew', () => {
    const denied = after([[T, no('p')]]) as Login
    expect(screenState(denied, T + 9 * MINUTE).show).toBe('denied')
    expect(reduce(denied, { kind: 'renewed', invitation: invitationAt(T, 'B') }, T)).toEqual({ refused: 'decided' })
    const again = after(
      [[T + MINUTE, { kind: 'restarted', invitation: invitationAt(T + MINUTE, 'B') }]],
      denied,
    ) as Login
    expect(screenState(again, T + MINUTE).show).toBe('waiting')
    expect(
      after([
        [T, yes('p')],
        [T + 1, { kind: 'restarted', invitation: invitationAt(T, 'B') }],
      ]),
    ).toBe('decided')
  })

  test('U6: in a walk of 20,000 random events nothing but an approval by a person on a live code approves', () => {
    let seed = 7
    const random = (n: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return seed % n
    }
    let login = loginAt(T)
    let now = T
    for (let i = 0; i < 20_000; i++) {
      now += random(120) * SECOND
      const id = login.invitations[random(login.invitations.length)]?.id ?? ID
      const phone = `p${random(3)}`
      const events: LoginEvent[] = [
        { kind: 'opened', invitation: id, phone },
        { kind: 'claimed', invitation: id, phone },
        { kind: 'approved', invitation: id, phone, by: random(2) === 0 ? ANNA : BEN, stay: { kind: 'tonight' } },
        { kind: 'denied', invitation: id, phone },
        { kind: 'collected' },
        { kind: 'retargeted', target: '/x' },
        { kind: 'renewed', invitation: invitationAt(now, `I${i}`) },
        { kind: 'restarted', invitation: invitationAt(now, `I${i}`) },
      ]
      const event = events[random(events.length)] as LoginEvent
      const before = login.state.step
      const reduced = reduce(login, event, now)
      if ('refused' in reduced) continue
      login = reduced.login
      expectReason(before, event, login.state.step)
      if (before === 'approved' || before === 'collected') login = loginAt(now)
    }
  })
})
