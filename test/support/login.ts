import type { Invitation } from '../../src/logins/invitation.ts'
import type { Login } from '../../src/logins/login.ts'

export const ANNA = { issuer: 'https://id.home.example', sub: 'anna', name: 'Anna', groups: ['family'] }
export const BEN = { issuer: 'https://id.home.example', sub: 'ben', name: 'Ben', groups: ['guests'] }
export const HOME = { address: '192.168.1.20', certain: true }
export const LG = { name: 'LG TV', kind: 'tv', brand: 'LG' } as const

/** An invitation made at `at`, five minutes long. */
export function invitationAt(at: number, id = 'AAAAAAAAAAAAAAAA'): Invitation {
  return { id, userCode: 'BCDF-GHJK', createdAt: at, expiresAt: at + 300_000 }
}

/** A login that a television began at `at`. */
export function loginAt(at: number): Login {
  return {
    id: 'login-1',
    asks: 'screen',
    askedOf: 'anyone',
    app: 'cinema',
    target: '/films/42?t=90',
    device: LG,
    place: HOME,
    binding: 'hash',
    keyVersion: 1,
    startedAt: at,
    waitingSince: at,
    invitations: [invitationAt(at)],
    state: { step: 'pending' },
  }
}
