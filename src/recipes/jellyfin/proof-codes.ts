import type { Clock } from '../../lib/clock.ts'
import { MINUTE } from '../../lib/clock.ts'
import type { Keyring } from '../../store/keyring.ts'
import type { Records } from '../../store/records.ts'

/** Codes of Quick Connect that we have begun ourselves: whoever approves one shows who they are, and lets nobody in. */
export interface ProofCodes {
  note(code: string): Promise<void>
  has(code: string): Promise<boolean>
}

/** A code of Jellyfin's lives this long. */
const LIFE = 10 * MINUTE

/** Those of one app, as all gateways know them. */
export function createProofCodes(parts: {
  app: string
  clock: Clock
  keyring: Keyring
  records: Records<{ at: number }>
}): ProofCodes {
  const { app, clock, keyring, records } = parts
  const idOf = (code: string) => keyring.derive('proof code', `${app} ${code}`)
  return {
    async note(code) {
      const now = clock.now()
      await records.create(idOf(code), { at: now }, now + LIFE)
    },
    async has(code) {
      const held = await records.get(idOf(code))
      return held !== undefined && clock.now() < held.value.at + LIFE
    },
  }
}

/** The value of a name in a query, in any letter case, as Jellyfin reads names; empty unless it stands there once. */
export function valueIn(target: string, wanted: 'code' | 'secret'): string {
  const query = new URLSearchParams(target.slice(target.indexOf('?') + 1))
  const values = [...query].filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value)
  return values.length === 1 ? (values[0] as string) : ''
}
