import { times } from '../lib/times.ts'
import type { Keyring } from '../store/keyring.ts'
import type { Records } from '../store/records.ts'
import type { Invitation } from './invitation.ts'
import { foldCode } from './user-code.ts'

/** Leads from a link or a code to its login; at most one of each lives. */
export type Pointer = { login: string; invitation: string }

/** What leads to a login: the id in the QR's link, or a code as it is typed. */
export type PointerKind = 'link' | 'code'

/** From links and codes to logins, under their HMACs: who copies the store finds none. Rejects when the store does. */
export interface Pointers {
  /** Has an invitation lead to a login; false when another live one has its link or its folded code. */
  set(login: string, invitation: Invitation): Promise<boolean>
  /** What `text` leads to, under every key that is still known. */
  find(kind: PointerKind, text: string): Promise<Pointer[]>
  /** Takes away what leads from an invitation to this login. */
  drop(login: string, invitation: Invitation): Promise<void>
}

/** The pointers in the store. */
export function createPointers(keyring: Keyring, records: Records<Pointer>): Pointers {
  const keyOf = (kind: PointerKind, text: string) => `${kind}-${keyring.derive(kind, text)}`

  return {
    async set(login, { id, userCode, expiresAt, providerGrant }) {
      const pointer = { login, invitation: id }
      const until = expiresAt + times.openedCode
      const linked = await records.create(keyOf('link', id), pointer, until)
      const coded = await records.create(keyOf('code', foldCode(userCode) ?? ''), pointer, until)
      if (providerGrant === undefined) return linked && coded
      // Providers may tell cases apart: the exact code finds it also when a folded one is taken.
      await records.create(keyOf('code', userCode), pointer, until)
      return true
    },
    async find(kind, text) {
      const found: Pointer[] = []
      for (const key of keyring.deriveAll(kind, text)) {
        const held = await records.get(`${kind}-${key}`)
        if (held !== undefined) found.push(held.value)
      }
      return found
    },
    async drop(login, { id, userCode }) {
      for (const key of [keyOf('link', id), keyOf('code', foldCode(userCode) ?? ''), keyOf('code', userCode)]) {
        const held = await records.get(key)
        if (held?.value.login === login) await records.remove(held)
      }
    },
  }
}
