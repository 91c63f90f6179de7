import type { IncomingMessage } from 'node:http'
import { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * A response for a handshake, which Node leaves to us: whoever answers it in plain HTTP does so as with any request,
 * and the connection closes behind it. A tunnel detaches it instead.
 */
export function handshakeResponse(req: IncomingMessage, socket: Socket): ServerResponse {
  const res = new ServerResponse(req)
  res.shouldKeepAlive = false
  res.assignSocket(socket)
  res.on('finish', () => {
    res.detachSocket(socket)
    socket.destroySoon()
    res.emit('close')
  })
  return res
}
