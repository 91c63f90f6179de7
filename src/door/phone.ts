import { createHash } from 'node:crypto'
import { isNavigation, isOwnPost } from '../http/fetch-metadata.ts'
import { hsts } from '../http/reply.ts'
import { mayDemandHttps } from '../lib/hostname.ts'
import { randomId } from '../lib/random.ts'
import { isSameSecret } from '../lib/same-secret.ts'
import { times } from '../lib/times.ts'
import { cookieOptions, readCookie } from '../sessions/cookies.ts'
import { findSession } from '../sessions/find-session.ts'
import type { FoundSession } from '../sessions/sessions.ts'
import type { DoorExchange, PhoneExchange } from './exchange.ts'

/** Tells who is at the door. Gives the browser its cookie when a person first comes, not when a script or a picture does. */
export async function recognise(exchange: DoorExchange): Promise<PhoneExchange> {
  const { parts, request, reply } = exchange
  const known = readCookie(request.headers.cookie, parts.cookies.binding)
  const secret = known !== undefined && /^[A-Za-z0-9_-]{43}$/.test(known) ? known : randomId()
  if (secret !== known && request.method === 'GET' && isNavigation(request)) {
    const options = cookieOptions(times.door.absolute, parts.clock.now(), parts.secure)
    reply.setCookie(parts.cookies.binding, secret, options)
  }
  const id = createHash('sha256').update(`phone ${secret}`).digest('base64url')
  const found = await signedIn(exchange)
  if (found !== undefined && mayDemandHttps(parts.door.origin)) reply.headers(hsts)
  return { ...exchange, phone: { id, found } }
}

/** The door's session of this request; an app's session is nothing here. */
async function signedIn({ parts, request }: DoorExchange): Promise<FoundSession | undefined> {
  const found = await findSession(parts.sessions, request.headers.cookie, parts.cookies.session)
  // SECURITY: a screen's session is nothing at the door. Test: U17: a screen's session cannot approve, list or sign out others
  if (found?.session.kind !== 'door') return undefined
  return found
}

/** The proof that a form came from our page in this browser, for this purpose. */
export function formToken({ parts, phone }: PhoneExchange, purpose: string): string {
  return parts.keyring.derive('form', `${phone.id} ${phone.found?.key ?? ''} ${purpose}`)
}

/** Whether a POST is a press on our own page by this phone. */
export function isOwnPress(exchange: PhoneExchange, purpose: string, token: string | undefined): boolean {
  // SECURITY: only our own page can press our buttons. Test: C1: a page of another site cannot approve
  if (!isOwnPost(exchange.request, exchange.parts.door.origin)) return false
  return token !== undefined && isSameSecret(token, formToken(exchange, purpose))
}
