import { METHODS } from 'node:http'
import type { RefusalCode } from '../answering/refusals.ts'
import type { Head } from './head.ts'
import { hasBody } from './head.ts'

/** Every method that the parser knows goes on to an app as it is, WebDAV's and CalDAV's too, save those that are for proxies. */
export const passedMethods: readonly string[] = METHODS.filter((method) => method !== 'TRACE' && method !== 'CONNECT')

/**
 * What Node's parser accepts and we do not (RFC 9112 §2.3, §3.2, §6). Undefined when the message can only be read in
 * one way.
 */
export function wireFault(head: Head): RefusalCode | undefined {
  if (head.version !== '1.1' && head.version !== '1.0') return 'http-version'
  if (head.fault !== undefined) return head.fault
  if (head.host === undefined) return 'bad-host'
  const framing = framingFault(head)
  if (framing !== undefined) return framing
  if (head.method === 'TRACE' || head.method === 'CONNECT') return 'method-not-allowed'
  if (head.expect !== undefined && head.expect.toLowerCase() !== '100-continue') return 'expectation-failed'
  return undefined
}

function framingFault(head: Head): RefusalCode | undefined {
  if (head.contentLength !== undefined && !/^(0|[1-9]\d{0,14})$/.test(head.contentLength)) return 'bad-framing'
  if (head.transferEncoding === undefined) return undefined
  // SECURITY: HTTP/1.0 knows no chunks, a front that speaks it ends the message elsewhere. Test: HTTP/1.0 with Transfer-Encoding is refused
  if (head.version === '1.0' || head.contentLength !== undefined) return 'bad-framing'
  // SECURITY: a coding that we do not undo hides where the body ends. Test: transfer codings other than chunked are refused
  if (head.transferEncoding.toLowerCase() !== 'chunked') return 'transfer-coding'
  return undefined
}

/** Whether this is a WebSocket handshake as far as HTTP is concerned (RFC 6455 §4.2.1); its details are judged by `handshakeFault`. */
export function isWebSocket(method: string, version: string, upgrade: string | undefined): boolean {
  return method === 'GET' && version === '1.1' && upgrade?.toLowerCase() === 'websocket'
}

/** What makes a WebSocket handshake unusable. `early`: bytes came before we agreed (RFC 6455 §4.1). */
export function handshakeFault(head: Head, early: boolean): RefusalCode | undefined {
  if (early || hasBody(head)) return 'bad-upgrade'
  if (head.webSocketVersion !== '13') return 'websocket-version'
  if (!/^[A-Za-z0-9+/]{21}[AQgw]==$/.test(head.webSocketKey ?? '')) return 'bad-upgrade'
  return undefined
}
