import { createHash } from 'node:crypto'
import type { RawConnection } from './raw.ts'
import { openRaw } from './raw.ts'
import type { Answerer } from './recorder.ts'
import type { TrafficHarness } from './traffic-harness.ts'

/** WebSockets of the app `movies`, byte by byte. */
export const key = 'dGhlIHNhbXBsZSBub25jZQ=='
export const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
/** The head of an app's agreement, without the empty line. */
export const agreed = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n`

/** An app that agrees and then sends back what it gets. */
export const echo: Answerer = (_request, socket) => {
  socket.removeAllListeners('data')
  socket.on('data', (chunk) => socket.write(chunk))
  return `${agreed}Sec-WebSocket-Protocol: chat\r\nSet-Cookie: a=1\r\n\r\n`
}

/** What a handshake has otherwise: signed in and well-formed by default; `bare` is without the fields of RFC 6455. */
export type HandshakeOptions = { line?: string; cookie?: string | null; headers?: string[]; bare?: boolean }

export function handshakeText(
  gate: TrafficHarness,
  { line = 'GET /socket HTTP/1.1', cookie = gate.cookie, headers = [], bare = false }: HandshakeOptions = {},
): string {
  const standard = [
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${key}`,
    'Sec-WebSocket-Version: 13',
  ]
  const all = [...(bare ? [] : standard), ...(cookie === null ? [] : [`Cookie: ${cookie}`]), ...headers]
  return `${line}\r\nHost: movies.home.example\r\n${all.map((header) => `${header}\r\n`).join('')}\r\n`
}

/** A WebSocket that the app has agreed to. */
export async function openWebSocket(gate: TrafficHarness, options: HandshakeOptions = {}): Promise<RawConnection> {
  const client = await openRaw(gate.port)
  client.write(handshakeText(gate, options))
  await client.until((received) => received.startsWith('HTTP/1.1 101 ') && received.includes('\r\n\r\n'))
  return client
}
