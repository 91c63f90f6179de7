import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { type Listening, listen } from '../../src/demo/listen.ts'

/** What stands in front of several gateways and leads each new connection to one of them. */
export type Balancer = Listening & {
  /** New connections go to this port from now on; to several by turns. */
  use(...ports: number[]): void
  /** Resolves when the next connection has been led on. */
  taken(): Promise<unknown>
}

/** Listens on a port of 127.0.0.1, and knows nobody until `use` is called. */
export async function startBalancer(): Promise<Balancer> {
  let targets: number[] = []
  let turn = 0
  const server = createServer((socket) => {
    const onward = connect(targets[turn++ % targets.length] as number, '127.0.0.1')
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
  })
  const listening = await listen(server, 0, '127.0.0.1')
  return {
    ...listening,
    use(...ports) {
      targets = ports
    },
    taken: () => once(server, 'connection'),
  }
}
