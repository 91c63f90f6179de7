import { randomId } from '../lib/random.ts'
import { times } from '../lib/times.ts'
import type { Session } from './session.ts'
import type { Person } from './tickets.ts'

/** A session of somebody who has just signed in at the provider, in the browser that asks: at the door, or of one app. */
export function browserSession(
  kind: 'browser' | 'door',
  { identity, authTime }: Person,
  where: Pick<Session, 'app' | 'device' | 'place'>,
  now: number,
): Session {
  const { idle, absolute } = times[kind]
  return {
    ...where,
    kind,
    ref: randomId(12),
    approvedBy: identity,
    actsAs: identity,
    stay: kind,
    createdAt: now,
    lastSeenAt: now,
    idleMs: idle,
    absoluteUntil: now + absolute,
    authTime,
  }
}
