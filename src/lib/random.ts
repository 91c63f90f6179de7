import { randomBytes, randomInt } from 'node:crypto'

/** A secret or handle of `bytes` random bytes (default 32), base64url, no padding. */
export function randomId(bytes = 32): string {
  return randomBytes(bytes).toString('base64url')
}

/** `length` characters drawn evenly from `alphabet`. */
export function randomFrom(alphabet: string, length: number): string {
  let text = ''
  for (let i = 0; i < length; i++) text += alphabet[randomInt(alphabet.length)]
  return text
}

/** A whole number from 0 to 2^53 - 1, drawn evenly: the same one does not come twice. */
export function randomNumber(): number {
  return Number(randomBytes(8).readBigUInt64BE() >> 11n)
}
