import { randomId } from '../lib/random.ts'
import { times } from '../lib/times.ts'
import { cookieOptions, readCookie } from '../sessions/cookies.ts'
import type { ThresholdExchange } from './exchange.ts'

/**
 * A screen that somebody has let in keeps a cookie that says so, also when it is signed out. It opens nothing: it only
 * has limits of its own, which no stranger in the same network can use up.
 */
export function knownDevice({ parts, request, app }: ThresholdExchange): string | undefined {
  const sealed = readCookie(request.headers.cookie, app.cookies.known)
  return sealed === undefined ? undefined : parts.keyring.open('known-device', sealed, app.name)
}

/** Remembers on the device that it was let in, unless it knows. */
export function giveKnownDevice(exchange: ThresholdExchange): void {
  if (knownDevice(exchange) !== undefined) return
  const { parts, reply, app } = exchange
  const sealed = parts.keyring.seal('known-device', randomId(12), app.name)
  reply.setCookie(app.cookies.known, sealed, cookieOptions(times.device, parts.clock.now(), parts.secure))
}
