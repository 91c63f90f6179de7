import { certificateDoubt } from '../../lib/certificate-doubt.ts'
import type { Log } from '../../lib/log.ts'
import type { RefusalCode } from '../answering/refusals.ts'
import type { App } from '../app.ts'
import { UnpinnedCertificate } from './connector.ts'

/** What the log knows of an app that did not answer, and what the client is told. */
export type UpstreamFailure = { code: RefusalCode; why: string }

/** Tells the log why an app did not answer, with the remedy where we know one. Only words: messages may hold addresses and header values. */
export function tellFailure(log: Log, { name }: App, error: unknown): UpstreamFailure {
  const why = codeOf(error)
  const remedy = remedyFor(why, error, `apps.${name}.upstream_tls`)
  if (remedy === undefined) log.notice('upstream_failed', { app: name, code: why })
  else log.warn('upstream_failed', { app: name, code: why, remedy })
  return { code: codes[why] ?? 'upstream-down', why }
}

const notTls = 'it does not speak TLS there: is it http:// in upstream?'

/** By the codes of Node and OpenSSL, where it is not the certificate. */
const remedies: Partial<Record<string, string>> = {
  EMFILE: 'this process may open no more files: raise its limit (ulimit -n, LimitNOFILE)',
  ERR_SSL_WRONG_VERSION_NUMBER: notTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: notTls,
}

/** `option` is the path of `upstream_tls`. */
function remedyFor(code: string, error: unknown, option: string): string | undefined {
  if (error instanceof UnpinnedCertificate) {
    return `its certificate is not the one in ${option}.fingerprint but ${error.seen}: write that only if you know why it changed`
  }
  switch (certificateDoubt(code)) {
    case 'self-signed':
      return `its certificate is self-signed: pin it with ${option}.fingerprint`
    case 'unknown-authority':
      return `nobody here knows who signed its certificate: name their certificate in ${option}.ca_file, or have the app send its whole chain`
    case 'other-name':
      return `its certificate is for other names (${namesIn(error)}): write the right one into ${option}.server_name`
    case 'expired':
      return `its certificate, or that of who signed it, has expired: renew it there, or pin it with ${option}.fingerprint`
    case 'early':
      return 'its certificate is not valid yet: compare the clocks of both machines'
    case undefined:
      return remedies[code]
  }
}

function namesIn(error: unknown): string {
  const { cert } = error as { cert?: { subjectaltname?: string } }
  return cert?.subjectaltname?.slice(0, 200) ?? 'none'
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
