import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/**
 * Whose turn it is on a connection. Node hands over pipelined requests at once, and tells a response that waits for an
 * earlier one nothing when the connection breaks; so each is begun when the one before it is over (RFC 9112 §9.3.2).
 */
export interface Turns {
  /** Runs `begin` when `res` is next to be written, or never when the connection ends before. */
  take(socket: Duplex, res: ServerResponse, begin: () => void): void
  /** The newest response on a connection, as long as it is not written to the end. */
  unfinished(socket: Duplex): ServerResponse | undefined
  /** Whether a request has ever come on a connection. */
  hasBegun(socket: Duplex): boolean
  /** The connection is no longer HTTP. */
  leave(socket: Duplex): void
}

/** Nobody pipelines more than a handful; what waits costs memory. */
const MOST_WAITING = 16

/** The turns of all connections of this process. */
export function createTurns(): Turns {
  const newest = new WeakMap<Duplex, ServerResponse>()
  const waiting = new WeakMap<Duplex, number>()

  function unfinished(socket: Duplex): ServerResponse | undefined {
    const last = newest.get(socket)
    return last === undefined || last.writableFinished ? undefined : last
  }

  function start(socket: Duplex, begin: () => void): void {
    // SECURITY: what stands behind the last answer of a connection may be a piece of the message that was refused. Test: behind the last answer of a connection nothing is begun
    if (!socket.writable) return
    begin()
  }

  return {
    unfinished,
    hasBegun: (socket) => newest.has(socket),
    leave: (socket) => void newest.delete(socket),
    take(socket, res, begin) {
      const before = unfinished(socket)
      newest.set(socket, res)
      if (before === undefined) return start(socket, begin)
      const ahead = (waiting.get(socket) ?? 0) + 1
      if (ahead > MOST_WAITING) return void socket.destroy()
      waiting.set(socket, ahead)
      before.once('close', () => {
        waiting.set(socket, (waiting.get(socket) ?? 1) - 1)
        start(socket, begin)
      })
    },
  }
}
