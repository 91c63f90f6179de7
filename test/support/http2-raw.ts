import { once } from 'node:events'
import type { TLSSocket } from 'node:tls'
import { connect } from 'node:tls'

/** RFC 9113 §6 and §7. */
export const FRAME = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  push: 5,
  ping: 6,
  goAway: 7,
  window: 8,
  continuation: 9,
} as const
export const FLAG = { endStream: 1, ack: 1, endHeaders: 4 } as const

/** A field as it is sent; a doubled one is listed twice. */
export type Field = [name: string, value: string]

export type Frame = { type: number; flags: number; stream: number; payload: Buffer }

/** A connection of HTTP/2 on which one can write anything. */
export type RawHttp2 = {
  socket: TLSSocket
  frames: Frame[]
  write(...frames: Buffer[]): void
  /** The first frame that `test` accepts; fails when the connection closes before. */
  until(test: (frame: Frame) => boolean): Promise<Frame>
}

export function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** A block of fields, each written out (RFC 7541 §6.2.2), so that it may say what no encoder would. */
export function block(...fields: Field[]): Buffer {
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]))
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1')
  if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes])
  const length = [127]
  let rest = bytes.length - 127
  for (; rest >= 128; rest = Math.floor(rest / 128)) length.push((rest % 128) + 128)
  return Buffer.concat([Buffer.from([...length, rest]), bytes])
}

/** A whole request without a body, unless `flags` say otherwise. */
export function head(stream: number, fields: Field[], flags = FLAG.endStream | FLAG.endHeaders): Buffer {
  return frame(FRAME.headers, flags, stream, block(...fields))
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** The fields of `GET /x`, with those of `changes` in the place of their like. */
export function fieldsFor(host: string, cookie: string, changes: Record<string, string> = {}): Field[] {
  const fields = { ':method': 'GET', ':scheme': 'https', ':path': '/x', ':authority': host, cookie, ...changes }
  return Object.entries(fields)
}

/** What becomes of a request: `reset N`, `gone N` for the whole connection, or `answered`. */
export async function outcome(client: RawHttp2): Promise<string> {
  const ends: number[] = [FRAME.headers, FRAME.reset, FRAME.goAway]
  const { type, payload } = await client.until((seen) => ends.includes(seen.type))
  client.socket.destroy()
  if (type === FRAME.headers) return 'answered'
  return type === FRAME.reset ? `reset ${payload.readUInt32BE(0)}` : `gone ${payload.readUInt32BE(4)}`
}

export async function openHttp2(port: number, servername = 'movies.home.example'): Promise<RawHttp2> {
  const socket = connect({ port, host: '127.0.0.1', servername, ALPNProtocols: ['h2'], rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const frames: Frame[] = []
  const waiting = new Set<() => void>()
  let pending = Buffer.alloc(0)
  const wake = () => {
    for (const check of waiting) check()
  }
  socket.on('error', () => undefined).on('close', wake)
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk])
    while (pending.length >= 9 && pending.length >= 9 + pending.readUIntBE(0, 3)) {
      const length = pending.readUIntBE(0, 3)
      const [type, flags] = [pending[3] as number, pending[4] as number]
      frames.push({ type, flags, stream: pending.readUInt32BE(5), payload: pending.subarray(9, 9 + length) })
      pending = pending.subarray(9 + length)
    }
    wake()
  })
  socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
  socket.write(frame(FRAME.settings, 0, 0))
  const wait = <T>(look: () => T | undefined) =>
    new Promise<T>((resolve, reject) => {
      const check = () => {
        const found = look()
        if (found !== undefined) resolve(found)
        else if (socket.destroyed) reject(new Error(`closed after frames ${frames.map(({ type }) => type).join(' ')}`))
        else return void waiting.add(check)
        waiting.delete(check)
      }
      check()
    })
  return {
    socket,
    frames,
    write: (...some) => void socket.write(Buffer.concat(some)),
    until: (test) => wait(() => frames.find(test)),
  }
}
