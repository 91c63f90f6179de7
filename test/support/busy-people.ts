import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { Agent, request } from 'undici'
import type { WebSocket } from 'ws'
import { loopbackLookup } from '../../src/demo/loopback.ts'
import type { Person } from './person.ts'
import { openSocket } from './socket.ts'

/** What has come of the requests of busy people. */
export type Tally = {
  gets: number
  uploads: number
  messages: number
  /** How many WebSockets ended, by close code. */
  closes: Map<number, number>
  /** Everything that went wrong, in words. */
  failures: string[]
}

const UPLOAD_BYTES = 300_000
const UPLOAD_MS = 1500

/**
 * People with one browser who never rest: each waits for its answer before it asks again, and opens its WebSocket again
 * whenever it is closed. Nothing is asked twice.
 */
export function startBusyPeople(browser: Person, origin: string) {
  const tally: Tally = { gets: 0, uploads: 0, messages: 0, closes: new Map(), failures: [] }
  const { hostname } = new URL(origin)
  const agent = new Agent({ connect: { lookup: loopbackLookup }, pipelining: 1 })
  const sockets = new Set<WebSocket>()
  let over = false

  async function ask(path: string, body: AsyncIterable<Buffer> | null, expected: string): Promise<void> {
    const answer = await request(origin + path, {
      dispatcher: agent,
      method: body === null ? 'GET' : 'PUT',
      headers: { cookie: browser.cookies(hostname) },
      body: body as never,
    })
    const text = await answer.body.text()
    if (answer.statusCode !== 200 || text !== expected) throw new Error(`${path}: ${answer.statusCode} ${text}`)
  }

  async function look(): Promise<void> {
    await ask('/', null, 'ok')
    tally.gets++
    // Enough to meet every moment, and room for the gateways to start beside it.
    await setTimeout(5)
  }

  async function* slowly(): AsyncGenerator<Buffer> {
    const pieces = 30
    for (let i = 0; i < pieces; i++) {
      yield Buffer.alloc(UPLOAD_BYTES / pieces, 'x')
      await setTimeout(UPLOAD_MS / pieces)
    }
  }

  async function talk(): Promise<void> {
    const socket = await openSocket(browser, origin)
    sockets.add(socket)
    socket.on('error', () => undefined)
    let at = 0
    const say = () => socket.send(`${++at}`)
    socket.on('message', (data) => {
      if (String(data) !== `${at}`) tally.failures.push(`socket: ${data} instead of ${at}`)
      tally.messages++
      setTimeout(5).then(() => socket.readyState === socket.OPEN && say())
    })
    say()
    const [code] = (await once(socket, 'close')) as [number]
    sockets.delete(socket)
    if (!over) tally.closes.set(code, (tally.closes.get(code) ?? 0) + 1)
  }

  async function again(work: () => Promise<void>): Promise<void> {
    while (!over) await work().catch((error: Error) => tally.failures.push(`${error.message} ${error.cause ?? ''}`))
  }

  const everybody = [
    ...Array.from({ length: 8 }, () => again(look)),
    ...Array.from({ length: 4 }, () =>
      again(() => ask('/upload', slowly(), `${UPLOAD_BYTES}`).then(() => void tally.uploads++)),
    ),
    ...Array.from({ length: 6 }, () => again(talk)),
  ]
  return {
    tally,
    /** Lets everybody finish what they are at. */
    async stop(): Promise<void> {
      over = true
      for (const socket of sockets) socket.close()
      await Promise.all(everybody)
      await agent.close()
    },
  }
}
