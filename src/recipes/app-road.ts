import { Agent } from 'undici'
import { SECOND } from '../lib/clock.ts'
import type { App } from '../traffic/app.ts'
import { createConnector } from '../traffic/forwarding/connector.ts'

/** A recipe's own way to its app: never through the forwarder, and with the same doubt in certificates. */
export interface AppRoad {
  /** One request. Rejects while the app cannot be asked, when it takes too long, and for an answer beyond 4 MB. */
  ask(question: Question): Promise<AppAnswer>
  /** What WebSockets of our own are opened with, and where to. */
  agent: Agent
  url: string
  /**
   * Where the app sees us come from, as far as this machine can tell: what is in between may show another address.
   * Undefined before the first connection.
   */
  ownAddress(): string | undefined
  close(): Promise<void>
}

/** `path` begins with a slash, and holds the query too. */
export type Question = {
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  headers?: Readonly<Record<string, string>>
  body?: string
}

/** Names in lower case; of several fields of one name, the first. */
export type AppAnswer = { status: number; headers: Readonly<Record<string, string | undefined>>; body: Buffer }

const CONNECT_MS = 5 * SECOND
/** Slow disks and slow password hashes, but nobody's patience. */
const ANSWER_MS = 10 * SECOND
const MOST_BYTES = 4 * 1024 * 1024

/** Connects when the first question comes; idle connections keep no process alive. */
export function createAppRoad(app: App): AppRoad {
  const connect = createConnector(app, CONNECT_MS)
  let own: string | undefined
  const agent = new Agent({
    allowH2: false,
    // There is one place to go, whatever an address says.
    connect: (_options, done) =>
      connect((error, socket) => {
        own = socket?.localAddress ?? own
        ;(done as Parameters<typeof connect>[0])(error, socket)
      }),
    maxResponseSize: MOST_BYTES,
  })
  return {
    agent,
    url: app.upstream.origin,
    ownAddress: () => own?.replace(/^::ffff:(?=\d+\.)/, ''),
    close: () => agent.destroy(),
    async ask({ method, path, headers = {}, body = null }) {
      const signal = AbortSignal.timeout(ANSWER_MS)
      const answer = await agent.request({ origin: app.upstream.origin, path, method, headers, body, signal })
      const single = Object.entries(answer.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value[0] : value,
      ])
      return {
        status: answer.statusCode,
        headers: Object.fromEntries(single),
        body: Buffer.from(await answer.body.arrayBuffer()),
      }
    },
  }
}
