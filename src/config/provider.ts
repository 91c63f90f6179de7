import { parseOrigin } from './address.ts'
import type { ProviderConfig } from './config.ts'
import type { Context } from './context.ts'
import { isPrivateHost } from './network.ts'
import type { Path } from './problem.ts'
import { resolveRoad } from './provider-road.ts'
import type { Report } from './report.ts'
import type { Secret } from './secret.ts'
import { givenSecret, takeSecret } from './secret-option.ts'
import type { ProviderDraft, SettingsDraft } from './shape.ts'

/** What the checks of a provider need to know of the rest. */
type ProviderContext = Context & { insecureHttp: boolean }

/** The one provider of the file, checked. Undefined when it is not usable; why has been reported. */
export function resolveProvider(draft: SettingsDraft, context: ProviderContext): ProviderConfig | undefined {
  const found = findProvider(draft, context.report)
  if (found === undefined) return undefined
  const { path, options } = found
  const issuer = options.issuer === undefined ? undefined : checkIssuer(options.issuer, [...path, 'issuer'], context)
  const clientSecret = resolveSecret(path, options, context)
  const scopes = checkScopes(options, [...path, 'scopes'], context.report)
  const road = resolveRoad(path, options, issuer, context)
  if (issuer === undefined || options.client_id === undefined) return undefined
  return {
    issuer,
    clientId: options.client_id,
    clientSecret,
    clientAuth: options.client_auth,
    profile: options.profile,
    scopes,
    groupsClaim: options.groups_claim,
    ...road,
  }
}

/** Where the one provider stands in the file, and what is there. */
function findProvider(draft: SettingsDraft, report: Report): { path: Path; options: ProviderDraft } | undefined {
  const { provider, providers } = draft
  const given = { short: report.given(['provider']), long: report.given(['providers']) }
  if (given.short && given.long) {
    report.problemAtKey(
      ['providers'],
      'is given together with provider.',
      'Keep one: provider is short for providers.default.',
    )
    return undefined
  }
  if (!given.short && !given.long) {
    report.problemAtKey(
      ['provider'],
      'is missing.',
      'Add it. Put issuer, client_id and client_secret_file below it, indented.',
    )
    return undefined
  }
  if (given.short) return provider === undefined ? undefined : { path: ['provider'], options: provider }
  const names = Object.keys(providers ?? {})
  if (names.length > 1) {
    report.problemAtKey(['providers'], 'names more than one provider: one for now.', 'Keep providers.default alone.')
  } else if (names[0] !== undefined && names[0] !== 'default') {
    report.problemAtKey(['providers', names[0]], 'must be named default.', 'Rename it.')
  }
  const options = providers?.['default']
  return options === undefined ? undefined : { path: ['providers', 'default'], options }
}

function checkIssuer(issuer: string, path: Path, { insecureHttp, report }: ProviderContext): string | undefined {
  const [, origin, rest] = /^([^:]*:\/\/[^/?#]*)(.*)$/s.exec(issuer) ?? []
  const parsed = parseOrigin(origin ?? issuer)
  if ('fault' in parsed) {
    report.problem(path, parsed.fault, parsed.hint)
  } else if (/[?#\s]/.test(rest ?? '')) {
    report.problem(path, 'has a query, a fragment or a space.', 'Write it as the discovery document does.')
  } else if (rest?.includes('/.well-known/')) {
    report.problem(path, 'is the address of the discovery document.', 'Leave out /.well-known/ and what follows it.')
  } else if (parsed.scheme === 'http' && !(insecureHttp && isPrivateHost(parsed.hostname))) {
    report.problem(path, 'is plain http.', 'Use https://. Plain http needs insecure_http: true and a private address.')
  } else {
    return issuer
  }
  return undefined
}

function resolveSecret(path: Path, options: ProviderDraft, context: Context): Secret | undefined {
  const { report } = context
  const [given, second] = givenSecret(path, 'client_secret', context)
  if (options.client_auth === 'none' && given !== undefined && second === undefined) {
    report.problemAtKey(given, 'has no use with client_auth: none.', 'Remove one of them.')
  } else if (options.client_auth !== 'none' && given === undefined) {
    const hint =
      'Add client_secret_file: FILE, or client_auth: none if the provider knows Entryphone as a public client.'
    report.problemAtKey(path, 'has no client secret.', hint)
  } else {
    return takeSecret(path, 'client_secret', options, context)
  }
  return undefined
}

function checkScopes(options: ProviderDraft, path: Path, report: Report): readonly string[] {
  const { scopes } = options
  for (const [index, scope] of scopes.entries()) {
    // RFC 6749 §3.3: printable ASCII without space, quote and backslash.
    if (scope === undefined || /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope)) continue
    report.problem([...path, index], 'is not one scope.', 'Put each scope in an item of its own.')
  }
  if (!scopes.includes('openid')) {
    report.problem(path, 'lacks openid.', 'Add it: without openid the provider does not say who signed in.')
  }
  return scopes.filter((scope) => scope !== undefined)
}
