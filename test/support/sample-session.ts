import { DAY } from '../../src/lib/clock.ts'
import type { Session } from '../../src/sessions/session.ts'

/** A session of Anna's television for the app of this name, without an end in sight. */
export function sampleSession(app: string): Session {
  const person = {
    issuer: 'https://id.home.example',
    sub: 'anna',
    name: 'Anna',
    email: 'anna@home.example',
    groups: ['family'],
  }
  const now = Date.UTC(2026, 0, 1)
  return {
    kind: 'screen',
    ref: `${app}-ref`,
    app,
    approvedBy: person,
    actsAs: person,
    device: { name: 'LG TV', kind: 'tv', brand: 'LG' },
    createdAt: now,
    lastSeenAt: now,
    idleMs: 400 * DAY,
    absoluteUntil: now + 4000 * DAY,
    authTime: now,
    stay: 'ours',
    place: { address: '127.0.0.1', certain: true },
  }
}
