/**
 * A process of slow clients, so that their work is not the test's: `node slow-clients.ts PORT HOST COUNT KIND`. It says
 * `ready` when all are connected, and answers each message with how many are still open.
 */
import { connect, type Socket } from 'node:net'

/** How a client is slow: with its head, with its body, with reading what it asked for, or it says nothing at all. */
export type SlowKind = 'head' | 'body' | 'read' | 'silent'

const [port = '0', host = '', count = '0', kind = 'silent'] = process.argv.slice(2)
const first: Record<string, string> = {
  head: `GET / HTTP/1.1\r\nHost: ${host}\r\nX-Slow: `,
  body: `POST /.entryphone/auth/sign-out HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 9000\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\na`,
  read: `GET / HTTP/1.1\r\nHost: ${host}\r\nAccept: text/html\r\n\r\n`,
  silent: '',
}
const open = new Set<Socket>()

function openOne(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const socket = connect({ port: Number(port), host: '127.0.0.1' })
  open.add(socket)
  if (kind === 'read') socket.pause()
  else socket.resume()
  socket.on('connect', () => {
    socket.write((first[kind] ?? '').repeat(kind === 'read' ? 8 : 1))
    resolve()
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    open.delete(socket)
    resolve()
  })
  return promise
}

for (let done = 0; done < Number(count); done += 100) await Promise.all(Array.from({ length: 100 }, openOne))
setInterval(() => {
  if (kind === 'head' || kind === 'body') for (const socket of open) socket.write('x')
}, 2000)
process.on('message', () => process.send?.(open.size))
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
