import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

/**
 * Closes a connection in the middle of an answer, so that nobody takes the part for the whole. HTTP/1.0 knows no other
 * end of a body than that of the connection (RFC 9112 §8): to such a client it has to look broken. TLS tells by itself.
 */
export function cut(socket: Socket, version: string): void {
  if (version === '1.0' && !(socket instanceof TLSSocket)) socket.resetAndDestroy()
  else socket.destroy()
}
