import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What stands in front of several gateways and leads each new connection to one of them. */
export type Balancer = {
  port: number
  /** New connections go to this port from now on; to several by turns. */
  use(...ports: number[]): void
  /** Resolves when the next connection has been led on. */
  taken(): Promise<unknown>
  close(): Promise<void>
}

/** Listens on a port of 127.0.0.1, and knows nobody until `use` is called. */
export async function startBalancer(): Promise<Balancer> {
  const sockets = new Set<Socket>()
  let targets: number[] = []
  let turn = 0
  const server = createServer((socket) => {
    const onward = connect(targets[turn++ % targets.length] as number, '127.0.0.1')
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    use(...ports) {
      targets = ports
    },
    taken: () => once(server, 'connection'),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
