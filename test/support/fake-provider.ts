import { generateKeyPairSync, sign } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'
import { listen } from '../../src/demo/listen.ts'
import type { DeviceGrant, PendingGrant } from '../../src/provider/device-grant.ts'
import type { ProviderSettings } from '../../src/provider/discovery.ts'
import { freePort } from './ports.ts'

/** One answer, as it stands on the wire. A body that is no text goes out as JSON. */
export type Answer = { status?: number; body?: unknown; headers?: Record<string, string> } | 'hangs'

/** What the provider was asked. */
export type Heard = { path: string; form: URLSearchParams; authorization: string | undefined }

/** What it says from now on. Of a list, each request takes the next; the last one stays. */
export type Dialogue = {
  /** Besides, or instead of, what stands in its discovery document; undefined leaves something out. */
  metadata?: Record<string, unknown>
  device?: Answer | ((heard: Heard) => Answer)
  token?: (Answer | ((heard: Heard) => Answer))[]
  userinfo?: Answer
}

export type FakeProvider = {
  issuer: string
  says: Dialogue
  heard: Heard[]
  /** Requests to one endpoint, in order. */
  asked(path: string): Heard[]
  /** When the next request for `path` has come. */
  hearing(path: string): Promise<void>
  /** What a relying party is told about it. */
  settings(more?: Partial<ProviderSettings>): ProviderSettings
  /** A token response about Robin, with these claims besides or instead. */
  tokens(claims?: Record<string, unknown>, more?: Record<string, unknown>): Answer
}

const key = generateKeyPairSync('rsa', { modulusLength: 2048 })
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })

/** A device authorization response of most providers. */
export const authorization = {
  device_code: 'a-device-code',
  user_code: 'WDJB-MJHT',
  verification_uri: 'https://id.home.example/device',
  verification_uri_complete: 'https://id.home.example/device?user_code=WDJB-MJHT',
  expires_in: 600,
  interval: 5,
}

/** An OAuth error (RFC 6749 §5.2). */
export const oauthError = (error: string, status = 400): Answer => ({ status, body: { error } })

export const pending = oauthError('authorization_pending')

/** A provider that says what a test tells it to. `path` becomes part of its issuer, `/` at the end included. */
export async function startFakeProvider(says: Dialogue = {}, path = ''): Promise<FakeProvider> {
  const port = await freePort()
  const issuer = `http://127.0.0.1:${port}${path}`
  const base = issuer.replace(/\/$/, '')
  const heard: Heard[] = []
  const listeners: { path: string; heard: () => void }[] = []

  function answerTo(request: Heard): Answer {
    const { device = { body: authorization }, token = [pending], userinfo = { status: 500 } } = provider.says
    switch (request.path) {
      case '/.well-known/openid-configuration':
        return { body: { ...metadata(issuer, base), ...provider.says.metadata } }
      case '/jwks':
        return { body: { keys: [{ ...key.publicKey.export({ format: 'jwk' }), kid: 'k', use: 'sig', alg: 'RS256' }] } }
      case '/device':
        return typeof device === 'function' ? device(request) : device
      case '/token': {
        const next = token[Math.min(provider.asked('/token').length, token.length) - 1] ?? 'hangs'
        return typeof next === 'function' ? next(request) : next
      }
      case '/userinfo':
        return userinfo
      default:
        return { status: 404, body: 'no such page' }
    }
  }

  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      const { pathname } = new URL(request.url ?? '/', issuer)
      const one = {
        path: pathname.slice(base.length - new URL(issuer).origin.length),
        form: new URLSearchParams(body),
        authorization: request.headers.authorization,
      }
      heard.push(one)
      send(response, answerTo(one))
      for (const listener of listeners.splice(0)) {
        if (listener.path === one.path) listener.heard()
        else listeners.push(listener)
      }
    })
  })
  const listening = await listen(server, port, '127.0.0.1')
  onTestFinished(() => listening.close())

  const provider: FakeProvider = {
    issuer,
    says,
    heard,
    asked: (wanted) => heard.filter((one) => one.path === wanted),
    hearing: (wanted) => new Promise((resolve) => listeners.push({ path: wanted, heard: resolve })),
    settings: (more) => ({
      issuer,
      clientId: 'entryphone',
      clientSecret: 'a secret of the tests',
      clientAuth: 'auto',
      scopes: ['openid', 'profile', 'email', 'groups'],
      groupsClaim: 'groups',
      redirectUri: 'https://door.home.example/callback',
      insecureHttp: true,
      ...more,
    }),
    tokens: (claims, more) => ({
      body: { access_token: 'an-access-token', token_type: 'Bearer', id_token: idToken(issuer, claims), ...more },
    }),
  }
  return provider
}

/** The code of a first request that must succeed. */
export async function requestCode(grant: DeviceGrant): Promise<PendingGrant> {
  const answer = await grant.request()
  if (answer.kind !== 'pending') throw new Error(`no code: ${JSON.stringify(answer)}`)
  return answer.grant
}

function idToken(issuer: string, claims: Record<string, unknown> = {}): string {
  const { signedBy, ...own } = claims
  const now = Math.floor(Date.now() / 1000)
  const truth = { iss: issuer, aud: 'entryphone', sub: 'robin', name: 'Robin', groups: ['family'], iat: now }
  const parts = [
    { alg: 'RS256', kid: 'k' },
    { ...truth, exp: now + 600, ...own },
  ]
  const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  const { privateKey } = signedBy === 'a stranger' ? stranger : key
  return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`
}

const metadata = (issuer: string, base: string) => ({
  issuer,
  authorization_endpoint: `${base}/authorize`,
  device_authorization_endpoint: `${base}/device`,
  token_endpoint: `${base}/token`,
  userinfo_endpoint: `${base}/userinfo`,
  jwks_uri: `${base}/jwks`,
  revocation_endpoint: `${base}/revoke`,
  end_session_endpoint: `${base}/end-session`,
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
  scopes_supported: ['openid', 'profile', 'email', 'groups', 'offline_access'],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  code_challenge_methods_supported: ['S256'],
})

function send(response: ServerResponse, answer: Answer): void {
  if (answer === 'hangs') return
  const { status = 200, body, headers } = answer
  const isText = typeof body === 'string' || body === undefined
  response.writeHead(status, {
    ...(isText ? { 'content-type': 'text/html' } : { 'content-type': 'application/json' }),
    ...headers,
  })
  response.end(isText ? body : JSON.stringify(body))
}
