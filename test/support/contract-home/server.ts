import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import { listen } from '../../../src/demo/listen.ts'
import { answer, originOf } from './routes.ts'
import { converse } from './socket.ts'
import { createState, type HomeState } from './state.ts'

/** What a test puts in place of an answer. `hang up`: nothing at all. */
export type Instead = { status: number; body?: string; type?: string } | 'hang up'

/**
 * Home Assistant as far as the gate has to do with it, for attacks that a real one cannot be brought to. What it does was
 * seen on a real 2025.4.4; the same flows run against that one in `test/apps`.
 */
export type ContractHome = {
  state: HomeState
  port: number
  /** Whether it believes where the gate says that people come from. */
  trusts: boolean
  interfere: ((method: string, path: string) => Instead | undefined) | undefined
  close(): Promise<void>
}

export async function startContractHome({ port }: { port: number }): Promise<ContractHome> {
  const state = createState()
  const home: ContractHome = { state, port, trusts: true, interfere: undefined, close: async () => undefined }
  const server = createServer(async (request, response) => {
    const instead = home.interfere?.(request.method ?? '', new URL(request.url ?? '', 'http://home').pathname)
    if (instead === 'hang up') return void request.socket.destroy()
    if (instead !== undefined) {
      return void response
        .writeHead(instead.status, { 'content-type': instead.type ?? 'application/json' })
        .end(instead.body)
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const from = originOf(request)
    if (from === undefined || (!home.trusts && request.headers['x-forwarded-for'] !== undefined)) {
      return void response.writeHead(400).end('400: Bad Request')
    }
    const said = await answer(state, request, Buffer.concat(chunks).toString('utf8'), from)
    const type = said.html === undefined ? 'application/json' : 'text/html; charset=utf-8'
    response.writeHead(said.status, { 'content-type': type }).end(said.html ?? JSON.stringify(said.json))
  })
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: true })
  server.on('upgrade', (request, socket, early) => {
    const instead = home.interfere?.('SOCKET', request.url ?? '')
    if (instead === 'hang up') return void socket.destroy()
    if (instead !== undefined) return void socket.end(`HTTP/1.1 ${instead.status} No\r\nContent-Length: 0\r\n\r\n`)
    sockets.handleUpgrade(request, socket, early, (one) => converse(state, one))
  })
  const listening = await listen(server, port, '127.0.0.1')
  return Object.assign(home, { port: listening.port, close: listening.close })
}
