import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import type { Configuration, JWK, KoaContextWithOIDC } from 'oidc-provider'
import { type Clock, DAY, HOUR, MINUTE, SECOND } from '../../lib/clock.ts'
import { randomId } from '../../lib/random.ts'
import type { DemoPage } from '../look.ts'
import { interactionPolicy } from './library.ts'
import { createProviderMemory } from './memory.ts'
import { codeDonePage, codePage, confirmCodePage, providerErrorPage } from './pages.ts'
import type { DemoClient, DemoPerson } from './people.ts'
import { signInPath } from './sign-in.ts'

/**
 * The provider's settings: code flow with PKCE, device flow, consent taken as given, keys made now. Everything
 * that the library would otherwise warn about at start has a value.
 */
export async function providerConfiguration(parts: {
  host: string
  clients: readonly DemoClient[]
  people: readonly DemoPerson[]
  clock: Clock
}): Promise<Configuration> {
  const { host, people } = parts
  return {
    adapter: createProviderMemory(parts.clients, parts.clock),
    jwks: { keys: [await signingKey()] },
    cookies: { keys: [randomId()] },
    scopes: ['openid', 'offline_access'],
    claims: {
      openid: ['sub', 'groups'],
      profile: ['name', 'preferred_username'],
      email: ['email', 'email_verified'],
      groups: ['groups'],
    },
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic'],
    pkce: { required: () => true },
    clientBasedCORS: () => false,
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      deviceFlow: {
        enabled: true,
        userCodeInputSource: async (ctx, form, _out, error) => show(ctx, codePage(host, form, error !== undefined)),
        userCodeConfirmSource: async (ctx, form, client, _info, userCode) =>
          show(ctx, confirmCodePage(host, form, client.clientName ?? client.clientId, userCode)),
        successSource: async (ctx) => show(ctx, codeDonePage(host)),
      },
    },
    findAccount: async (_ctx, sub) => {
      const person = people.find(({ id }) => id === sub)
      return person && { accountId: sub, claims: async () => claimsOf(person) }
    },
    interactions: { url: (_ctx, interaction) => `${signInPath}${interaction.uid}`, policy: prompts() },
    loadExistingGrant: grantWhatIsAsked,
    renderError: async (ctx, out) => show(ctx, providerErrorPage(host, out.error_description ?? out.error)),
    ttl: {
      AccessToken: (10 * MINUTE) / SECOND,
      AuthorizationCode: MINUTE / SECOND,
      DeviceCode: (10 * MINUTE) / SECOND,
      Grant: DAY / SECOND,
      IdToken: (10 * MINUTE) / SECOND,
      Interaction: HOUR / SECOND,
      RefreshToken: DAY / SECOND,
      Session: (14 * DAY) / SECOND,
    },
  }
}

function claimsOf(person: DemoPerson) {
  return {
    sub: person.id,
    name: person.name,
    preferred_username: person.id,
    email: person.email,
    email_verified: person.emailVerified ?? false,
    ...(person.groups === undefined ? {} : { groups: [...person.groups] }),
  }
}

function prompts() {
  const policy = interactionPolicy.base()
  policy.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }), 0)
  return policy
}

/** No consent page: the household's own gateway asks. */
async function grantWhatIsAsked({ oidc }: KoaContextWithOIDC) {
  const accountId = oidc.session?.accountId
  const clientId = oidc.client?.clientId
  if (accountId === undefined || clientId === undefined) return undefined
  const grant = new oidc.provider.Grant({ accountId, clientId })
  grant.addOIDCScope([...oidc.requestParamScopes].join(' '))
  await grant.save()
  return grant
}

function show(ctx: KoaContextWithOIDC, page: DemoPage): undefined {
  ctx.type = 'html'
  ctx.set('content-security-policy', page.csp)
  ctx.body = page.html
}

async function signingKey(): Promise<JWK> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  return { ...privateKey.export({ format: 'jwk' }), kid: randomId(8), use: 'sig', alg: 'RS256' } as JWK
}
