import type { Socket } from 'node:net'
import { connect } from 'node:net'

/** A response as it came over the wire. */
export type RawResponse = {
  status: number
  /** In order, names as received. */
  fields: [name: string, value: string][]
  /** The values of a field, any letter case. */
  all(name: string): string[]
  body: string
  /** Everything that came on the connection. */
  bytes: string
}

/** A connection to 127.0.0.1 that one can write anything to. */
export type RawConnection = {
  socket: Socket
  write(bytes: string | Buffer): void
  /** All that has been received so far, as latin1. */
  received(): string
  /** Waits until what has been received satisfies `test`; fails when the connection closes before. */
  until(test: (received: string) => boolean): Promise<string>
  /** Waits for the connection to close. */
  closed(): Promise<string>
}

/** `from`: another loopback address to come from, as 127.0.2.1. */
export async function openRaw(port: number, from = '127.0.0.1'): Promise<RawConnection> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from, noDelay: true })
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  return rawConnection(socket)
}

/** The same on a connection that is open, over TLS for example. */
export function rawConnection(socket: Socket): RawConnection {
  const chunks: Buffer[] = []
  const waiting = new Set<() => void>()
  let over = false
  const wake = () => {
    for (const check of waiting) check()
  }
  socket.on('error', () => undefined)
  socket.on('data', (chunk) => {
    chunks.push(chunk)
    wake()
  })
  socket.on('close', () => {
    over = true
    wake()
  })
  const received = () => Buffer.concat(chunks).toString('latin1')
  const wait = (done: () => boolean, broken: () => boolean) =>
    new Promise<string>((resolve, reject) => {
      const check = () => {
        if (done()) resolve(received())
        else if (broken()) reject(new Error(`the connection closed after: ${received().slice(0, 2000)}`))
        else return void waiting.add(check)
        waiting.delete(check)
      }
      check()
    })
  return {
    socket,
    write: (bytes) => void socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes),
    received,
    until: (test) =>
      wait(
        () => test(received()),
        () => over,
      ),
    closed: () =>
      wait(
        () => over,
        () => false,
      ),
  }
}

/** Far beyond what a refusal takes, and short of what a test may. */
const PATIENCE_MS = 2500

/** Sends `bytes` on a new connection and reads until the other side closes it; fails when that leaves it open. */
export async function sendRaw(port: number, bytes: string | Buffer): Promise<RawResponse> {
  const connection = await openRaw(port)
  connection.write(bytes)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`left open after: ${connection.received().slice(0, 2000)}`)), PATIENCE_MS)
  })
  try {
    return parseResponse(await Promise.race([connection.closed(), late]))
  } finally {
    clearTimeout(timer)
    connection.socket.destroy()
  }
}

/** Reads the first response; chunked bodies are joined. */
export function parseResponse(bytes: string): RawResponse {
  const end = bytes.indexOf('\r\n\r\n')
  const [line = '', ...lines] = bytes.slice(0, end < 0 ? undefined : end).split('\r\n')
  const fields = lines.map((text): [string, string] => {
    const colon = text.indexOf(':')
    return [text.slice(0, colon), text.slice(colon + 1).trim()]
  })
  const all = (name: string) =>
    fields.filter(([field]) => field.toLowerCase() === name.toLowerCase()).map(([, value]) => value)
  const rest = end < 0 ? '' : bytes.slice(end + 4)
  const length = all('content-length')[0]
  const body =
    all('transfer-encoding').length > 0 ? dechunk(rest) : length === undefined ? rest : rest.slice(0, Number(length))
  return { status: Number(line.split(' ')[1] ?? 0), fields, all, body, bytes }
}

/** How many responses there are on a connection, counted by status lines. */
export function countResponses(bytes: string): number {
  return bytes.match(/HTTP\/1\.1 \d{3} /g)?.length ?? 0
}

function dechunk(text: string): string {
  let body = ''
  for (let rest = text; ; ) {
    const end = rest.indexOf('\r\n')
    const size = Number.parseInt(rest.slice(0, end), 16)
    if (end < 0 || !(size > 0)) return body
    body += rest.slice(end + 2, end + 2 + size)
    rest = rest.slice(end + 2 + size + 2)
  }
}
