import { X509Certificate } from 'node:crypto'
import { ageOf, ageText, judgePair, type PemPair } from '../tls/pair.ts'
import type { Context } from './context.ts'
import { readNamedFile, warnIfOpen } from './files.ts'
import type { Path } from './problem.ts'

/** A PEM file as it was read; prints as its name. */
export type PemFile = { readonly pem: string; toJSON(): string }

/** What prints as `name`. */
export function pemFile(name: string, pem: string): PemFile {
  return { pem, toJSON: () => name }
}

/**
 * The certificates of authorities in a file that the config names. Undefined where it names none, and, reported at
 * `path`, when there are none in it; warns of those that cannot vouch for anybody.
 */
export function readCaFile(name: string | undefined, path: Path, context: Context): PemFile | undefined {
  const { report } = context
  const pem = readNamedFile(name, path, context)
  if (name === undefined || pem === undefined) return undefined
  const certificates = certificatesIn(pem)
  if (certificates === undefined) {
    const hint = 'It holds one or more texts that begin with -----BEGIN CERTIFICATE-----.'
    report.problem(path, `names ${report.quote(path, name)}, which does not hold certificates in PEM form.`, hint)
    return undefined
  }
  for (const certificate of certificates) warnOf(certificate, path, context)
  return pemFile(name, pem)
}

/**
 * A certificate and its key, in the files that `cert` and `key` below `path` name. Undefined, and reported, unless both
 * are there and belong together.
 */
export function readPair(
  names: { cert?: string | undefined; key?: string | undefined },
  path: Path,
  context: Context,
): { pem: PemPair; certificate: X509Certificate } | undefined {
  const at = (file: keyof PemPair) => [...path, file]
  const cert = readNamedFile(names.cert, at('cert'), context)
  const key = readNamedFile(names.key, at('key'), context)
  if (names.key !== undefined && key !== undefined) warnIfOpen(names.key, at('key'), context)
  const { certificate, faults } = judgePair({ ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) })
  for (const { file, fault, hint } of faults) context.report.problem(at(file), fault, hint)
  const usable = certificate !== undefined && faults.length === 0 && cert !== undefined && key !== undefined
  return usable ? { pem: { cert, key }, certificate } : undefined
}

function certificatesIn(pem: string): X509Certificate[] | undefined {
  const texts = pem.match(/-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]*(?:-----END (?:TRUSTED )?CERTIFICATE-----)?/g)
  try {
    return texts?.map((text) => new X509Certificate(text))
  } catch {
    return undefined
  }
}

function warnOf(certificate: X509Certificate, path: Path, { clock, report }: Context): void {
  const now = clock.now()
  const named = `holds ${report.quote([], certificate.subject.replaceAll('\n', ', '))}`
  const age = ageText(certificate, now)
  const hint = ageOf(certificate, now) === 'expired' ? 'Name the new one.' : undefined
  if (age !== undefined) report.warning(path, `${named}, which ${age}.`, hint)
  if (!certificate.checkIssued(certificate)) {
    const root = 'Name the root that signed it: nothing is believed because of this one.'
    report.warning(path, `${named}, which somebody else signed.`, root)
  }
}
