import { randomFrom } from '../lib/random.ts'

/** Consonants only (RFC 8628 §6.1): no words, no look-alikes of digits. 20^8 codes, 34.6 bits. */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ'

/** RFC 4648 base 32: packs into a QR code's alphanumeric mode. 80 bits. */
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** A new user code as screens show it: 4-4. */
export const newUserCode = (): string => `${randomFrom(LETTERS, 4)}-${randomFrom(LETTERS, 4)}`

/** A new id for the short link in the QR. */
export const newInvitationId = (): string => randomFrom(BASE32, 16)

/**
 * What somebody typed, folded: any case, spaces and punctuation ignored, full-width letters read as their plain ones
 * (RFC 8628 §6.1). Undefined for what can be no code.
 */
export function foldCode(typed: string): string | undefined {
  if (typed.length > 64) return undefined
  const letters = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
  return letters === '' ? undefined : letters
}

/** The id of a short link in any letter case, or undefined when it cannot be one. */
export function foldInvitationId(text: string): string | undefined {
  const id = text.toUpperCase()
  return /^[A-Z2-7]{16}$/.test(id) ? id : undefined
}
