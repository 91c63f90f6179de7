/**
 * What it costs to follow the frames of WebSockets: CPU time of a tunnel that follows them against one that only passes
 * bytes on, as ratios of the same round. `node bench/frames.ts`
 */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { devNull } from 'node:os'
import { listen } from '../src/demo/listen.ts'
import { cpuMicros } from './cpu-time.ts'
import { freePort, startProcess, stopProcess, untilListening } from './processes.ts'
import { showSpread, spreadOf } from './statistics.ts'

/** How many frames go out together, how long each payload is, and how often that is done. */
type Scenario = { name: string; frames: number; payload: number; times: number }

const scenarios: Scenario[] = [
  { name: 'a small frame at a time, to and fro', frames: 1, payload: 40, times: 2500 },
  { name: 'small frames, a thousand in a row', frames: 1000, payload: 40, times: 120 },
  { name: 'frames of 64 kB', frames: 4, payload: 65_536, times: 120 },
]
const CONNECTIONS = 8
const ROUNDS = 6

function frames({ frames: count, payload }: Scenario): Buffer {
  const head = Buffer.from(payload < 126 ? [0x82, payload] : [0x82, 127, 0, 0, 0, 0, 0, 0, 0, 0])
  if (payload >= 126) head.writeUInt32BE(payload, 6)
  return Buffer.concat(Array.from({ length: count }, () => Buffer.concat([head, Buffer.alloc(payload, 'x')])))
}

/** Sends `batch` and waits until as much has come back, so many times. */
async function talk(port: number, batch: Buffer, times: number): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  for (let i = 0; i < times; i++) await echo(socket, batch)
  socket.destroy()
}

function echo(socket: Socket, batch: Buffer): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let back = 0
  const count = (bytes: Buffer) => {
    back += bytes.length
    if (back < batch.length) return
    socket.off('data', count)
    resolve()
  }
  socket.on('data', count)
  socket.write(batch)
  return promise
}

/** CPU time of a new tunnel process for one scenario, in microseconds. */
async function measure(scenario: Scenario, mode: 'followed' | 'piped', echoPort: number): Promise<number> {
  const port = await freePort()
  const child = startProcess('measured', devNull, 'frames-tunnel.ts', `${port}`, `${echoPort}`, mode)
  await untilListening(port, child)
  const batch = frames(scenario)
  const load = (times: number) => Promise.all(Array.from({ length: CONNECTIONS }, () => talk(port, batch, times)))
  await load(Math.ceil(scenario.times / 2))
  const before = await cpuMicros(child)
  await load(scenario.times)
  const spent = (await cpuMicros(child)) - before
  await stopProcess(child)
  return spent
}

const app = await listen(
  createServer((socket) => void socket.on('error', () => undefined).pipe(socket)),
  0,
  '127.0.0.1',
)
for (const scenario of scenarios) {
  const ratios: number[] = []
  const each: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const order = round % 2 === 0 ? (['followed', 'piped'] as const) : (['piped', 'followed'] as const)
    const spent = { followed: 0, piped: 0 }
    for (const mode of order) spent[mode] = await measure(scenario, mode, app.port)
    ratios.push(spent.followed / spent.piped)
    each.push((spent.followed - spent.piped) / (CONNECTIONS * scenario.times * scenario.frames))
  }
  const more = showSpread(spreadOf(each), 3)
  console.log(`${scenario.name}: ${showSpread(spreadOf(ratios), 2)} of the CPU time; ${more} µs more a frame`)
}
await app.close()
