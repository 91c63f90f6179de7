import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Log } from '../lib/log.ts'

/**
 * Answers a message that the parser gave up on, and closes the connection: whatever follows on it could be read in two
 * ways. `unfinished` is the response under way; ours would stand in its middle, or in its place.
 */
export function answerBrokenMessage(
  error: Error,
  socket: Duplex,
  unfinished: ServerResponse | undefined,
  log: Log,
): void {
  const { code } = error as NodeJS.ErrnoException
  if (unfinished?.headersSent) {
    // What is written of it still goes out.
    ;(socket as Socket).destroySoon()
    return
  }
  if (code === 'ECONNRESET' || !socket.writable || unfinished !== undefined) {
    socket.destroy()
    return
  }
  const status = code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request'
  log.notice('message_refused', { code: code ?? error.name, status: status.slice(0, 3) })
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nCache-Control: no-store\r\nContent-Length: 0\r\n\r\n`)
}
