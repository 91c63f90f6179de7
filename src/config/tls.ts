import type { X509Certificate } from 'node:crypto'
import { resolve } from 'node:path'
import type { Clock } from '../lib/clock.ts'
import { ageOf, dayOf, judgePair, lacksChain, uncovered } from '../tls/pair.ts'
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
  const cert = tls.cert === undefined ? undefined : readNamedFile(tls.cert, directory, ['tls', 'cert'], report)
  const key = tls.key === undefined ? undefined : readNamedFile(tls.key, directory, ['tls', 'key'], report)
  if (tls.key !== undefined && key !== undefined) warnIfOpen(tls.key, directory, ['tls', 'key'], report)
  const { certificate, faults } = judgePair({ ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) })
  for (const { file, fault, hint } of faults) report.problem(['tls', file], fault, hint)
  if (tls.cert === undefined || tls.key === undefined || cert === undefined || key === undefined) return undefined
  if (certificate === undefined || faults.length > 0) return undefined
  warnOfDates(certificate, clock.now(), report)
  if (lacksChain(cert, certificate)) {
    const hint = 'Name the file with the whole chain, such as fullchain.pem: televisions do not fetch what is missing.'
    report.warning(['tls', 'cert'], 'holds the certificate alone, without its chain.', hint)
  }
  return { paths: { cert: resolve(directory, tls.cert), key: resolve(directory, tls.key) }, certificate }
}

/** Warns of hosts that browsers would not accept the certificate for. */
export function warnOfHosts(certificate: X509Certificate, hostnames: readonly string[], report: Report): void {
  const left = uncovered(certificate, hostnames)
  if (left.length === 0) return
  report.warning(['tls', 'cert'], `is not valid for ${left.join(', ')}.`, 'Get a certificate that names every host.')
}

function warnOfDates(certificate: X509Certificate, now: number, report: Report): void {
  const until = dayOf(certificate.validToDate)
  const warn = (message: string, hint?: string) => report.warning(['tls', 'cert'], message, hint)
  const age = ageOf(certificate, now)
  if (age === 'expired') warn(`expired on ${until}.`, 'Renew it.')
  if (age === 'early') warn(`is not valid before ${dayOf(certificate.validFromDate)}.`)
  if (age === 'ends-soon') warn(`expires on ${until}.`, 'It should have been renewed by now: see why it was not.')
}
