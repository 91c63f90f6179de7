import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import type { Clock } from '../lib/clock.ts'
import { withoutBrackets } from '../lib/hostname.ts'
import { readNamedFile, warnIfOpen } from './files.ts'
import type { Report } from './report.ts'
import type { SettingsDraft } from './shape.ts'

/** Absolute paths of a certificate and its key that belong together; undefined, and reported, if they do not. */
export function checkTls(
  tls: NonNullable<SettingsDraft['tls']>,
  directory: string,
  clock: Clock,
  report: Report,
): { paths: { cert: string; key: string }; certificate: X509Certificate } | undefined {
  const certificate = tls.cert === undefined ? undefined : readCertificate(tls.cert, directory, report)
  const key = tls.key === undefined ? undefined : readKey(tls.key, directory, report)
  if (tls.cert === undefined || tls.key === undefined || certificate === undefined || key === undefined)
    return undefined
  if (!certificate.checkPrivateKey(key)) {
    report.problem(['tls', 'key'], 'does not belong to the certificate in tls.cert.', 'Name the two files of one pair.')
    return undefined
  }
  warnOfDates(certificate, clock.now(), report)
  return { paths: { cert: resolve(directory, tls.cert), key: resolve(directory, tls.key) }, certificate }
}

/** Warns of hosts that browsers would not accept the certificate for. */
export function warnOfHosts(certificate: X509Certificate, hostnames: readonly string[], report: Report): void {
  const bare = [...new Set(hostnames.map(withoutBrackets))]
  const left = bare.filter(
    (host) => (isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host)) === undefined,
  )
  if (left.length === 0) return
  report.warning(['tls', 'cert'], `is not valid for ${left.join(', ')}.`, 'Get a certificate that names every host.')
}

function readCertificate(name: string, directory: string, report: Report): X509Certificate | undefined {
  const pem = readNamedFile(name, directory, ['tls', 'cert'], report)
  if (pem === undefined) return undefined
  try {
    return new X509Certificate(pem)
  } catch {
    const hint = 'It begins with -----BEGIN CERTIFICATE-----.'
    report.problem(['tls', 'cert'], 'does not hold a certificate in PEM form.', hint)
    return undefined
  }
}

function readKey(name: string, directory: string, report: Report): KeyObject | undefined {
  const pem = readNamedFile(name, directory, ['tls', 'key'], report)
  if (pem === undefined) return undefined
  warnIfOpen(name, directory, ['tls', 'key'], report)
  try {
    return createPrivateKey(pem)
  } catch {
    const encrypted = pem.includes('ENCRYPTED')
    const hint = encrypted
      ? 'Take the passphrase off: openssl pkey -in KEY -out NEW'
      : 'It begins with -----BEGIN PRIVATE KEY-----.'
    report.problem(['tls', 'key'], encrypted ? 'is encrypted.' : 'does not hold a private key in PEM form.', hint)
    return undefined
  }
}

function warnOfDates(certificate: X509Certificate, now: number, report: Report): void {
  const { validFromDate, validToDate } = certificate
  const day = (date: Date) => date.toISOString().slice(0, 10)
  if (validToDate.getTime() < now) report.warning(['tls', 'cert'], `expired on ${day(validToDate)}.`, 'Renew it.')
  if (validFromDate.getTime() > now) report.warning(['tls', 'cert'], `is not valid before ${day(validFromDate)}.`)
}
