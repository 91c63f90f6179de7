import { createHash } from 'node:crypto'
import type { Clock } from '../../lib/clock.ts'
import { SECOND } from '../../lib/clock.ts'
import type { AppExchange } from '../exchange.ts'
import { closeFrame, textFrame } from '../forwarding/frames.ts'

const NORMAL_CLOSURE = 1000
const CLOSING_MS = 2 * SECOND

/**
 * Agrees to a WebSocket in the app's place, says `messages` and closes (RFC 6455 §4.2.2, §5.6, §5.5.1): what a page of
 * the app understands where a refused handshake would have it try again for ever.
 */
export function speak({ head, res, socket }: AppExchange, messages: readonly string[], clock: Clock): void {
  const accept = createHash('sha1').update(`${head.webSocketKey}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  res.statusCode = 101
  res.detachSocket(socket)
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  for (const message of messages) socket.write(textFrame(message))
  // What still comes is read: a connection that is closed over unread bytes takes what was said with it.
  socket.resume()
  socket.end(closeFrame(NORMAL_CLOSURE))
  const cancel = clock.after(CLOSING_MS, () => socket.destroy())
  socket.on('close', cancel)
}
