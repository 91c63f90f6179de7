import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Clock } from '../../lib/clock.ts'
import { SECOND } from '../../lib/clock.ts'
import { closeFrame, createFrameFollower, textFrame } from './frames.ts'

/** Two sockets that are one WebSocket, and how it ends before either side wants it to. */
export interface Joined {
  /** The session is over: nothing passes from now on, in either direction. */
  cut(): void
  /** The gateway leaves: the client is told to come again, which leads it to another. */
  dismiss(): void
  /** The client has said something that the app must not hear: this is said instead, and both sides are closed. */
  refuse(messages: readonly string[]): void
}

/** How two sockets are joined. */
export type JoinParts = {
  clock: Clock
  /** Called when either side has closed. */
  forget(): void
  /** What the client says goes through here, where anybody wants to know it first. */
  entrance?: Duplex | undefined
}

/** How long one side may stay half-open after the other has ended. */
const HALF_OPEN_MS = 30 * SECOND
/** For the end of the app's frame, and for the client's answer to our Close. */
const CLOSING_MS = SECOND

/** RFC 6455 §7.4.1, and 1012 of its registry. */
const NORMAL_CLOSURE = 1000
const POLICY_VIOLATION = 1008
const SERVICE_RESTART = 1012

/**
 * Bytes both ways with back-pressure, until either side has closed. `early` came from the app with its agreement.
 * Nothing of the handshake is kept alive.
 */
export function join(client: Socket, upstream: Socket, early: Buffer, parts: JoinParts): Joined {
  const { clock, forget, entrance } = parts
  const frames = createFrameFollower()
  if (early.length > 0) {
    frames.follow(early)
    client.write(early)
  }
  let taker: (bytes: Buffer) => void = frames.follow
  // Before the pipe, which sends the same bytes on.
  upstream.on('data', taker)
  for (const [socket, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    socket.setTimeout(0)
    socket.setNoDelay(true)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      forget()
      other.destroySoon()
    })
    socket.on('end', () => {
      const cancel = clock.after(HALF_OPEN_MS, () => other.destroy())
      other.on('close', cancel)
    })
    if (socket === client && entrance !== undefined) client.pipe(entrance).pipe(upstream)
    else socket.pipe(other)
  }

  function destroyLate(): void {
    const cancel = clock.after(CLOSING_MS, () => {
      client.destroy()
      upstream.destroy()
    })
    client.on('close', cancel)
  }

  /** Takes over what the app sends from the pipe, or from whoever took it over before. */
  function divert(take: (bytes: Buffer) => void): void {
    upstream.unpipe(client)
    upstream.off('data', taker)
    taker = take
    upstream.on('data', taker)
    upstream.resume()
  }

  /**
   * Says our Close instead of whatever the app has still to say. What the client sends goes on to the app, its answer
   * to our Close included: so the app closes in due form, and we with it.
   */
  function close(code: number): void {
    divert(() => undefined)
    client.write(closeFrame(code))
  }

  function sendToEndOfFrame(bytes: Buffer): void {
    const room = client.write(bytes.subarray(0, frames.followToEnd(bytes)))
    if (frames.place() === 'between') close(SERVICE_RESTART)
    else if (!room) {
      upstream.pause()
      client.once('drain', () => upstream.resume())
    }
  }

  function part(messages: readonly string[], code: number): void {
    client.unpipe()
    client.resume()
    // A word only where it can be said at once: nothing that the app has sent may wait in front of it.
    if (frames.place() === 'between' && client.writableLength === 0) {
      destroyLate()
      for (const message of messages) client.write(textFrame(message))
      close(code)
      client.end()
    } else client.destroy()
    upstream.destroy()
  }

  return {
    cut: () => part([], POLICY_VIOLATION),
    refuse: (messages) => part(messages, NORMAL_CLOSURE),
    dismiss() {
      destroyLate()
      if (frames.place() === 'within') divert(sendToEndOfFrame)
      else if (frames.place() === 'between') close(SERVICE_RESTART)
    },
  }
}
