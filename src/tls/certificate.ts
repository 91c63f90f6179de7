import type { X509Certificate } from 'node:crypto'
import { constants } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { SecureContextOptions, Server } from 'node:tls'
import type { Clock } from '../lib/clock.ts'
import { DAY, MINUTE } from '../lib/clock.ts'
import { dayOf } from '../lib/day.ts'
import type { Log } from '../lib/log.ts'
import { OperatorError } from '../lib/operator-error.ts'
import { repeat } from '../lib/repeat.ts'
import { ageOf, ageText, judgePair, type PemPair, uncovered } from './pair.ts'

/** Where the pair is, and for which hosts it is to be good. Paths may be links that change where they lead. */
export type CertificateParts = {
  files: { cert: string; key: string }
  hostnames: readonly string[]
  clock: Clock
  log: Log
}

/** The certificate that the gateway shows, taken anew when its files change. */
export interface OwnCertificate {
  /** For `createServer`: the pair of the moment, and how TLS is spoken with it. */
  options(): SecureContextOptions
  /** Has a server show each later pair to whoever connects from then on; what is open stays open. */
  follow(server: Server): void
  stop(): void
}

type Reading = { pem: PemPair } | { code: string }

/** The files are read and compared as a whole: times of files tell nothing where links are swapped or copies keep them. */
const LOOK_MS = MINUTE

/**
 * Reads the pair now, and again each minute. A pair that cannot be used leaves the one before it in place, and is told
 * once. Throws an `OperatorError` when there is none to begin with.
 */
export function openCertificate(parts: CertificateParts): OwnCertificate {
  const { files, clock, log } = parts
  const servers = new Set<Server>()
  let shown = readFirst(files)
  /** What stood in the files at the last look and could not be used. */
  let rejected: { text: string; told: boolean } | undefined
  let quietUntil = 0

  async function look(): Promise<void> {
    const reading = await readAgain(files)
    const text = JSON.stringify(reading)
    if (text === JSON.stringify({ pem: shown.pem })) rejected = undefined
    else judge(reading, text)
    tellAge()
  }

  function judge(reading: Reading, text: string): void {
    const { certificate, why } = fitness(reading, clock.now())
    if (certificate !== undefined && 'pem' in reading) {
      shown = { pem: reading.pem, certificate }
      for (const server of servers) server.setSecureContext(options())
      rejected = undefined
      quietUntil = 0
      log.notice('certificate_renewed', { until: dayOf(certificate.validToDate) })
      tellNames()
    } else if (rejected?.text !== text) {
      // Perhaps somebody is about to write the other file: it is told if it still stands there at the next look.
      rejected = { text, told: false }
    } else if (!rejected.told) {
      rejected.told = true
      log.warn('certificate_unusable', { why, until: dayOf(shown.certificate.validToDate), remedy: UNUSABLE })
    }
  }

  function tellAge(): void {
    const { certificate } = shown
    const age = ageOf(certificate, clock.now())
    if (age === 'good' || clock.now() < quietUntil) return
    quietUntil = clock.now() + DAY
    log.warn(age === 'ends-soon' ? 'certificate_ends_soon' : 'certificate_not_valid', {
      from: dayOf(certificate.validFromDate),
      until: dayOf(certificate.validToDate),
      remedy: 'renew it: tls.cert is read again within a minute',
    })
  }

  function tellNames(): void {
    const names = uncovered(shown.certificate, parts.hostnames)
    if (names.length > 0)
      log.warn('certificate_lacks_names', { names: names.join(' '), remedy: 'name every host in it' })
  }

  const options = (): SecureContextOptions => ({ ...shown.pem, minVersion: 'TLSv1.2', secureOptions })

  tellAge()
  const stop = repeat(clock, LOOK_MS, look)
  return { options, follow: (server) => void servers.add(server), stop }
}

// SECURITY(replace: constants.SSL_OP_NO_RENEGOTIATION → 0): each handshake anew costs us far more than the client. Test: a client cannot begin the handshake anew
const secureOptions = constants.SSL_OP_NO_RENEGOTIATION

const UNUSABLE = 'put a certificate and its key there; the old one is shown until then'

function readFirst(files: CertificateParts['files']): { pem: PemPair; certificate: X509Certificate } {
  let pem: PemPair
  try {
    pem = { cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') }
  } catch (error) {
    throw new OperatorError(`The files of tls cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
  const { certificate, faults } = judgePair(pem)
  const [first] = faults
  if (certificate === undefined || first !== undefined) throw new OperatorError(`tls.${first?.file} ${first?.fault}`)
  return { pem, certificate }
}

async function readAgain(files: CertificateParts['files']): Promise<Reading> {
  try {
    const [cert, key] = await Promise.all([readFile(files.cert, 'utf8'), readFile(files.key, 'utf8')])
    return { pem: { cert, key } }
  } catch (error) {
    return { code: (error as NodeJS.ErrnoException).code ?? 'unknown' }
  }
}

/** The certificate of a reading that can be shown from now on, or why it cannot. */
function fitness(reading: Reading, now: number): { certificate?: X509Certificate; why?: string } {
  if ('code' in reading) return { why: `the files cannot be read (${reading.code})` }
  const { certificate, faults } = judgePair(reading.pem)
  if (certificate === undefined || faults.length > 0)
    return { why: faults.map(({ file, fault }) => `tls.${file} ${fault}`).join(' ') }
  const age = ageOf(certificate, now)
  if (age === 'expired' || age === 'early') return { why: `tls.cert ${ageText(certificate, now)}` }
  return { certificate }
}
