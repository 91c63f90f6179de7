import { isIP } from 'node:net'
import { generate } from 'selfsigned'

/** A certificate and its key, PEM. */
export type Pair = { cert: string; key: string }

/** What a test wants otherwise. */
export type CertificateOptions = {
  from?: Date
  until?: Date
  /** Who signs it; by itself otherwise. */
  ca?: Pair
}

const DAY = 24 * 3_600_000

/** A certificate (RSA 2048, so that old engines accept it) for these hosts. Self-signed and valid for a day unless told otherwise. */
export async function makeCertificate(
  hosts: readonly [string, ...string[]],
  { from = new Date(), until = new Date(Date.now() + DAY), ca }: CertificateOptions = {},
): Promise<Pair> {
  const altNames = hosts.map((value) => (isIP(value) ? { type: 7 as const, ip: value } : { type: 2 as const, value }))
  return make(hosts[0], { from, until, ca }, [{ name: 'subjectAltName', altNames }])
}

/** A certificate authority of somebody's home. */
export async function makeAuthority(name = 'A home', { from, until, ca }: CertificateOptions = {}): Promise<Pair> {
  const dates = { from: from ?? new Date(Date.now() - DAY), until: until ?? new Date(Date.now() + DAY) }
  return make(name, { ...dates, ca }, [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  ])
}

async function make(
  commonName: string,
  { from, until, ca }: { from: Date; until: Date; ca: Pair | undefined },
  extensions: NonNullable<NonNullable<Parameters<typeof generate>[1]>['extensions']>,
): Promise<Pair> {
  const pem = await generate([{ name: 'commonName', value: commonName }], {
    keySize: 2048,
    algorithm: 'sha256',
    notBeforeDate: from,
    notAfterDate: until,
    extensions,
    ...(ca !== undefined && { ca }),
  })
  return { cert: pem.cert, key: pem.private }
}
