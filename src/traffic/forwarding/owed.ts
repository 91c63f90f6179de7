import type { Socket } from 'node:net'
import { createBag } from '../../lib/bag.ts'
import type { Clock } from '../../lib/clock.ts'
import { MINUTE } from '../../lib/clock.ts'
import { repeat } from '../../lib/repeat.ts'

/** Requests to which an app owes the beginning of an answer. */
export interface OwedAnswers {
  /**
   * Calls `giveUp` when the app has owed its answer for `quietMs` and the client has sent nothing meanwhile. The result
   * is to be called when the answer begins, or nobody wants it any more.
   */
  add(client: Socket, quietMs: number, giveUp: () => void): () => void
  /** Stops looking. */
  close(): void
}

/** Often enough for limits of hours, and nothing that a request has to pay for. */
const LOOK_MS = MINUTE

/** All that is owed to one gateway's clients, looked through once every `lookMs`. */
export function createOwedAnswers(clock: Clock, lookMs = LOOK_MS): OwedAnswers {
  const owed = createBag<{ client: Socket; quietMs: number; giveUp: () => void; bytes: number; since: number }>()

  function look(): void {
    const now = clock.now()
    for (const answer of owed.all()) {
      const { bytesRead } = answer.client
      if (bytesRead !== answer.bytes) {
        answer.bytes = bytesRead
        answer.since = now
      } else if (now - answer.since >= answer.quietMs) answer.giveUp()
    }
  }

  const close = repeat(clock, lookMs, look)
  return {
    add: (client, quietMs, giveUp) => owed.add({ client, quietMs, giveUp, bytes: -1, since: clock.now() }),
    close,
  }
}
