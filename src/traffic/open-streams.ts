import type { Socket } from 'node:net'
import { createBag } from '../lib/bag.ts'
import type { Clock } from '../lib/clock.ts'
import { MINUTE } from '../lib/clock.ts'
import { repeat } from '../lib/repeat.ts'
import type { LiveSessions } from '../sessions/live.ts'
import type { Joined } from './join.ts'
import type { SessionFinder } from './parts.ts'

/** Everything that is open on behalf of a session: it is cut when the session ends, and its bytes count as activity. */
export interface OpenStreams {
  /** Adds a client's connection; call the result when it has closed by itself. A WebSocket says how it ends. */
  add(sessionKey: string, socket: Socket, webSocket?: Joined): () => void
  /** Tells every WebSocket to come again elsewhere; everything else goes on. */
  dismissAll(): void
  /** Cuts everything and stops counting. */
  closeAll(): void
}

type OpenStream = { key: string; socket: Socket; webSocket: Joined | undefined; counted: number }

/** All that one gateway holds open; bytes are counted once a minute. */
export function createOpenStreams(clock: Clock, live: LiveSessions, sessions: SessionFinder): OpenStreams {
  const streams = createBag<OpenStream>()
  const stopCounting = repeat(clock, MINUTE, count)

  function count(): void {
    for (const stream of streams.all()) {
      const bytes = stream.socket.bytesRead + stream.socket.bytesWritten
      if (bytes === stream.counted) continue
      stream.counted = bytes
      sessions.touch(stream.key)
    }
  }

  return {
    add(key, socket, webSocket) {
      // The bytes of the request that opened it count once more: asking each socket at once would cost more than that.
      const remove = streams.add({ key, socket, webSocket, counted: 0 })
      const forget = live.register(key, webSocket?.cut ?? (() => void socket.destroy()))
      return () => {
        remove()
        forget()
      }
    },
    dismissAll() {
      for (const { webSocket } of streams.all()) webSocket?.dismiss()
    },
    closeAll() {
      stopCounting()
      for (const { socket } of streams.all()) socket.destroy()
    },
  }
}
