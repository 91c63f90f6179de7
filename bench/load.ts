/**
 * The load: keep-alive connections, each with one request under way. Told by its parent what to send and how often;
 * answers when the last response is complete, or with what went wrong. The connections stay until the next port.
 */
import { connect, type Socket } from 'node:net'

export type Order = { port: number; request: string; status: number; connections: number; requests: number }
export type Outcome = { ok: true } | { ok: false; error: string }

type Connection = { socket: Socket; next(): void }

const pool: Connection[] = []
let pooledPort = 0
let order: Order
let begun = 0
let completed = 0

// Orders are all that it lives for.
process.channel?.ref()
process.on('message', (message: Order) => {
  order = message
  begun = 0
  completed = 0
  if (order.port !== pooledPort) {
    for (const { socket } of pool.splice(0)) socket.destroy()
    pooledPort = order.port
  }
  while (pool.length < order.connections) pool.push(open(order.port))
  if (order.requests === 0) report()
  for (const connection of pool) connection.next()
})

function open(port: number): Connection {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  /** Bytes of the response under way; its length is known once the head is complete. */
  let received = 0
  let expected = 0
  let head = ''

  function next(): void {
    if (begun === order.requests) return
    begun++
    socket.write(order.request, 'latin1')
  }

  socket.on('data', (chunk) => {
    received += chunk.length
    if (expected === 0) {
      head += chunk.toString('latin1')
      expected = responseLength(head)
      if (expected === 0) return
    }
    if (received < expected) return
    if (received > expected) return report(`more bytes than announced: ${head.slice(0, 200)}`)
    received = 0
    expected = 0
    head = ''
    completed++
    if (completed === order.requests) report()
    else next()
  })
  socket.on('error', ({ message }) => report(message))
  socket.on('close', () => {
    if (port === pooledPort) report('a connection was closed')
  })
  return { socket, next }
}

/** Head and body together; 0 while the head is incomplete. */
function responseLength(head: string): number {
  const end = head.indexOf('\r\n\r\n')
  if (end < 0) return 0
  if (Number(head.slice(9, 12)) !== order.status) return fail(`not a ${order.status}: ${head.slice(0, 300)}`)
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length === undefined) return fail(`no Content-Length: ${head.slice(0, end)}`)
  return end + 4 + Number(length)
}

function fail(error: string): number {
  report(error)
  return 0
}

function report(error?: string): void {
  const outcome: Outcome = error === undefined ? { ok: true } : { ok: false, error }
  process.send?.(outcome)
}
