import type { Socket } from 'node:net'
import { MINUTE, SECOND } from '../../lib/clock.ts'

const QUIET_MS = MINUTE
/** Node's own are 1 s and 10 times: a phone that changes from one network to the next would be gone. Not before Node 24.19. */
const EVERY_MS = 15 * SECOND
const TIMES = 8

/**
 * Has TCP ask a peer that says nothing whether it is still there, so that who vanished without a word is noticed after
 * three minutes. No other time ends a connection that is in use: event streams and films may be silent for hours.
 */
export function keepAsking(socket: Socket): void {
  socket.setKeepAlive(true, QUIET_MS, EVERY_MS, TIMES)
}
