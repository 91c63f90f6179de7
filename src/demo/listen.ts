import type { AddressInfo, Server, Socket } from 'node:net'

/** A server that is heard on `port` until `close`. */
export type Listening = { port: number; close(): Promise<void> }

/**
 * Listens on `host`; port 0 picks a free one. `close` also ends what is still open, WebSockets included.
 * Rejects when the port is taken.
 */
export async function listen(server: Server, port: number, host: string): Promise<Listening> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
