import type { MessageKind } from '../../pages/message-view.ts'

/** Why a request goes no further. Codes are stable: they stand in logs and in problem documents. */
export type RefusalCode = keyof typeof refusals

/** What the client is told. */
export type Refusal = {
  status: number
  /** The page for people. */
  page: MessageKind
  /** One line for everything else. */
  title: string
}

/** One table from a code to what the client is told (RFC 9110 §15, RFC 9457). No detail of a fault is ever in it. */
export const refusals = {
  'bad-host': { status: 400, page: 'bad-request', title: 'Host is missing, doubled or malformed' },
  'bad-framing': { status: 400, page: 'bad-request', title: 'Content-Length or Transfer-Encoding is not usable' },
  'bad-target': { status: 400, page: 'bad-request', title: 'The address could be read in two ways' },
  'bad-upgrade': { status: 400, page: 'bad-request', title: 'Not a valid WebSocket handshake' },
  'doubled-header': { status: 400, page: 'bad-request', title: 'A header that must be single is not' },
  'cross-site': { status: 403, page: 'cross-site', title: 'Another site may not send this' },
  'needs-https': { status: 403, page: 'bad-request', title: 'This is served over https only' },
  'not-allowed': { status: 403, page: 'not-allowed', title: 'This person may not open this app' },
  'method-not-allowed': { status: 405, page: 'method-not-allowed', title: 'Method not allowed' },
  'upload-stalled': { status: 408, page: 'bad-request', title: 'The upload has stopped' },
  'body-too-long': { status: 413, page: 'too-much-sent', title: 'More was sent than this address takes' },
  'target-too-long': { status: 414, page: 'too-much-sent', title: 'The address is too long' },
  'expectation-failed': { status: 417, page: 'bad-request', title: 'Expectation failed' },
  'unknown-host': { status: 421, page: 'unknown-host', title: 'Nothing is served under this host' },
  'websocket-version': { status: 426, page: 'bad-request', title: 'WebSocket version 13 is needed' },
  'internal-error': { status: 500, page: 'internal-error', title: 'Something went wrong here' },
  'transfer-coding': { status: 501, page: 'bad-request', title: 'Only the chunked transfer coding is understood' },
  'upstream-down': { status: 502, page: 'upstream-down', title: 'The app does not answer' },
  'sessions-unavailable': { status: 503, page: 'internal-error', title: 'Sign-ins cannot be checked right now' },
  'too-busy': { status: 503, page: 'internal-error', title: 'Too much is going on here right now' },
  'upstream-slow': { status: 504, page: 'upstream-slow', title: 'The app takes too long' },
  'http-version': { status: 505, page: 'bad-request', title: 'Only HTTP/1.1 and HTTP/1.0 are understood' },
} as const satisfies Record<string, Refusal>
