import { X509Certificate } from 'node:crypto'
import type { Clock } from '../lib/clock.ts'
import { ageOf, dayOf } from '../tls/pair.ts'
import { readNamedFile } from './files.ts'
import type { Path } from './problem.ts'
import type { Report } from './report.ts'

/** A file of certificates that are believed, as it was read; prints as its name. */
export type CaFile = { readonly pem: string; toJSON(): string }

/**
 * The certificates of authorities in a file that the config names. Undefined, and reported at `path`, when there are
 * none; warns of those that cannot vouch for anybody.
 */
export function readCaFile(
  name: string,
  path: Path,
  context: { directory: string; clock: Clock; report: Report },
): CaFile | undefined {
  const { directory, clock, report } = context
  const pem = readNamedFile(name, directory, path, report)
  if (pem === undefined) return undefined
  const certificates = readAll(pem)
  if (certificates === undefined) {
    const hint = 'It holds one or more texts that begin with -----BEGIN CERTIFICATE-----.'
    report.problem(path, `names ${report.quote(path, name)}, which does not hold certificates in PEM form.`, hint)
    return undefined
  }
  for (const certificate of certificates) warnOf(certificate, path, clock.now(), report)
  return { pem, toJSON: () => name }
}

function readAll(pem: string): X509Certificate[] | undefined {
  const texts = pem.match(/-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]*(?:-----END (?:TRUSTED )?CERTIFICATE-----)?/g)
  try {
    return texts?.map((text) => new X509Certificate(text))
  } catch {
    return undefined
  }
}

function warnOf(certificate: X509Certificate, path: Path, now: number, report: Report): void {
  const { subject, validFromDate, validToDate } = certificate
  const named = `holds ${report.quote([], subject.replaceAll('\n', ', '))}`
  const age = ageOf(certificate, now)
  if (age === 'expired') report.warning(path, `${named}, which expired on ${dayOf(validToDate)}.`, 'Name the new one.')
  if (age === 'early') report.warning(path, `${named}, which is not valid before ${dayOf(validFromDate)}.`)
  if (age === 'ends-soon') report.warning(path, `${named}, which expires on ${dayOf(validToDate)}.`)
  if (!certificate.checkIssued(certificate)) {
    const hint = 'Name the root that signed it: nothing is believed because of this one.'
    report.warning(path, `${named}, which somebody else signed.`, hint)
  }
}
