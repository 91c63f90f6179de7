import { generateKeyPairSync, sign } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { onTestFinished } from 'vitest'
import { listen } from '../../src/demo/listen.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { type LogFields, silentLog } from '../../src/lib/log.ts'
import { createOpenIdProvider } from '../../src/provider/openid.ts'
import type { SignInOutcome } from '../../src/provider/provider.ts'
import { createRoad, type RoadSettings } from '../../src/provider/road.ts'
import type { Pair } from './certificate.ts'
import { freePort } from './ports.ts'

/** A provider over https on loopback, and a relying party that reaches it by its inner address. */
export type HttpsProvider = {
  port: number
  /** What it was asked, in order. */
  heard: { path: string; host: string | undefined; servername: string | undefined }[]
  /** Paths that answer otherwise than a provider does. */
  instead: Record<string, (response: ServerResponse, request: IncomingMessage) => void>
  /** Besides, or instead of, what stands in its discovery document. */
  metadata: Record<string, unknown>
  told: ({ event: string } & LogFields)[]
  /** Of the authorization request that is under way; it goes into the ID token. */
  nonce: string
  /** One sign-in, from the start, by a relying party that knows nothing yet. */
  signIn(road?: Partial<RoadSettings>, issuer?: string): Promise<SignInOutcome | Error>
}

export const ISSUER = 'https://id.home.example'
const key = generateKeyPairSync('rsa', { modulusLength: 2048 })

/** Starts one that says of itself to be `ISSUER`, with this certificate. */
export async function startHttpsProvider(pair: Pair): Promise<HttpsProvider> {
  const port = await freePort()
  const server = createServer(pair, (request, response) => {
    const { pathname } = new URL(request.url ?? '/', ISSUER)
    const { servername } = request.socket as TLSSocket & { servername?: string | false }
    provider.heard.push({ path: pathname, host: request.headers.host, servername: servername || undefined })
    const other = provider.instead[pathname]
    if (other !== undefined) return other(response, request)
    const answer = answers()[pathname]
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer ?? {}))
  })
  server.on('tlsClientError', () => undefined)
  const listening = await listen(server, port, '127.0.0.1')
  onTestFinished(listening.close)

  const answers = (): Record<string, object | undefined> => ({
    '/.well-known/openid-configuration': { ...discovery, ...provider.metadata },
    '/jwks': { keys: [{ ...key.publicKey.export({ format: 'jwk' }), kid: 'k', use: 'sig', alg: 'RS256' }] },
    '/token': { access_token: 'an-access-token', token_type: 'Bearer', id_token: idToken(provider.nonce) },
    '/userinfo': { sub: 'robin', name: 'Robin' },
  })

  const provider: HttpsProvider = {
    port,
    heard: [],
    instead: {},
    metadata: {},
    told: [],
    nonce: '',
    async signIn(more = {}, issuer = ISSUER) {
      const tell = (event: string, fields?: LogFields) => void provider.told.push({ event, ...fields })
      const log = { ...silentLog, notice: tell, warn: tell }
      const settings = { issuer, ca: undefined, internalUrl: `https://127.0.0.1:${port}`, endpointHosts: [], ...more }
      const road = createRoad(settings, { fetch: undefined, log })
      onTestFinished(() => road.close())
      const relying = createOpenIdProvider({ ...client, issuer, fetch: road.fetch, log }, systemClock)
      try {
        const { sent } = await relying.authorizationRequest({})
        provider.nonce = sent.nonce
        return await relying.authorizationResponse(new URL(`${client.redirectUri}?code=c&state=${sent.state}`), sent)
      } catch (error) {
        return error as Error
      }
    },
  }
  return provider
}

const client = {
  clientId: 'entryphone',
  clientSecret: 'a secret of the tests',
  clientAuth: 'basic',
  scopes: ['openid'],
  groupsClaim: 'groups',
  redirectUri: 'https://door.home.example/callback',
  insecureHttp: false,
} as const

const discovery = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}/authorize`,
  token_endpoint: `${ISSUER}/token`,
  userinfo_endpoint: `${ISSUER}/userinfo`,
  jwks_uri: `${ISSUER}/jwks`,
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
}

function idToken(nonce: string): string {
  const now = Math.floor(Date.now() / 1000)
  const claims = { iss: ISSUER, aud: client.clientId, sub: 'robin', nonce, iat: now, exp: now + 600 }
  const parts = [{ alg: 'RS256', kid: 'k' }, claims]
  const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${text}.${sign('sha256', Buffer.from(text), key.privateKey).toString('base64url')}`
}
