import { createHash } from 'node:crypto'
import type { IncomingMessage, RequestOptions } from 'node:http'
import { request as httpRequest } from 'node:http'
import type { Socket } from 'node:net'
import type { Transform } from 'node:stream'
import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import type { Refuse } from '../answering/refuse.ts'
import type { AppExchange } from '../exchange.ts'
import type { Passage } from '../passage.ts'
import { createEntrance } from './first-message.ts'
import type { Joined } from './join.ts'
import { join } from './join.ts'
import type { OpenStreams } from './open-streams.ts'
import { withoutLength } from './response-headers.ts'
import type { Upstream } from './upstream.ts'
import { tellFailure } from './upstream-failure.ts'

/** What a tunnel needs. `headersMs`: how long the app may take to answer the handshake. */
export type TunnelParts = {
  clock: Clock
  log: Log
  streams: OpenStreams
  refuse: Refuse
  headersMs: number
  /** The handshake has succeeded and the exchange is over. */
  switched(exchange: AppExchange): void
}

/** Whose a WebSocket is, by the client's first message; undefined: nobody's, and `no` is said to it. */
export type FirstWord = {
  judge(message: string): Promise<Passage | undefined>
  no: readonly string[]
}

/** Takes a WebSocket handshake to the app; agreed, it becomes a byte tunnel, refused, an ordinary answer. */
export type Tunnel = (exchange: AppExchange, upstream: Upstream, passage: Passage, first?: FirstWord) => void

/** The forwarder for WebSockets (RFC 6455): the app's own answer decides, a refusal included. */
export function createTunnel(parts: TunnelParts): Tunnel {
  const { clock, log, streams, refuse } = parts

  return (exchange, upstream, { by, found }, first) => {
    const { req, res, head, socket: client, target } = exchange
    let upstreamSocket: Socket | undefined
    let joined: Joined | undefined
    let dismissed = false
    // From the decision on, so that a session that ends while the app makes up its mind takes the handshake with it.
    const forget = streams.add(found?.key, client, {
      cut: () => (joined === undefined ? client.destroy() : joined.cut()),
      dismiss() {
        dismissed = true
        joined?.dismiss()
      },
    })
    const leave = () => {
      forget()
      upstreamSocket?.destroy()
    }
    // Nobody takes what it sends until the app agrees, so nobody would notice that it has ended.
    const look = () => void client.read(0)
    const end = () => void client.destroy()
    client.on('close', leave).on('readable', look).on('end', end)
    upstream.connect((error, socket) => {
      if (error !== null || socket === null) return fail(error)
      if (client.destroyed) return void socket.destroy()
      upstreamSocket = socket
      attempt(() => ask(socket))
    })

    /** Nobody above catches what is thrown in a socket's event. */
    function attempt(step: () => void) {
      try {
        step()
      } catch (error) {
        upstreamSocket?.destroy()
        fail(error)
      }
    }

    function ask(socket: Socket) {
      const headers = upstream.requestHeaders(
        head,
        req.rawHeaders,
        by === 'session' ? 'webSocket' : 'bareWebSocket',
        exchange.place.address,
      )
      headers.push('Connection', 'Upgrade', 'Upgrade', 'websocket')
      const options: RequestOptions = {
        method: 'GET',
        path: target.text,
        headers,
        setHost: false,
        createConnection: () => socket,
        insecureHTTPParser: false,
      }
      const handshake = httpRequest(options)
      handshake.on('error', fail)
      // By the clock: an app whose interim answers never end is not silent.
      const cancel = clock.after(parts.headersMs, () => handshake.destroy(timeoutError()))
      handshake.on('close', cancel)
      handshake.on('response', (answer) => {
        cancel()
        attempt(() => relay(answer))
      })
      handshake.on('upgrade', (answer, upgraded, early) => {
        cancel()
        attempt(() => agree(answer, upgraded as Socket, early))
      })
      handshake.end()
    }

    function agree(answer: IncomingMessage, socket: Socket, early: Buffer) {
      if (!isAgreement(answer, head.webSocketKey as string)) {
        socket.destroy()
        return fail(undefined)
      }
      res.statusCode = 101
      res.detachSocket(client)
      client.off('close', leave).off('readable', look).off('end', end)
      client.write(switching(withoutLength(upstream.responseHeaders(answer.rawHeaders, by !== 'open'))), 'latin1')
      joined = join(client, socket, early, { clock, forget: left, entrance: first && entranceFor(first) })
      if (dismissed) joined.dismiss()
      parts.switched(exchange)
    }

    let forgetDevice: (() => void) | undefined
    function left() {
      forget()
      forgetDevice?.()
    }

    /** Held back until it is known on whose behalf this is. */
    function entranceFor({ judge, no }: FirstWord): Transform {
      const cut = () => joined?.cut()
      async function may(message: string): Promise<boolean> {
        const passage = await judge(message)
        if (passage === undefined || client.destroyed) return false
        if (passage.found !== undefined && passage.found.key !== found?.key)
          forgetDevice = streams.add(passage.found.key, client, { cut })
        return true
      }
      return createEntrance(may, { refused: () => joined?.refuse(no), failed: () => client.destroy() })
    }

    function relay(answer: IncomingMessage) {
      if (answer.statusCode === undefined || answer.statusCode < 200) {
        upstreamSocket?.destroy()
        return fail(undefined)
      }
      exchange.reason = 'upstream-refused'
      res.writeHead(answer.statusCode, upstream.responseHeaders(answer.rawHeaders, by !== 'open'))
      answer.on('error', () => client.destroy())
      answer.pipe(res)
    }

    function fail(error: unknown) {
      if (client.destroyed || res.headersSent) return
      const { code, why } = tellFailure(log, upstream.app, error)
      refuse(exchange, code, why)
    }
  }
}

/** RFC 6455 §4.1: anything else that looks like a 101 is not for this client. */
function isAgreement(answer: IncomingMessage, key: string): boolean {
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  return answer.headers.upgrade?.toLowerCase() === 'websocket' && answer.headers['sec-websocket-accept'] === accept
}

function switching(headers: readonly string[]): string {
  let text = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n'
  for (let i = 0; i + 1 < headers.length; i += 2) text += `${headers[i]}: ${headers[i + 1]}\r\n`
  return `${text}\r\n`
}

function timeoutError(): Error {
  return Object.assign(new Error('no answer to the handshake'), { code: 'ETIMEDOUT' })
}
