import { createHash } from 'node:crypto'
import { Cluster, Redis } from 'ioredis'
import { type Clock, SECOND, within } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { createRedisClient } from './redis-client.ts'
import { whyNoSentinel } from './redis-sentinels.ts'
import type { RedisSettings } from './redis-settings.ts'

/** A Lua script that touches one key. */
export type Script = { lua: string; sha: string }

/**
 * A connection that finds its way back by itself. Calls reject at once while it is lost, and after two seconds when
 * the server does not answer. Errors have a message and nothing else: those of the library carry the command, which
 * may be AUTH with the password.
 */
export interface RedisConnection {
  /** What the server says of itself: `version`, `mode`, `role` and more. */
  readonly server: ReadonlyMap<unknown, unknown>
  /** Runs a script on its key. */
  run(script: Script, key: string, ...args: (string | number)[]): Promise<unknown>
  /** Any other command, as it is written. */
  call(command: string, ...args: (string | number)[]): Promise<unknown>
  /** Calls `onMessage` for what anybody publishes, as far as the server lets us listen. */
  listen(channel: string, onMessage: () => void): void
  publish(channel: string): void
  /** Idempotent. */
  close(): void
}

export function script(lua: string): Script {
  return { lua, sha: createHash('sha1').update(lua).digest('hex') }
}

/** The library waits for ever for a server that is reading its data. */
const START_MS = 20 * SECOND

/** Connects and signs in. Rejects with why it could not; from then on `log` hears of losing the server and having it back. */
export async function connectRedis(settings: RedisSettings, clock: Clock, log: Log): Promise<RedisConnection> {
  const client = createRedisClient(settings, () => begun)
  const listeners: Redis[] = []
  let begun = false
  let connected = false
  let trouble: unknown

  client.on('error', (error) => {
    // At the start what comes later only follows from the first one.
    trouble = begun ? error : (trouble ?? error)
  })
  client.on('close', () => {
    if (connected) log.warn('store_lost', { error: codeOf(trouble) })
    connected = false
  })

  function close(): void {
    connected = false
    for (const one of [client, ...listeners]) one.disconnect()
  }

  async function ask<T>(send: () => Promise<T>): Promise<T> {
    try {
      const reply = await send()
      // Not when the library calls itself ready: it does before it hears that the password is wrong.
      if (!connected) log.notice('store_back')
      connected = true
      return reply
    } catch (error) {
      // A server that went away without a word, as in a failover: only a new connection finds its successor.
      if (isTimeout(error) && client instanceof Redis) client.disconnect(true)
      throw plain(error)
    }
  }

  async function signIn(): Promise<unknown> {
    await client.connect()
    if (client instanceof Cluster) await Promise.allSettled(client.nodes('master').map((node) => node.ping()))
    // By itself the library would go on in database 0 when there is none of this number.
    if (client instanceof Redis && settings.database !== 0) await client.select(settings.database)
    return client.call('HELLO')
  }

  const late = new Error(`not ready after ${START_MS / SECOND} s`)
  const signedIn = within(clock, START_MS, signIn(), late).then((hello) => {
    if (hello === late) throw late
    return hello
  })
  const hello = await signedIn.catch(async (error: unknown) => {
    close()
    const reason = trouble ?? error
    const { sentinel } = settings
    const nowhere = sentinel !== undefined && String(reason).includes('All sentinels are unreachable')
    throw plain(nowhere ? await whyNoSentinel(settings, sentinel) : reason)
  })
  begun = true
  connected = true

  return {
    server: pairs(hello),
    run: ({ lua, sha }, key, ...args) =>
      ask(() =>
        client.evalsha(sha, 1, key, ...args).catch((error: Error) => {
          if (!error.message.startsWith('NOSCRIPT')) throw error
          return client.eval(lua, 1, key, ...args)
        }),
      ),
    call: (command, ...args) => ask(() => client.call(command, ...args)),
    listen(channel, onMessage) {
      // A Cluster has a connection of its own for this; a single one could do nothing else while it listens.
      const ears = client instanceof Redis ? client.duplicate({ enableOfflineQueue: true }) : client
      const subscribe = () => void ears.subscribe(channel).catch(() => undefined)
      ears.on('ready', subscribe)
      ears.on('message', onMessage)
      if (!(ears instanceof Redis)) return subscribe()
      listeners.push(ears)
      ears.on('error', () => undefined)
      ears.connect().catch(() => undefined)
    },
    publish: (channel) => void client.publish(channel, '').catch(() => undefined),
    close,
  }
}

/** The reply of HELLO in RESP 2: names and values by turns. */
function pairs(reply: unknown): Map<unknown, unknown> {
  const list = Array.isArray(reply) ? reply : []
  return new Map(list.flatMap((name, i) => (i % 2 === 0 ? [[name, list[i + 1]]] : [])))
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Command timed out'
}

function plain(error: unknown): Error {
  // A Cluster of which no node would do says only that; why is in the last node's error.
  const { lastNodeError } = error as { lastNodeError?: unknown }
  if (lastNodeError instanceof Error) return plain(lastNodeError)
  const message = error instanceof Error ? error.message : String(error)
  return new Error(`Redis: ${message.includes('enableOfflineQueue') ? 'not connected' : message}`)
}

/** `ECONNREFUSED` of the network, `WRONGPASS` of the server, or `closed` when the connection ended without a word. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'closed'
  return 'code' in error ? String(error.code) : (/^[A-Z]+\b/.exec(error.message)?.[0] ?? 'closed')
}
