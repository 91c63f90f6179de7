import type { Log } from '../../lib/log.ts'
import type { App } from '../app.ts'
import type { Scheme } from '../parts.ts'
import { portOf } from '../reading/authority.ts'
import { connectionOptions } from '../reading/connection-options.ts'
import type { Head } from '../reading/head.ts'
import { withoutOurs } from './cookie-pairs.ts'
import { foldName, nameList } from './name-list.ts'
import { appFields, neverFields, preflightFields, socketFields, standardFields } from './request-fields.ts'

/**
 * What goes on with which kind of request. A preflight has no session, so it carries next to nothing; `bare` ones have no
 * cookie of ours, so no cookie of the app's goes on either.
 */
export type RequestKind = 'http' | 'webSocket' | 'preflight' | 'bare' | 'bareWebSocket'

/**
 * Builds the header of the request to an app: from an allow-list, then ours. Flat: name, value, name, value …, without
 * framing and connection fields, which belong to whoever sends it.
 */
export type RequestHeaders = (head: Head, rawHeaders: readonly string[], kind: RequestKind, client: string) => string[]

type Verdict = 'pass' | 'also-preflight' | 'socket-only' | 'drop'

/** Names as sent are remembered with their verdict; a client that invents names must not fill the memory. */
const REMEMBERED = 2000
const NOTICED = 100
/** Of names that are worth either; a stranger's preflights with longer ones would take 50 MB for good. */
const LONGEST = 100

const isPreflightField = nameList(preflightFields)
const isSocketField = nameList(socketFields)
const isListed = nameList([...standardFields, ...appFields])
const isNever = nameList(neverFields)

/** The headers of one app's requests; names that were dropped are told to the log once each. */
export function createRequestHeaders(app: App, publicScheme: Scheme, log: Log): RequestHeaders {
  const isAppsOwn = nameList(app.requestHeaders.map((name) => name.toLowerCase()))
  const verdicts = new Map<string, Verdict>()
  const noticed = new Set<string>()
  const ours = [
    'Host',
    app.authority,
    'X-Forwarded-Proto',
    publicScheme,
    'X-Forwarded-Host',
    app.authority,
    'X-Forwarded-Port',
    portOf(app.authority, publicScheme),
  ]

  function verdictOf(sent: string): Verdict {
    const known = verdicts.get(sent)
    if (known !== undefined) return known
    const verdict = judge(sent.toLowerCase())
    if (verdicts.size < REMEMBERED && sent.length <= LONGEST) verdicts.set(sent, verdict)
    return verdict
  }

  function judge(name: string): Verdict {
    // SECURITY: identity and forwarding names are ours to write, whatever is listed. Test: an operator cannot list an identity header
    if (isNever(foldName(name))) return 'drop'
    if (name === 'cookie') return 'drop'
    if (isPreflightField(name)) return 'also-preflight'
    if (isSocketField(name)) return 'socket-only'
    // SECURITY: a name that nobody listed may mean anything to an app. Test: promise 2: nothing unlisted goes upstream
    if (!isListed(name) && !isAppsOwn(name)) return unlisted(name)
    return 'pass'
  }

  function unlisted(name: string): 'drop' {
    if (name.length > LONGEST || noticed.has(name) || noticed.size >= NOTICED) return 'drop'
    noticed.add(name)
    log.notice('request_header_dropped', {
      app: app.name,
      header: name,
      remedy: `apps.${app.name}.request_headers: [${name}]`,
    })
    return 'drop'
  }

  function mayPass(verdict: Verdict, kind: RequestKind): boolean {
    if (verdict === 'also-preflight') return true
    return verdict === 'pass'
      ? kind !== 'preflight'
      : verdict === 'socket-only' && (kind === 'webSocket' || kind === 'bareWebSocket')
  }

  return (head, rawHeaders, kind, client) => {
    // Identity headers of recipes join here, after the client's own have been left behind.
    const built = [...ours, 'X-Forwarded-For', client]
    const nominated = connectionOptions(head.connection)
    for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
      const name = rawHeaders[i] as string
      if (!mayPass(verdictOf(name), kind)) continue
      if (nominated.size > 0 && nominated.has(name.toLowerCase())) continue
      built.push(name, rawHeaders[i + 1] as string)
    }
    // SECURITY(replace: (kind === 'http' || kind === 'webSocket') → kind !== 'preflight'): cookies come along whoever asks, so they count only where ours does. Test: what goes on without a session takes no cookie along
    if (head.cookie !== undefined && (kind === 'http' || kind === 'webSocket') && !nominated.has('cookie')) {
      const cookie = withoutOurs(head.cookie)
      if (cookie !== undefined) built.push('Cookie', cookie)
    }
    return built
  }
}
