import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { onTestFinished } from 'vitest'
import type { Pair } from './certificate.ts'

/** An app that speaks https on loopback, and what it noticed of who came. */
export type TlsUpstream = {
  port: number
  /** Requests and handshakes of WebSockets that it received. */
  asked: string[]
  /** Of each connection: the name that was asked for, and whether it resumed an earlier session. */
  connections: { servername: string; resumed: boolean }[]
  /** Shows another certificate from the next connection on, and closes those that are open. */
  change(pair: Pair): void
}

/** Starts one that says `secret` to everything, on a connection each, and refuses WebSockets with 404. */
export async function startTlsUpstream(pair: Pair): Promise<TlsUpstream> {
  const asked: string[] = []
  const connections: TlsUpstream['connections'] = []
  const server: Server = createServer(pair, (req, res) => {
    asked.push(`${req.method} ${req.url}`)
    res.writeHead(200, { connection: 'close' }).end('secret')
  })
  server.on('upgrade', (req, socket) => {
    asked.push(`upgrade ${req.url}`)
    socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecret')
  })
  server.on('secureConnection', (socket: TLSSocket & { servername?: string | false }) => {
    connections.push({ servername: socket.servername || '', resumed: socket.isSessionReused() })
  })
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    connections,
    change(next) {
      server.setSecureContext(next)
      server.closeAllConnections()
    },
  }
}
