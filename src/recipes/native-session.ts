import type { Clock } from '../lib/clock.ts'
import type { Place } from '../lib/place.ts'
import { randomId } from '../lib/random.ts'
import { times } from '../lib/times.ts'
import type { Identity } from '../provider/provider.ts'
import type { Device } from '../screens/device.ts'
import type { Session } from '../sessions/session.ts'

/** What the session of a native device is made of. */
export type NewNative = { app: string; approvedBy: Identity; actsAs: Identity; device: Device; place: Place }

/** The session of a device that holds an app's credential and no cookie of ours: it stays, as a screen that is "ours" does. */
export function nativeSession(native: NewNative, clock: Clock): Session {
  const now = clock.now()
  return {
    ...native,
    kind: 'native',
    ref: randomId(12),
    stay: 'ours',
    createdAt: now,
    lastSeenAt: now,
    idleMs: times.ours.idle,
    absoluteUntil: now + times.ours.absolute,
    authTime: now,
  }
}
