import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import { type Listening, listen } from '../../src/demo/listen.ts'

/**
 * An app that counts what it is sent: answers a GET with `ok`, an upload with its length, begins an event stream at
 * `/events` and echoes at `/socket`.
 */
export function startBusyApp({ port, listenHost }: { port: number; listenHost: string }): Promise<Listening> {
  const server = createServer((request, response) => {
    if (request.url === '/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n\n')
      return
    }
    let length = 0
    request.on('data', (chunk: Buffer) => (length += chunk.length))
    request.on('end', () => response.end(request.method === 'GET' ? 'ok' : `${length}`))
  })
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (open) => {
      open.on('message', (data, isBinary) => open.send(data, { binary: isBinary }))
      open.on('error', () => undefined)
    }),
  )
  return listen(server, port, listenHost)
}
