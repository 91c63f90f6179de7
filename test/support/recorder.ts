import type { AddressInfo, Server, Socket } from 'node:net'
import { createServer } from 'node:net'

/** A request as an upstream received it: exact bytes, read as latin1. */
export type Recorded = {
  /** The whole head, up to and including the empty line. */
  head: string
  method: string
  target: string
  /** In order, names as received. */
  fields: [name: string, value: string][]
  /** The values of a field, any letter case. */
  all(name: string): string[]
  /** As received, chunk framing included. */
  body: string
}

/** Answers a request: bytes to send, or full command of the socket. */
export type Answerer = (request: Recorded, socket: Socket) => string | Buffer | undefined

export type Recorder = {
  url: URL
  requests: Recorded[]
  /** Every byte that has come since the last `clear`, on whatever connection. */
  bytes(): string
  /** How many connections were ever opened. */
  connections(): number
  open: Set<Socket>
  answer: Answerer
  clear(): void
  close(): Promise<void>
}

export const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** An upstream on loopback that stores what it gets and says `ok`. */
export async function startRecorder(answer: Answerer = () => ok): Promise<Recorder> {
  let received: Buffer[] = []
  let connections = 0
  const server: Server = createServer((socket) => {
    connections++
    recorder.open.add(socket)
    let pending = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      received.push(chunk)
      pending = Buffer.concat([pending, chunk])
      for (let read = readRequest(pending); read !== undefined; read = readRequest(pending)) {
        pending = pending.subarray(read.length)
        recorder.requests.push(read.request)
        const bytes = recorder.answer(read.request, socket)
        if (bytes !== undefined) socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
      }
    })
    socket.on('error', () => undefined)
    socket.on('close', () => recorder.open.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const recorder: Recorder = {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    requests: [],
    bytes: () => Buffer.concat(received).toString('latin1'),
    connections: () => connections,
    open: new Set(),
    answer,
    clear() {
      recorder.requests = []
      received = []
    },
    close() {
      for (const socket of recorder.open) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return recorder
}

function readRequest(bytes: Buffer): { request: Recorded; length: number } | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = bytes.subarray(0, end + 4).toString('latin1')
  const [line = '', ...lines] = head.split('\r\n').slice(0, -2)
  const fields = lines.map((text): [string, string] => {
    const colon = text.indexOf(':')
    return [text.slice(0, colon), text.slice(colon + 1).trim()]
  })
  const all = (name: string) =>
    fields.filter(([field]) => field.toLowerCase() === name.toLowerCase()).map(([, value]) => value)
  const length = bodyLength(bytes.subarray(end + 4), all)
  if (length === undefined) return undefined
  const body = bytes.subarray(end + 4, end + 4 + length).toString('latin1')
  const [method = '', target = ''] = line.split(' ')
  return { request: { head, method, target, fields, all, body }, length: end + 4 + length }
}

/** Undefined while the body is not complete. */
function bodyLength(rest: Buffer, all: (name: string) => string[]): number | undefined {
  if (all('transfer-encoding').length > 0) {
    const last = rest.toString('latin1').match(/(?:^|\r\n)0\r\n\r\n/)
    return last === null ? undefined : (last.index as number) + last[0].length
  }
  const length = Number(all('content-length')[0] ?? 0)
  return rest.length < length ? undefined : length
}
