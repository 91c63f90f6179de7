import type { Socket } from 'node:net'
import { createBag } from '../../lib/bag.ts'
import type { Clock } from '../../lib/clock.ts'
import { MINUTE } from '../../lib/clock.ts'
import { repeat } from '../../lib/repeat.ts'
import type { LiveSessions } from '../../sessions/live.ts'
import type { SessionFinder } from '../parts.ts'
import type { Joined } from './join.ts'

/** Everything that is open on behalf of a session: it is cut when the session ends, and its bytes count as activity. */
export interface OpenStreams {
  /** Adds a client's connection, of nobody's session where an app vouches for it; call the result when it has closed by itself. */
  add(sessionKey: string | undefined, socket: Socket, ending: Ending): () => void
  /** The connections that are open now for somebody who is signed in. */
  sockets(): Set<Socket>
  /** Tells every WebSocket to come again elsewhere; everything else goes on. */
  dismissAll(): void
  /** Cuts everything and stops counting. */
  closeAll(): void
}

/** How a stream ends before its time; only a WebSocket can be dismissed. */
type Ending = Pick<Joined, 'cut'> & Partial<Pick<Joined, 'dismiss'>>

type OpenStream = { key: string | undefined; socket: Socket; ending: Ending; counted: number }

/** All that one gateway holds open; bytes are counted once a minute. */
export function createOpenStreams(clock: Clock, live: LiveSessions, sessions: SessionFinder): OpenStreams {
  const streams = createBag<OpenStream>()
  const stopCounting = repeat(clock, MINUTE, count)

  function count(): void {
    for (const stream of streams.all()) {
      const bytes = stream.socket.bytesRead + stream.socket.bytesWritten
      if (bytes === stream.counted) continue
      stream.counted = bytes
      if (stream.key !== undefined) sessions.touch(stream.key)
    }
  }

  return {
    add(key, socket, ending) {
      // The bytes of the request that opened it count once more: asking each socket at once would cost more than that.
      const remove = streams.add({ key, socket, ending, counted: 0 })
      const forget = key === undefined ? undefined : live.register(key, ending.cut)
      return () => {
        remove()
        forget?.()
      }
    },
    sockets: () => new Set(streams.all().flatMap(({ key, socket }) => (key === undefined ? [] : [socket]))),
    dismissAll() {
      for (const { ending } of streams.all()) ending.dismiss?.()
    },
    closeAll() {
      stopCounting()
      for (const { ending, socket } of streams.all()) ending.dismiss === undefined ? ending.cut() : socket.destroy()
    },
  }
}
