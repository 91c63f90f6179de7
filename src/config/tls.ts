import type { X509Certificate } from 'node:crypto'
import { resolve } from 'node:path'
import { ageOf, ageText, lacksChain, uncovered } from '../tls/pair.ts'
import type { Context } from './context.ts'
import { readPair } from './pem-files.ts'
import type { Report } from './report.ts'
import type { SettingsDraft } from './shape.ts'

/** Absolute paths of a certificate and its key that belong together; undefined, and reported, if they do not. */
export function checkTls(
  tls: NonNullable<SettingsDraft['tls']>,
  context: Context,
): { paths: { cert: string; key: string }; certificate: X509Certificate } | undefined {
  const { directory, clock, report } = context
  const pair = readPair(tls, ['tls'], context)
  if (tls.cert === undefined || tls.key === undefined || pair === undefined) return undefined
  const { certificate, pem } = pair
  warnOfAge(certificate, clock.now(), report)
  if (lacksChain(pem.cert, certificate)) {
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

const hints: Partial<Record<ReturnType<typeof ageOf>, string>> = {
  expired: 'Renew it.',
  'ends-soon': 'It should have been renewed by now: see why it was not.',
}

function warnOfAge(certificate: X509Certificate, now: number, report: Report): void {
  const age = ageText(certificate, now)
  if (age !== undefined) report.warning(['tls', 'cert'], `${age}.`, hints[ageOf(certificate, now)])
}
