import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import { type Clock, SECOND, systemClock } from '../../lib/clock.ts'
import { type Listening, listen } from '../listen.ts'
import { type DemoPage, sendPage } from '../look.ts'
import { films } from './films.ts'
import { filmPage, libraryPage, noFilmPage } from './pages.ts'

/**
 * "Demo cinema": an app that knows nothing about sign-in. Shows which URL it was asked for, and holds a WebSocket
 * at `/socket` that ticks each second and echoes what it is sent.
 */
export async function startDemoApp(options: { port: number; listenHost: string; clock?: Clock }): Promise<Listening> {
  const clock = options.clock ?? systemClock
  const server = createServer(answer)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 })
  server.on('upgrade', (request, socket, head) => {
    if (pathOf(request) !== '/socket') return socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n')
    return sockets.handleUpgrade(request, socket, head, (open) => live(open, clock))
  })
  return listen(server, options.port, options.listenHost)
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const target = request.url ?? '/'
  const path = pathOf(request)
  if (path === '/alive') {
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end('{"alive":true}')
    return
  }
  const [status, page] = pageFor(target, path)
  sendPage(response, status, page)
}

function pageFor(target: string, path: string): [number, DemoPage] {
  if (path === '/') return [200, libraryPage(target)]
  const film = films.find(({ id }) => path === `/films/${id}`)
  if (film === undefined) return [404, noFilmPage(target)]
  const start = /[?&]t=(\d{1,5})(?:&|$)/.exec(target)?.[1] ?? '0'
  return [200, filmPage(target, film, Number(start))]
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').replace(/\?.*$/s, '')
}

function live(socket: WebSocket, clock: Clock): void {
  let seconds = 0
  let cancel = (): void => undefined
  const tick = () => {
    socket.send(`tick ${seconds++}`)
    cancel = clock.after(SECOND, tick)
  }
  tick()
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
  socket.on('error', () => undefined)
  socket.on('close', () => cancel())
}
