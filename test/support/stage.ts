import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { WebSocketServer } from 'ws'
import { type Listening, listen } from '../../src/demo/listen.ts'

/** An app with everything that a proxy may stand in the way of: a WebSocket that echoes, events, large bodies. */
export type Stage = Listening & {
  /** Sends an event to everybody at `/events`. */
  push(text: string): void
  /** Resolves when so many are at `/events`. */
  watchedBy(count: number): Promise<void>
  /** Resolves when `bytes` of the upload that is under way have arrived. */
  received(bytes: number): Promise<void>
}

export async function startStage(): Promise<Stage> {
  const watchers = new Set<ServerResponse>()
  let count = 0
  const server = createServer((request, response) => {
    if (request.url === '/events') return watch(response)
    if (request.url === '/upload') return void upload(request, response)
    return void response.writeHead(200, { 'content-type': 'text/html' }).end(`<p>${request.url}`)
  })
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (open) => {
      open.on('message', (data, binary) => open.send(data, { binary }))
      open.on('error', () => undefined)
    }),
  )

  function watch(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }).flushHeaders()
    watchers.add(response)
    response.on('close', () => {
      watchers.delete(response)
      server.emit('watched')
    })
    server.emit('watched')
  }

  async function upload(request: IncomingMessage, response: ServerResponse): Promise<void> {
    count = 0
    request.on('data', (chunk: Buffer) => {
      count += chunk.length
      server.emit('bytes')
    })
    request.on('error', () => undefined)
    await once(request, 'end').catch(() => undefined)
    response.end(String(count))
  }

  return {
    ...(await listen(server, 0, '127.0.0.1')),
    push(text) {
      for (const response of watchers) response.write(`data: ${text}\n\n`)
    },
    async watchedBy(count) {
      while (watchers.size !== count) await once(server, 'watched')
    },
    async received(bytes) {
      while (count < bytes) await once(server, 'bytes')
    },
  }
}
