import type { Allow } from '../sessions/allow.ts'
import { type Origin, parseAuthority, parseOrigin } from './address.ts'
import type { AppConfig } from './config.ts'
import type { Context } from './context.ts'
import { checkHeaderName } from './header-names.ts'
import { resolveInside } from './inside.ts'
import { isPrivateHost } from './network.ts'
import type { Path } from './problem.ts'
import { type Report, take } from './report.ts'
import type { AppDraft, Draft } from './shape.ts'
import { resolveUpstreamTls } from './upstream-tls.ts'

/** An app's options, checked. `host` is the parsed one; undefined parts were reported. */
export type ResolvedApp = { name: string; path: Path; host: Origin | undefined; config: AppConfig | undefined }

/** What the checks of an app need to know of the rest; `scheme` is the door's. */
export type AppContext = Context & { scheme: string }

/** Checks one app by itself. */
export function resolveApp(name: string, options: AppDraft, context: AppContext): ResolvedApp {
  const { scheme, report } = context
  const path: Path = ['apps', name]
  const host = take(options.host, [...path, 'host'], (text) => parseAuthority(text, scheme), report)
  const upstream = take(options.upstream, [...path, 'upstream'], (text) => parseOrigin(text, ['http', 'https']), report)
  const cors = options.cors === '*' ? ['*'] : origins(options.cors, [...path, 'cors'], true, report)
  const trustedOrigins = origins(options.trusted_origins, [...path, 'trusted_origins'], false, report)
  const requestHeaders = headerNames(options.request_headers, [...path, 'request_headers'], report)
  checkEmails(options.allow?.emails ?? [], [...path, 'allow', 'emails'], report)
  const inside = resolveInside(options, path, context)
  if (host === undefined || upstream === undefined) return { name, path, host, config: undefined }
  if (inside.signIn !== undefined && upstream.scheme === 'http' && !isPrivateHost(upstream.hostname)) {
    const hint = 'Use https://, or an address in your own network.'
    report.warning([...path, 'upstream'], 'is plain http, and the key in sign_in goes there for anybody to read.', hint)
  }
  const config: AppConfig = {
    name,
    title: options.title ?? titleOf(name),
    authority: host.authority,
    origin: host.origin,
    upstream: upstream.origin,
    upstreamTls:
      options.upstream_tls &&
      resolveUpstreamTls(options.upstream_tls, [...path, 'upstream_tls'], { ...context, upstream }),
    recipe: options.recipe,
    ...inside,
    allow: options.allow && allowOf(options.allow),
    cors,
    trustedOrigins,
    requestHeaders,
  }
  return { name, path, host, config }
}

function origins(list: readonly (string | undefined)[], path: Path, star: boolean, report: Report): string[] {
  return list.flatMap((text, index) => {
    if (text === '*' && star && list.length === 1) return ['*']
    if (text === '*') {
      report.problem(
        [...path, index],
        'cannot be "*" here.',
        star ? 'Write cors: "*" alone, or name the origins.' : 'Name the origins.',
      )
      return []
    }
    // Web views of native apps have schemes of their own: capacitor://localhost.
    return take(text, [...path, index], (written) => parseOrigin(written, []), report)?.origin ?? []
  })
}

function headerNames(list: readonly (string | undefined)[], path: Path, report: Report): string[] {
  return list.flatMap((text, index) => {
    const fault = text === undefined ? undefined : checkHeaderName(text)
    if (fault !== undefined) report.problem([...path, index], fault.fault, fault.hint)
    return text === undefined || fault !== undefined ? [] : [text.toLowerCase()]
  })
}

function checkEmails(emails: readonly (string | undefined)[], path: Path, report: Report): void {
  for (const [index, email] of emails.entries()) {
    if (email === undefined || /^[^@\s*]+@[^@\s*]+$/.test(email)) continue
    report.problem([...path, index], 'is not an e-mail address.', 'Write whole addresses; there are no wildcards.')
  }
}

/** An empty list stays: it lets nobody in, which no list does not. */
function allowOf({ groups, emails, subjects }: Draft<Allow>): Allow {
  const whole = (list: readonly (string | undefined)[]) => list.filter((item) => item !== undefined)
  return {
    ...(groups && { groups: whole(groups) }),
    ...(emails && { emails: whole(emails) }),
    ...(subjects && { subjects: whole(subjects) }),
  }
}

function titleOf(name: string): string {
  const words = name.replace(/[-_]+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
