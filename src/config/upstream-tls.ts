import { isIP } from 'node:net'
import type { Clock } from '../lib/clock.ts'
import { type Fault, type Origin, parseAuthority } from './address.ts'
import { type CaFile, readCaFile } from './ca-file.ts'
import type { Path } from './problem.ts'
import { type Report, take } from './report.ts'
import type { AppDraft } from './shape.ts'

/** Whom to believe at an https upstream. */
export type UpstreamTlsConfig = {
  readonly caFile: CaFile | undefined
  readonly serverName: string | undefined
  /** SHA-256 as `AB:CD:…`. */
  readonly fingerprint: readonly string[] | undefined
}

/** What `upstream_tls` says, checked. */
export function resolveUpstreamTls(
  options: NonNullable<AppDraft['upstream_tls']>,
  path: Path,
  context: { upstream: Origin; directory: string; clock: Clock; report: Report },
): UpstreamTlsConfig {
  const { upstream, report } = context
  const at = (option: string) => [...path, option]
  if (upstream.scheme === 'http') {
    report.problemAtKey(path, 'is given, but upstream begins with http://.', 'Write https:// there, or remove this.')
  }
  if (report.given(at('fingerprint')) && report.given(at('ca_file'))) {
    const hint = 'Keep one: a pinned certificate is believed whoever signed it.'
    report.problemAtKey(at('ca_file'), 'is given together with fingerprint.', hint)
  }
  const caFile = options.ca_file === undefined ? undefined : readCaFile(options.ca_file, at('ca_file'), context)
  const name = take(options.server_name, at('server_name'), parseServerName, report)
  return { caFile, serverName: name?.name, fingerprint: fingerprints(options.fingerprint, at('fingerprint'), report) }
}

/** A name that the certificate of somebody else must hold. */
export function parseServerName(text: string): { name: string } | Fault {
  const host = parseAuthority(text, 'tls')
  if ('fault' in host) return host
  if (host.authority !== host.hostname) return { fault: 'has a port.', hint: 'Write the name alone.' }
  if (isIP(host.hostname) !== 0 || host.hostname.startsWith('[')) {
    return { fault: 'is an address.', hint: 'Only names can be asked for. The address goes where it is connected to.' }
  }
  return { name: host.hostname }
}

function fingerprints(
  given: string | readonly (string | undefined)[] | undefined,
  path: Path,
  report: Report,
): readonly string[] | undefined {
  if (given === undefined) return undefined
  const single = typeof given === 'string'
  const read = (single ? [given] : given).map((text, index) => {
    return take(text, single ? path : [...path, index], parseFingerprint, report)?.fingerprint
  })
  // What cannot be read stays a pin, which nothing fits.
  return read.map((fingerprint) => fingerprint ?? '')
}

/** As openssl prints it, or 64 digits in a row. */
function parseFingerprint(text: string): { fingerprint: string } | Fault {
  const digits = text.replace(/^sha-?256(?: fingerprint)?[=:]\s*/i, '').replaceAll(':', '')
  if (/^[0-9a-f]{64}$/i.test(digits)) {
    return { fingerprint: (digits.toUpperCase().match(/../g) ?? []).join(':') }
  }
  const hint = 'Print it: openssl s_client -connect HOST:PORT </dev/null | openssl x509 -noout -fingerprint -sha256'
  return { fault: 'is not the SHA-256 of a certificate, 64 hexadecimal digits.', hint }
}
