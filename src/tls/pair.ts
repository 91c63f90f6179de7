import { createPrivateKey, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { createSecureContext } from 'node:tls'
import { DAY } from '../lib/clock.ts'
import { dayOf } from '../lib/day.ts'
import { withoutBrackets } from '../lib/hostname.ts'

/** A certificate with its chain, and its key, as PEM. */
export type PemPair = { cert: string; key: string }

/** What is wrong with one of the two files: a sentence that goes on after its name, and what to do. */
export type PairFault = { file: keyof PemPair; fault: string; hint?: string }

/** The certificate of a pair, if it is one, and all that keeps the two from being used. Undefined texts are not judged. */
export function judgePair(pem: Partial<PemPair>): { certificate?: X509Certificate; faults: PairFault[] } {
  const certificate = attempt(() => pem.cert && new X509Certificate(pem.cert))
  const key = attempt(() => pem.key && createPrivateKey(pem.key))
  const faults: PairFault[] = []
  if (pem.cert !== undefined && !certificate) faults.push({ file: 'cert', ...noCertificate })
  if (pem.key !== undefined && !key)
    faults.push({ file: 'key', ...(pem.key.includes('ENCRYPTED') ? encrypted : noKey) })
  if (!certificate) return { faults }
  if (key && !certificate.checkPrivateKey(key)) faults.push({ file: 'key', ...foreignKey })
  else if (key && attempt(() => createSecureContext(pem)) === undefined) faults.push({ file: 'cert', ...unusable })
  return { certificate, faults }
}

const noCertificate = {
  fault: 'does not hold a certificate in PEM form.',
  hint: 'It begins with -----BEGIN CERTIFICATE-----.',
}
const noKey = {
  fault: 'does not hold a private key in PEM form.',
  hint: 'It begins with -----BEGIN PRIVATE KEY-----.',
}
const encrypted = { fault: 'is encrypted.', hint: 'Take the passphrase off: openssl pkey -in KEY -out NEW' }
const foreignKey = {
  fault: 'does not belong to the certificate.',
  hint: 'Name the two files of one pair. The certificate itself comes first in its file, then its chain.',
}
const unusable = {
  fault: 'cannot be used for TLS.',
  hint: 'Is the chain behind the certificate whole, and is the key long enough?',
}

/** Where in its life a certificate is. `ends-soon`: it should have been renewed by now. */
export function ageOf(
  { validFromDate, validToDate }: X509Certificate,
  now: number,
): 'early' | 'good' | 'ends-soon' | 'expired' {
  const [from, to] = [validFromDate.getTime(), validToDate.getTime()]
  if (now < from) return 'early'
  if (now > to) return 'expired'
  // Those who renew do so at a third of its life before the end, so at a fifth something is wrong.
  return to - now < Math.min(21 * DAY, (to - from) / 5) ? 'ends-soon' : 'good'
}

/** The same in words that go on after the name of the file; undefined when there is nothing to say. */
export function ageText(certificate: X509Certificate, now: number): string | undefined {
  switch (ageOf(certificate, now)) {
    case 'early':
      return `is not valid before ${dayOf(certificate.validFromDate)}`
    case 'expired':
      return `expired on ${dayOf(certificate.validToDate)}`
    case 'ends-soon':
      return `expires on ${dayOf(certificate.validToDate)}`
    case 'good':
      return undefined
  }
}

/** Those of the hosts (IPv6 in brackets or not) that browsers would not accept the certificate for. */
export function uncovered(certificate: X509Certificate, hostnames: readonly string[]): string[] {
  const bare = [...new Set(hostnames.map(withoutBrackets))]
  return bare.filter((host) => (isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host)) === undefined)
}

/**
 * Whether the file lacks the certificates between its own and a root. Browsers on computers fetch them by themselves;
 * televisions and command lines do not, and see no valid certificate.
 */
export function lacksChain(cert: string, certificate: X509Certificate): boolean {
  const alone = cert.split('-----BEGIN CERTIFICATE-----').length === 2
  return alone && certificate.infoAccess?.includes('CA Issuers') === true
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make()
  } catch {
    return undefined
  }
}
