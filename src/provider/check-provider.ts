import * as oidc from 'openid-client'
import { type Clock, SECOND } from '../lib/clock.ts'
import type { Finding } from '../lib/finding.ts'
import { createRemedies } from '../lib/remedies.ts'
import { createDiscovery, type ProviderSettings } from './discovery.ts'
import { type Fault, faultOf } from './fault.ts'
import { createRoad, type Road, type RoadSettings } from './road.ts'
import { createTamedFetch } from './tamed-fetch.ts'
import { asksEveryTime, type GrantChoice } from './way.ts'

/** What a provider is asked with, once, before anybody signs in there. */
export type CheckProviderParts = {
  settings: ProviderSettings
  road: RoadSettings
  grant: GrantChoice
  clock: Clock
  /** Instead of the network, for names that only tests know. */
  fetch?: oidc.CustomFetch | undefined
}

/** ID tokens are given this much (RFC 7519 §4.1.4 allows "some small leeway"). */
const SKEW_MS = 30 * SECOND

/** Asks the provider what sign-ins will ask it: who it is, where its endpoints are, and whether it knows the client. */
export async function checkProvider(parts: CheckProviderParts): Promise<Finding[]> {
  const { settings, clock } = parts
  const { log, remedies } = createRemedies()
  const road = createRoad(parts.road, { fetch: parts.fetch, log })
  let date = Number.NaN
  const timed: oidc.CustomFetch = async (url, options) => {
    const response = await road.fetch(url, options)
    date = Date.parse(response.headers.get('date') ?? '')
    return response
  }
  try {
    const configuration = await createDiscovery({ ...settings, fetch: createTamedFetch(timed), log })()
    const skew = Math.abs(date - clock.now())
    const found = judgeMetadata(configuration.serverMetadata(), parts, road)
    if (skew > SKEW_MS) {
      const text = `Its clock and ours differ by ${Math.round(skew / SECOND)} s.`
      found.push({ level: 'warning', text, remedy: 'Set both clocks: sign-ins fail when they are too far apart.' })
    }
    if (found.every(({ level }) => level !== 'problem')) found.push(await tryClient(configuration, settings))
    const text = `${settings.issuer} answers, and says that it is this issuer.`
    return [{ level: 'fine', text }, ...found]
  } catch (error) {
    return [notFound(settings.issuer, faultOf(error), remedies[0])]
  } finally {
    await road.close()
  }
}

function notFound(issuer: string, fault: Fault, remedy: string | undefined): Finding {
  const usual = {
    unreachable: 'Is it up, and is that its address? From here, curl says more.',
    answer: 'Write provider.issuer without /.well-known/… at its end, as the discovery document itself does.',
    invalid: 'Write provider.issuer exactly as its discovery document does.',
  }
  const text = {
    unreachable: `${issuer} does not answer (${fault.detail}).`,
    answer: `${issuer} has no discovery document: it answers ${fault.detail}.`,
    invalid: `${issuer} has no discovery document that can be believed (${fault.detail}).`,
  }
  return { level: 'problem', text: text[fault.kind], remedy: remedy ?? usual[fault.kind] }
}

function judgeMetadata(metadata: oidc.ServerMetadata, { settings, grant }: CheckProviderParts, road: Road): Finding[] {
  const found: Finding[] = []
  const say = (level: Finding['level'], text: string, remedy: string) => void found.push({ level, text, remedy })
  if (metadata.authorization_endpoint === undefined) {
    say('problem', 'It names no authorization_endpoint.', 'Is it an OpenID provider for people?')
  }
  const needed = ['token_endpoint', 'jwks_uri'] as const
  const asked = [...needed, 'userinfo_endpoint', 'device_authorization_endpoint'] as const
  for (const name of needed)
    if (metadata[name] === undefined) say('problem', `It names no ${name}.`, 'Nobody can sign in.')
  for (const name of asked) {
    const address = metadata[name]
    if (address === undefined || road.allows(address)) continue
    const { host } = new URL(address)
    const remedy = `If that is really its: provider.endpoint_hosts: [${host}]`
    say('problem', `Its ${name} is on another host, ${host}, which is not asked.`, remedy)
  }
  const methods = metadata.code_challenge_methods_supported
  if (methods?.includes('S256') === false) {
    say('warning', 'It does not say that it knows PKCE with S256.', 'Sign-ins ask for it; a provider may refuse them.')
  }
  const unknown = settings.scopes.filter((scope) => metadata.scopes_supported?.includes(scope) === false)
  if (unknown.length > 0) {
    const remedy = 'Remove them from provider.scopes if sign-ins fail: some providers refuse what they do not know.'
    say('warning', `It does not list these scopes: ${unknown.join(', ')}.`, remedy)
  }
  const wants = grant === 'provider' || (grant === 'auto' && asksEveryTime(settings.profile))
  if (wants && metadata.device_authorization_endpoint === undefined) {
    const level = grant === 'provider' ? 'problem' : 'warning'
    say(level, 'It has no device grant (RFC 8628).', 'Switch it on there, or write device_login: { grant: gateway }.')
  }
  return found
}

/** Asks for tokens with a code that nobody gave: before it looks at that, a provider says whether it knows the client. */
async function tryClient(configuration: oidc.Configuration, settings: ProviderSettings): Promise<Finding> {
  const { clientId, redirectUri } = settings
  try {
    await oidc.genericGrantRequest(configuration, 'authorization_code', {
      client_id: clientId,
      code: oidc.randomState(),
      redirect_uri: redirectUri,
      code_verifier: oidc.randomPKCECodeVerifier(),
    })
    return {
      level: 'problem',
      text: 'It gives tokens for a code that nobody gave.',
      remedy: 'Do not use this provider.',
    }
  } catch (error) {
    return judgeRefusal(faultOf(error), settings)
  }
}

function judgeRefusal(fault: Fault, { clientId, clientSecret }: ProviderSettings): Finding {
  const name = fault.kind === 'answer' ? fault.error : undefined
  if (name === 'invalid_grant') {
    const text = `It knows the client ${clientId}${clientSecret === undefined ? '' : ', and its secret is right'}.`
    return { level: 'fine', text }
  }
  if (name === 'invalid_client' || (fault.kind === 'answer' && fault.status === 401)) {
    const remedy = 'Compare client_id and the secret with what stands there, and client_auth with how it wants them.'
    return { level: 'problem', text: `It does not accept the client ${clientId} (${fault.detail}).`, remedy }
  }
  if (name === 'unauthorized_client') {
    const remedy = 'Allow the authorization code grant for this client there.'
    return { level: 'problem', text: `It lets the client ${clientId} sign nobody in.`, remedy }
  }
  const text = `Whether it knows the client ${clientId} could not be told (${fault.detail}).`
  return { level: 'warning', text, remedy: 'The first sign-in shows it.' }
}
