import { randomId } from '../lib/random.ts'
import { times } from '../lib/times.ts'
import { cookieOptions, readCookie } from '../sessions/cookies.ts'
import type { ThresholdExchange } from './exchange.ts'

/** The cookie that makes a login belong to this browser: a secret, and for a screen the login it waits for. */
export type Binding = { secret: string; login?: string }

/** The binding that came with a request. */
export function readBinding({ request, app }: ThresholdExchange): Binding | undefined {
  const value = readCookie(request.headers.cookie, app.cookies.binding)
  const [, secret, login] = /^([A-Za-z0-9_-]{43})(?:\.([A-Za-z0-9_-]{22}))?$/.exec(value ?? '') ?? []
  if (secret === undefined) return undefined
  return login === undefined ? { secret } : { secret, login }
}

/** Keeps the browser's binding, or gives it one. */
export function giveBinding({ parts, reply, app }: ThresholdExchange, binding: Binding | undefined): Binding {
  const given = binding ?? { secret: randomId() }
  const value = given.login === undefined ? given.secret : `${given.secret}.${given.login}`
  // As long as a sleeping screen's login is remembered.
  reply.setCookie(app.cookies.binding, value, cookieOptions(times.tonight, parts.clock.now(), parts.secure))
  return given
}

/** Forgets it: what it was for is done. */
export function dropBinding({ parts, reply, app }: ThresholdExchange): void {
  reply.setCookie(app.cookies.binding, '', cookieOptions(0, parts.clock.now(), parts.secure))
}
