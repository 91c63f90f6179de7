import type { ServerHttp2Session } from 'node:http2'
import { performServerHandshake } from 'node:http2'
import type { Server } from 'node:https'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Cancel, Clock } from '../lib/clock.ts'
import { SECOND } from '../lib/clock.ts'
import type { ConnectionsParts, ConnectionUse } from '../traffic/connection/connections.ts'
import { openStream } from './stream.ts'

/** For the options of a server that offers HTTP/2; the browser chooses. */
export const http2Protocols = ['h2', 'http/1.1']

/** HTTP/2 in front of servers that speak HTTP/1.1. */
export interface Http2 {
  /**
   * Has `server`, made with `http2Protocols`, speak HTTP/2 with whoever prefers it. Each stream becomes a connection of
   * HTTP/1.1 to the same server, so that nothing behind it knows or has to judge anything else.
   */
  offer(server: Server): void
  /** What a connection is there for, as far as its streams tell: the most of what they are there for. */
  uses(ofHttp1: ConnectionsParts['uses']): ConnectionsParts['uses']
  /** Takes no new streams; each connection closes when its last one is over. */
  close(): void
  /** Cuts everything. */
  cut(): void
}

type Connection = { session: ServerHttp2Session; streams: Set<Socket>; begun: boolean }

const most: readonly ConnectionUse[] = ['signed-in', 'busy']

/** As long as HTTP/1.1 may stay without a request. */
const IDLE_MS = 75 * SECOND

/** What uploads may have on their way, in bytes: with the 64 kB that are usual they are slow at a distance. */
const WINDOW = 1_048_576

const options = {
  settings: {
    // RFC 9113 §6.5.2 asks for no fewer.
    maxConcurrentStreams: 100,
    initialWindowSize: WINDOW,
    maxHeaderListSize: 32_768,
    // WebSockets stay on HTTP/1.1.
    enableConnectProtocol: false,
  },
  // Browsers send each cookie as a field of its own.
  maxHeaderListPairs: 1000,
  strictSingleValueFields: false,
  // Megabytes.
  maxSessionMemory: 10,
  maxSessionInvalidFrames: 100,
  maxSessionRejectedStreams: 100,
}

/** Speaks HTTP/2 for all servers of a gateway. */
export function createHttp2(clock: Clock): Http2 {
  const connections = new Map<Socket, Connection>()

  function serve(socket: TLSSocket, serveHttp1: (made: Socket) => void): void {
    if (socket.destroyed) return
    const session = performServerHandshake(socket, options)
    session.setLocalWindowSize(WINDOW)
    const streams = new Set<Socket>()
    const connection: Connection = { session, streams, begun: false }
    let cancel = awaitStream()
    function awaitStream(): Cancel {
      return clock.after(IDLE_MS, () => session.close())
    }
    connections.set(socket, connection)
    // What breaks one connection is nobody else's matter, and not the process's.
    socket.on('error', () => session.destroy())
    session.on('error', () => session.destroy())
    session.on('close', () => {
      cancel()
      connections.delete(socket)
      socket.destroy()
    })
    session.on('stream', (stream, _headers, _flags, raw) => {
      cancel()
      connection.begun = true
      // Typed as numbers and strings, and made of strings.
      const made = openStream(stream, raw as unknown as string[], socket)
      if (made !== undefined) {
        streams.add(made)
        serveHttp1(made)
      }
      stream.on('close', () => {
        if (made !== undefined) streams.delete(made)
        cancel()
        if (streams.size === 0) cancel = awaitStream()
      })
    })
  }

  return {
    offer(server) {
      const [serveHttp1] = server.listeners('secureConnection') as [(socket: Socket) => void]
      server.off('secureConnection', serveHttp1)
      server.on('secureConnection', (socket) => {
        if (socket.alpnProtocol === 'h2') serve(socket, (made) => serveHttp1.call(server, made))
        else serveHttp1.call(server, socket)
      })
    },
    uses: (ofHttp1) => () => {
      const useOf = ofHttp1()
      return (socket) => {
        const connection = connections.get(socket)
        if (connection === undefined) return useOf(socket)
        const uses = [...connection.streams].map(useOf)
        return most.find((use) => uses.includes(use)) ?? (connection.begun ? 'idle' : 'silent')
      }
    },
    close() {
      for (const { session } of connections.values()) session.close()
    },
    cut() {
      // A session that was told to close would wait for the other side.
      for (const socket of connections.keys()) socket.destroy()
    },
  }
}
