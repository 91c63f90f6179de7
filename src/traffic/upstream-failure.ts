import type { Log } from '../lib/log.ts'
import type { App } from './app.ts'
import { UnpinnedCertificate } from './connector.ts'
import type { RefusalCode } from './refusals.ts'

/** What the log knows of an app that did not answer, and what the client is told. */
export type UpstreamFailure = { code: RefusalCode; why: string }

/** Tells the log why an app did not answer, with the remedy where we know one. Only words: messages may hold addresses and header values. */
export function tellFailure(log: Log, { name }: App, error: unknown): UpstreamFailure {
  const why = codeOf(error)
  const remedy = remedyFor(why, error)
  if (remedy === undefined) log.notice('upstream_failed', { app: name, code: why })
  else
    log.warn('upstream_failed', { app: name, code: why, remedy: remedy.replaceAll('TLS', `apps.${name}.upstream_tls`) })
  return { code: codes[why] ?? 'upstream-down', why }
}

const unknownAuthority =
  'nobody here knows who signed its certificate: name their certificate in TLS.ca_file, or have the app send its whole chain'
const notTls = 'it does not speak TLS there: is it http:// in upstream?'

/** By the codes of Node and OpenSSL; `TLS` stands for the path of the options. */
const remedies: Record<string, string> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed: pin it with TLS.fingerprint',
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  CERT_HAS_EXPIRED:
    'its certificate, or that of who signed it, has expired: renew it there, or pin it with TLS.fingerprint',
  EMFILE: 'this process may open no more files: raise its limit (ulimit -n, LimitNOFILE)',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet: compare the clocks of both machines',
  ERR_SSL_WRONG_VERSION_NUMBER: notTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: notTls,
}

function remedyFor(code: string, error: unknown): string | undefined {
  if (error instanceof UnpinnedCertificate) {
    return `its certificate is not the one in TLS.fingerprint but ${error.seen}: write that only if you know why it changed`
  }
  if (code !== 'ERR_TLS_CERT_ALTNAME_INVALID') return remedies[code]
  const { cert } = error as { cert?: { subjectaltname?: string } }
  const names = cert?.subjectaltname?.slice(0, 200) ?? 'none'
  return `its certificate is for other names (${names}): write the right one into TLS.server_name`
}

/** What a client is told other than that the app does not answer. */
const codes: Record<string, RefusalCode> = {
  UND_ERR_CONNECT_TIMEOUT: 'upstream-slow',
  NOTHING_MOVES: 'upstream-slow',
  ETIMEDOUT: 'upstream-slow',
  // No file is left for a connection to the app, which is our trouble and not the app's.
  EMFILE: 'too-busy',
  ENFILE: 'too-busy',
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const { code } = error as NodeJS.ErrnoException
  return typeof code === 'string' ? code : error.name
}
