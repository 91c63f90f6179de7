import { mayDemandHttps } from '../../lib/hostname.ts'
import type { Log } from '../../lib/log.ts'
import type { App } from '../app.ts'
import type { Scheme } from '../parts.ts'
import { hostOf } from '../reading/authority.ts'
import { connectionOptions } from '../reading/connection-options.ts'
import { cookieFault } from './cookie-pairs.ts'
import { keepFields } from './keep-fields.ts'

/**
 * Filters the header of an app's response: flat in, flat out, everything that passes byte for byte. `signedIn` adds
 * Strict-Transport-Security, which nobody should get from us before a sign-in has worked, and keeps the answer out of
 * shared caches: apps that sign people in themselves let pictures and scripts be kept for everybody.
 */
export type ResponseHeaders = (raw: readonly (string | Buffer)[], signedIn: boolean) => string[]

/** Hop-by-hop (RFC 9110 §7.6.1), and what an app must not say for the whole host: it would sign people out or move them. */
const dropped = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-connection',
  'proxy-status',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'alt-svc',
  'clear-site-data',
  'strict-transport-security',
])

/** Speak to one cache alone, which then believes no Cache-Control: of nginx, Fastly, Akamai; RFC 9213 and its like. */
const forOneCache = new Set(['x-accel-expires', 'surrogate-control', 'edge-control'])
const TARGETED = '-cache-control'

const NOTICED = 100

/** The headers of one app's responses; cookies that were dropped are told to the log once each. */
export function createResponseHeaders(
  app: App,
  doorAuthority: string,
  publicScheme: Scheme,
  log: Log,
): ResponseHeaders {
  const doorHost = hostOf(doorAuthority)
  const demandsHttps = publicScheme === 'https' && mayDemandHttps(app.origin)
  const noticed = new Set<string>()

  function mayBeSet(setCookie: string): boolean {
    const fault = cookieFault(setCookie, doorHost)
    if (fault === undefined) return true
    const cookie = (/^[^=;]{1,64}/.exec(setCookie)?.[0] ?? '').trim()
    if (!noticed.has(cookie) && noticed.size < NOTICED) {
      noticed.add(cookie)
      log.notice('response_cookie_dropped', { app: app.name, cookie, why: fault })
    }
    return false
  }

  function mayPass(lower: string, value: string): boolean {
    if (dropped.has(lower)) return false
    // SECURITY: a cache in front would show it to whoever asks next, `private` or not. Test: X2: what an app says to one cache alone does not keep it for everybody
    if (forOneCache.has(lower) || lower.endsWith(TARGETED)) return false
    // SECURITY: an app must neither sign people in nor reach the door. Test: an app cannot set our cookies or cookies of the door
    if (lower === 'set-cookie' && !mayBeSet(value)) return false
    return true
  }

  function addForPerson(kept: string[]): void {
    // SECURITY: a cache in front would show it to whoever asks next. Test: X2: what a signed-in person gets is for no shared cache
    if (!isPrivate(kept)) kept.push('Cache-Control', 'private')
    if (demandsHttps) kept.push('Strict-Transport-Security', 'max-age=31536000')
  }

  return (raw, signedIn) => {
    const built: string[] = []
    let connection: string | undefined
    for (let i = 0; i + 1 < raw.length; i += 2) {
      const name = latin1(raw[i])
      const lower = name.toLowerCase()
      const value = latin1(raw[i + 1])
      if (lower === 'connection') connection = connection === undefined ? value : `${connection},${value}`
      if (!mayPass(lower, value)) continue
      built.push(name, value)
    }
    const kept = connection === undefined ? built : withoutNominated(built, connectionOptions(connection))
    if (signedIn) addForPerson(kept)
    return kept
  }
}

/** Whether the app itself keeps its answer out of shared caches (RFC 9111 §5.2.2). */
function isPrivate(fields: readonly string[]): boolean {
  let said = false
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const name = fields[i] as string
    if (name.length !== 13 || name.toLowerCase() !== 'cache-control') continue
    // To a cache that knows it, `no-store` says nothing any more (§5.2.2.3).
    if (/must-understand/i.test(fields[i + 1] as string)) return false
    // `private="…"` speaks of single fields alone.
    if (/(?:^|,)\s*(?:private|no-store)\s*(?:,|$)/i.test(fields[i + 1] as string)) said = true
  }
  return said
}

/** 101 and 204 say no length (RFC 9110 §8.6): a front that believed one would take what comes next for the body. */
export function withoutLength(headers: readonly string[]): string[] {
  return keepFields(headers, (name) => name !== 'content-length')
}

function withoutNominated(headers: string[], nominated: ReadonlySet<string>): string[] {
  return nominated.size === 0 ? headers : keepFields(headers, (name) => !nominated.has(name))
}

function latin1(text: string | Buffer | undefined): string {
  return typeof text === 'string' ? text : (text as Buffer).toString('latin1')
}
