import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { WebSocketServer } from 'ws'

/** Every answer of the app carries it, so that whoever must not get one can tell. */
export const MARK = 'x-soak-app'

const CHUNK = Buffer.alloc(65_536, 'film')
const EVENT_MS = 1000

/** An app with what apps do for hours: small answers, films, uploads, an event stream, a WebSocket that echoes. */
export function createSoakApp(): { listen(port: number): Promise<void>; close(): Promise<void> } {
  const server = createServer(answer)
  const sockets = new WebSocketServer({ server, path: '/socket' })
  sockets.on('connection', (socket) => {
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
    socket.on('error', () => undefined)
  })
  return {
    listen: (port) => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve)),
    close() {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader(MARK, 'yes')
  const url = new URL(request.url ?? '/', 'http://app')
  if (url.pathname === '/film') film(response, Number(url.searchParams.get('bytes')))
  else if (url.pathname === '/events') events(response)
  else if (request.method === 'POST') upload(request, response)
  else response.end('a'.repeat(1000))
}

function film(response: ServerResponse, bytes: number): void {
  response.setHeader('content-length', bytes)
  let left = bytes
  const more = () => {
    while (left > 0) {
      const chunk = CHUNK.subarray(0, Math.min(left, CHUNK.length))
      left -= chunk.length
      if (!response.write(chunk)) return void response.once('drain', more)
    }
    response.end()
  }
  more()
}

function events(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const timer = setInterval(() => response.write('data: tick\n\n'), EVENT_MS)
  response.on('close', () => clearInterval(timer))
}

function upload(request: IncomingMessage, response: ServerResponse): void {
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  request.on('end', () => response.end(String(bytes)))
}
