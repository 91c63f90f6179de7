import { createServer, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { type Listening, listen } from '../../src/demo/listen.ts'

/**
 * An HTTP proxy (RFC 9110 §7.6, §9.3.6 CONNECT) that leads every host name to 127.0.0.1: to the port of the URL, or
 * to `port` if given. For old engines whose resolver knows no `*.localhost`;
 * give them its `port`.
 */
export async function startLoopbackProxy(port?: number): Promise<Listening> {
  // What is too long is for the gateway to say.
  const server = createServer({ maxHeaderSize: 2 ** 20 }, (incoming, outgoing) => {
    const url = new URL(incoming.url ?? '')
    const onward = request(
      {
        host: '127.0.0.1',
        port: port ?? (Number(url.port) || 80),
        method: incoming.method,
        path: url.pathname + url.search,
        headers: { ...incoming.headers, connection: 'close' },
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
        answer.pipe(outgoing)
      },
    )
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  server.on('connect', (incoming, socket: Socket, head) => {
    const onward = connect(port ?? (Number(incoming.url?.split(':').at(-1)) || 443), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connected\r\n\r\n')
      onward.write(head)
      onward.pipe(socket).pipe(onward)
    })
    onward.on('error', () => socket.destroy())
    socket.on('error', () => onward.destroy())
    socket.on('close', () => onward.destroy())
  })
  return listen(server, 0, '127.0.0.1')
}
