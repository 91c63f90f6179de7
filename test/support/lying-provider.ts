import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import { listen } from '../../src/demo/listen.ts'
import { randomId } from '../../src/lib/random.ts'
import type { Issuer, IssuerRequest, startIssuer } from './issuer.ts'
import { freePort } from './ports.ts'

/** What the provider says that is not so; an empty object: it tells the truth. */
export type Lies = {
  /** Instead of, or besides, the claims of the ID token; undefined leaves one out. */
  claims?: Record<string, unknown>
  /** How the ID token is signed instead of by its own key. */
  signed?: 'by-a-stranger' | 'not-at-all' | 'with-the-client-secret'
  /** Instead of the issuer in the answer that the browser carries; '' leaves it out. */
  iss?: string
  /** The whole answer of the userinfo endpoint. */
  userinfo?: unknown
  /** Besides, or instead of, what stands in its discovery document. */
  metadata?: Record<string, unknown>
  /** Answers at the token endpoint without end. */
  endless?: boolean
}

const key = generateKeyPairSync('rsa', { modulusLength: 2048 })
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })

/** A provider on loopback that lets Robin in without asking, and lies as it is told. */
export async function startLyingProvider(
  options: Parameters<typeof startIssuer>[0] = {},
): Promise<Issuer & { lies: Lies }> {
  const port = options.port ?? (await freePort())
  const issuer = `http://${options.hostname ?? 'id.localhost'}:${port}`
  const [clientId, clientSecret] = ['entryphone', 'a secret of the tests']
  const nonces = new Map<string, string>()
  const requests: IssuerRequest[] = []
  const told = { lies: {} as Lies }

  function idToken(nonce: string): string {
    const now = Math.floor(Date.now() / 1000)
    const truth = {
      iss: issuer,
      aud: clientId,
      sub: 'robin',
      name: 'Robin',
      groups: [],
      nonce,
      iat: now,
      exp: now + 600,
    }
    const claims = { ...truth, auth_time: now, ...told.lies.claims }
    const alg = { 'not-at-all': 'none', 'with-the-client-secret': 'HS256', 'by-a-stranger': 'RS256' } as const
    const header = { alg: told.lies.signed === undefined ? 'RS256' : alg[told.lies.signed], kid: 'k' }
    const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
    return `${text}.${signature(text, told.lies.signed, clientSecret)}`
  }

  /** Leads straight back, as for somebody who is signed in already. */
  function authorize(asked: URLSearchParams, response: ServerResponse): void {
    const code = randomId()
    nonces.set(code, asked.get('nonce') ?? '')
    const back = new URL(asked.get('redirect_uri') ?? '')
    back.search = new URLSearchParams({ code, state: asked.get('state') ?? '' }).toString()
    const iss = told.lies.iss ?? issuer
    if (iss !== '') back.searchParams.set('iss', iss)
    response.writeHead(303, { location: back.href }).end()
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', issuer)
    requests.push({ method: request.method ?? '', path: url.pathname, query: url.searchParams })
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      switch (url.pathname) {
        case '/.well-known/openid-configuration':
          return json(response, { ...metadata(issuer), ...told.lies.metadata })
        case '/jwks':
          return json(response, {
            keys: [{ ...key.publicKey.export({ format: 'jwk' }), kid: 'k', use: 'sig', alg: 'RS256' }],
          })
        case '/authorize':
          return authorize(url.searchParams, response)
        case '/token': {
          if (told.lies.endless) return pour(response)
          const nonce = nonces.get(new URLSearchParams(body).get('code') ?? '') ?? ''
          return json(response, { access_token: randomId(), token_type: 'Bearer', id_token: idToken(nonce) })
        }
        case '/userinfo':
          return json(response, 'userinfo' in told.lies ? told.lies.userinfo : { sub: 'robin', name: 'Robin' })
        default:
          return void response.writeHead(404).end()
      }
    })
  })
  const listening = await listen(server, port, '127.0.0.1')
  return Object.assign(told, {
    issuer,
    port,
    clientId,
    clientSecret,
    redirectUris: options.redirectUris ?? [],
    requests,
    setOption: () => undefined,
    close: listening.close,
  })
}

function signature(text: string, lie: Lies['signed'], secret: string): string {
  if (lie === 'not-at-all') return ''
  if (lie === 'with-the-client-secret') return createHmac('sha256', secret).update(text).digest('base64url')
  const { privateKey } = lie === 'by-a-stranger' ? stranger : key
  return sign('sha256', Buffer.from(text), privateKey).toString('base64url')
}

const metadata = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  userinfo_endpoint: `${issuer}/userinfo`,
  jwks_uri: `${issuer}/jwks`,
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
  token_endpoint_auth_methods_supported: ['client_secret_basic'],
  authorization_response_iss_parameter_supported: true,
})

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

/** Writes as long as it is read. */
function pour(response: ServerResponse): void {
  const more = () => {
    while (!response.destroyed && response.write(' '.repeat(65_536)));
    if (!response.destroyed) response.once('drain', more)
  }
  response.writeHead(200, { 'content-type': 'application/json' })
  more()
}
