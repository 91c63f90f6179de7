/** A tunnel of its own for `frames.ts`: `node frames-tunnel.ts PORT UPSTREAM followed|piped`. */
import { connect, createServer } from 'node:net'
import { systemClock } from '../src/lib/clock.ts'
import { join } from '../src/traffic/forwarding/join.ts'

const [port, upstreamPort, mode] = process.argv.slice(2)
const parts = { clock: systemClock, forget: () => undefined }

createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  const upstream = connect({ port: Number(upstreamPort), host: '127.0.0.1', noDelay: true })
  if (mode === 'followed') return void join(client, upstream, Buffer.alloc(0), parts)
  for (const [one, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    one.on('error', () => undefined)
    one.on('close', () => other.destroySoon())
    one.pipe(other)
  }
}).listen(Number(port), '127.0.0.1')
