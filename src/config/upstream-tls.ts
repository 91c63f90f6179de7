import type { Fault, Origin } from './address.ts'
import type { Context } from './context.ts'
import { type PemFile, readCaFile } from './pem-files.ts'
import type { Path } from './problem.ts'
import { type Report, take } from './report.ts'
import { takeServerName } from './server-name.ts'
import type { AppDraft } from './shape.ts'

/** Whom to believe at an https upstream. */
export type UpstreamTlsConfig = {
  readonly caFile: PemFile | undefined
  readonly serverName: string | undefined
  /** SHA-256 as `AB:CD:…`. */
  readonly fingerprint: readonly string[] | undefined
}

/** What `upstream_tls` says, checked. */
export function resolveUpstreamTls(
  options: NonNullable<AppDraft['upstream_tls']>,
  path: Path,
  context: Context & { upstream: Origin },
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
  return {
    caFile: readCaFile(options.ca_file, at('ca_file'), context),
    serverName: takeServerName(options.server_name, at('server_name'), report),
    fingerprint: fingerprints(options.fingerprint, at('fingerprint'), report),
  }
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
