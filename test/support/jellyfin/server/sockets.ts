import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { callerOf } from './callers.ts'
import { readClientInfo, readQueryBehind } from './client-info.ts'
import type { State } from './state.ts'

export type Sockets = {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, path: string | undefined): void
  /** How many are open for a token. */
  openFor(token: string): number
  cut(token: string): void
}

/**
 * Needs a token in one of its places; the path is `/socket`, or any other (Jellyfin: WebSocketHandlerMiddleware.cs). Nothing
 * says that ending a token ends its sockets, so that they stay open here: whoever wants them gone has to cut them.
 */
export function createSockets(state: State): Sockets {
  const server = new WebSocketServer({ noServer: true })
  const open = new Map<WebSocket, string>()
  const send = (socket: WebSocket, message: object) => socket.send(JSON.stringify(message))

  state.tell = (token, message) => {
    for (const [socket, owner] of open) if (owner === token) send(socket, message)
  }

  function welcome(socket: WebSocket, token: string): void {
    open.set(socket, token)
    send(socket, { MessageType: 'ForceKeepAlive', Data: 60 })
    socket.on('message', (data) => {
      const { MessageType } = JSON.parse(String(data)) as { MessageType?: string }
      if (MessageType === 'KeepAlive') send(socket, { MessageType: 'KeepAlive' })
    })
    socket.on('error', () => undefined)
    socket.on('close', () => open.delete(socket))
  }

  return {
    upgrade(request, socket, head, path) {
      const query = readQueryBehind(new URL(request.url ?? '/', 'http://jellyfin').search)
      const { token } = readClientInfo(request.headers, query, state.version)
      if (path === undefined) return void socket.end(refusal('404 Not Found'))
      // Recalled: without a token 401, with one that is no good 403.
      if (callerOf(state, token).kind === 'nobody')
        return void socket.end(refusal(token === '' ? '401 Unauthorized' : '403 Forbidden'))
      server.handleUpgrade(request, socket, head, (accepted) => welcome(accepted, token))
    },
    cut(token) {
      for (const [socket, owner] of open) if (owner === token) socket.terminate()
    },
    openFor: (token) => [...open.values()].filter((owner) => owner === token).length,
  }
}

const refusal = (status: string) => `HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`
