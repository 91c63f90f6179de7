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
  signed?: 'by-a-stranger' | 'not-at-all' | 'with-the-client-secret' | 'with-the-public-key'
  /** Besides, or instead of, what stands in the ID token's header; undefined leaves one out. */
  header?: Record<string, unknown>
  /** Text behind the header and claims of the ID token that makes them other JSON: members said twice. */
  said?: { header?: string; claims?: string }
  /** The whole ID token. */
  idToken?: string
  /** Instead of the issuer in the answer that the browser carries; '' leaves it out. */
  iss?: string
  /** The whole answer of the userinfo endpoint. */
  userinfo?: unknown
  /** Besides, or instead of, what stands in its discovery document. */
  metadata?: Record<string, unknown>
  /** Answers at the token endpoint without end. */
  endless?: boolean
  /** What it answers at one path, as it stands on the wire. */
  packed?: { path: string; encoding: string; body: Buffer }
  /** Instead of its key set: a whole answer, or a status. */
  keys?: { body: string } | { status: number }
}

/** A provider that lies as `lies` says. `signsWith` and `publishes` name its keys. */
export type LyingProvider = Issuer & {
  lies: Lies
  signsWith: string
  publishes: string[]
  /** Every code and token that it has handed out, and everything secret that it was sent. */
  secrets: Set<string>
}

const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 })
const keys: Record<string, ReturnType<typeof pair>> = { k: pair(), second: pair(), third: pair() }
const stranger = pair()

/** A provider on loopback that lets Robin in without asking, and lies as it is told. */
export async function startLyingProvider(options: Parameters<typeof startIssuer>[0] = {}): Promise<LyingProvider> {
  const port = options.port ?? (await freePort())
  const issuer = `http://${options.hostname ?? 'id.localhost'}:${port}`
  const [clientId, clientSecret] = ['entryphone', 'a secret of the tests']
  const nonces = new Map<string, string>()
  const requests: IssuerRequest[] = []
  const secrets = new Set([clientSecret])
  const told = { lies: {} as Lies, signsWith: 'k', publishes: ['k'], secrets }
  const secret = (text: string) => secrets.add(text) && text

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
    const { signed, header, said, idToken: whole } = told.lies
    if (whole !== undefined) return whole
    const alg =
      signed === undefined || signed === 'by-a-stranger' ? 'RS256' : signed === 'not-at-all' ? 'none' : 'HS256'
    const parts = [
      JSON.stringify({ alg, kid: told.signsWith, ...header }).replace(/}$/, `${said?.header ?? ''}}`),
      JSON.stringify(claims).replace(/}$/, `${said?.claims ?? ''}}`),
    ]
    const text = parts.map((part) => Buffer.from(part).toString('base64url')).join('.')
    return `${text}.${signature(text, signed, clientSecret, told.signsWith)}`
  }

  /** Leads straight back, as for somebody who is signed in already. */
  function authorize(asked: URLSearchParams, response: ServerResponse): void {
    const code = secret(randomId())
    nonces.set(code, secret(asked.get('nonce') ?? ''))
    secret(asked.get('state') ?? '')
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
      const { packed } = told.lies
      if (packed?.path === url.pathname) {
        const headers = { 'content-type': 'application/json', 'content-encoding': packed.encoding }
        return void response.writeHead(200, headers).end(packed.body)
      }
      switch (url.pathname) {
        case '/.well-known/openid-configuration':
          return json(response, { ...metadata(issuer), ...told.lies.metadata })
        case '/jwks':
          return publish(response, told)
        case '/authorize':
          return authorize(url.searchParams, response)
        case '/token': {
          if (told.lies.endless) return pour(response)
          const form = new URLSearchParams(body)
          secret(form.get('code_verifier') ?? '')
          const tokens = {
            access_token: secret(randomId()),
            id_token: secret(idToken(nonces.get(form.get('code') ?? '') ?? '')),
          }
          return json(response, { ...tokens, refresh_token: secret(randomId()), token_type: 'Bearer' })
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

function signature(text: string, lie: Lies['signed'], secret: string, kid: string): string {
  const { privateKey, publicKey } = keys[kid] ?? stranger
  const hmac = (key: string | Buffer) => createHmac('sha256', key).update(text).digest('base64url')
  if (lie === 'not-at-all') return ''
  if (lie === 'with-the-client-secret') return hmac(secret)
  if (lie === 'with-the-public-key') return hmac(publicKey.export({ type: 'spki', format: 'pem' }))
  return sign('sha256', Buffer.from(text), lie === 'by-a-stranger' ? stranger.privateKey : privateKey).toString(
    'base64url',
  )
}

function publish(response: ServerResponse, { lies, publishes }: { lies: Lies; publishes: string[] }): void {
  if (lies.keys !== undefined) {
    const { status = 200, body } = lies.keys as { status?: number; body?: string }
    return void response.writeHead(status, { 'content-type': 'text/html' }).end(body)
  }
  const jwks = publishes.map((kid) => ({
    ...keys[kid]?.publicKey.export({ format: 'jwk' }),
    kid,
    use: 'sig',
    alg: 'RS256',
  }))
  json(response, { keys: jwks })
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
