/** Why the certificate of the other side is not believed. */
export type CertificateDoubt = 'self-signed' | 'unknown-authority' | 'other-name' | 'expired' | 'early'

/** By the codes of Node and OpenSSL. */
const doubts: Partial<Record<string, CertificateDoubt>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'unknown-authority',
  UNABLE_TO_GET_ISSUER_CERT: 'unknown-authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknown-authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unknown-authority',
  ERR_TLS_CERT_ALTNAME_INVALID: 'other-name',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'early',
}

/** What an error's code says of a certificate; undefined for every other trouble. */
export function certificateDoubt(code: string): CertificateDoubt | undefined {
  return Object.hasOwn(doubts, code) ? doubts[code] : undefined
}
