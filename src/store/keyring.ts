import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/** Secret keys by version; the highest version seals, all of them open. */
export type MasterKeys = ReadonlyMap<number, Buffer>

/**
 * Everything that is encrypted, derived or looked up by a secret goes through here.
 * `purpose` separates uses: a value made for one purpose is nothing for another.
 */
export interface Keyring {
  /** The version that seals now. */
  readonly version: number
  /** AES-256-GCM under the newest key; `context` is bound in and must be given again to `open`. */
  seal(purpose: string, text: string, context: string): string
  /** The sealed text, or undefined for anything that was not sealed so. Never throws. */
  open(purpose: string, sealed: string, context: string): string | undefined
  /** HMAC-SHA-256 under the newest key, base64url. */
  derive(purpose: string, text: string): string
  /** As `derive`, under key `version`; undefined if that version is unknown. */
  deriveUnder(version: number, purpose: string, text: string): string | undefined
  /** As `derive`, for every known version, newest first: for looking records up across a key change. */
  deriveAll(purpose: string, text: string): string[]
}

const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** `ep`, the key's version, a dot, and nonce, ciphertext and tag in base64url. */
const SEALED = /^ep([1-9]\d{0,5})\.([A-Za-z0-9_-]{38,})$/

/** A keyring over `keys` (32 bytes each, versions 1 to 999999). Throws for any other, and when there is none. */
export function createKeyring(keys: MasterKeys): Keyring {
  for (const [version, key] of keys) {
    const usable = Number.isInteger(version) && version >= 1 && version <= 999_999 && key.length === KEY_BYTES
    if (!usable) throw new Error(`key ${version} must be ${KEY_BYTES} bytes under a version from 1 to 999999`)
  }
  const versions = [...keys.keys()].sort((a, b) => b - a)
  const newest = versions[0]
  if (newest === undefined) throw new Error('a keyring needs at least one key')
  // Purposes are constants of this program, so that this map stays small.
  const derived = new Map<string, Buffer>()

  function keyFor(version: number, purpose: string): Buffer | undefined {
    const name = `${version}:${purpose}`
    const known = derived.get(name)
    if (known !== undefined) return known
    const master = keys.get(version)
    if (master === undefined) return undefined
    const key = Buffer.from(hkdfSync('sha256', master, '', `entryphone ${purpose}`, KEY_BYTES))
    derived.set(name, key)
    return key
  }

  function hmac(version: number, purpose: string, text: string): string | undefined {
    const key = keyFor(version, `derive ${purpose}`)
    return key && createHmac('sha256', key).update(text).digest('base64url')
  }

  return {
    version: newest,
    seal(purpose, text, context) {
      const key = keyFor(newest, `seal ${purpose}`) as Buffer
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(CIPHER, key, nonce)
      cipher.setAAD(Buffer.from(context))
      const body = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `ep${newest}.${body.toString('base64url')}`
    },
    open(purpose, sealed, context) {
      const [, version, base64 = ''] = SEALED.exec(sealed) ?? []
      const key = keyFor(Number(version), `seal ${purpose}`)
      if (key === undefined) return undefined
      const body = Buffer.from(base64, 'base64url')
      // SECURITY: or what may be used once has twins. Test: a sealed value has one spelling only
      if (body.toString('base64url') !== base64) return undefined
      const decipher = createDecipheriv(CIPHER, key, body.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
      decipher.setAAD(Buffer.from(context))
      decipher.setAuthTag(body.subarray(-TAG_BYTES))
      try {
        const text = decipher.update(body.subarray(NONCE_BYTES, -TAG_BYTES))
        return Buffer.concat([text, decipher.final()]).toString('utf8')
      } catch {
        return undefined
      }
    },
    derive: (purpose, text) => hmac(newest, purpose, text) as string,
    deriveUnder: hmac,
    deriveAll: (purpose, text) => versions.flatMap((version) => hmac(version, purpose, text) ?? []),
  }
}
