import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { needPart } from './parts.ts'
import { freePort } from './ports.ts'
import { untilItSays } from './started-process.ts'

/** Glewlwyd, an OpenID provider in C with a device grant of its own, on a port of 127.0.0.1. */
export type Glewlwyd = {
  issuer: string
  clientId: string
  clientSecret: string
  /** Its one person. */
  person: { username: string; name: string; password: string }
  /** Signs the person in; what comes back is their Cookie header. */
  signIn(): Promise<string>
  /** The person's browser opens the address that lets the screen with this code in. What page comes then. */
  approve(cookie: string, userCode: string): Promise<string>
  close(): Promise<void>
}

/** Where Debian's package keeps its tables and its modules. */
const tables = '/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3'
const modules = '/usr/lib/glewlwyd'

const person = { username: 'robin', name: 'Robin', password: 'a password of the tests' }
const admin = { username: 'admin', password: 'password' }

/** Starts it in a folder of its own and sets it up through its API: one client, one person. */
export async function startGlewlwyd(
  options: { redirectUris?: string[]; intervalSeconds?: number; grants?: string[] } = {},
): Promise<Glewlwyd> {
  const program = needPart('glewlwyd')
  if (program === undefined) throw new Error('glewlwyd is not here')
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const dir = mkdtempSync(join(tmpdir(), 'entryphone-glewlwyd-'))
  const database = join(dir, 'database')
  const file = new DatabaseSync(database)
  file.exec(`PRAGMA synchronous = OFF; BEGIN; ${readFileSync(tables, 'utf8')}; COMMIT`)
  file.close()
  const configFile = join(dir, 'config')
  writeFileSync(configFile, configuration(port, database))

  const child = spawn(program, ['-c', configFile], { stdio: ['ignore', 'pipe', 'pipe'] })
  const { exited } = await untilItSays(child, 'Glewlwyd started')
  // It says so a moment before it listens.
  for (let i = 0; i < 100 && !(await isListening(port)); i++) await new Promise((resolve) => setTimeout(resolve, 50))

  const clientId = 'entryphone'
  const clientSecret = 'a secret of the tests'
  const asAdmin = await signIn(origin, admin)
  const create = (path: string, value: object) => send(origin, path, { method: 'POST', cookie: asAdmin, value })
  await create('/mod/plugin', oidcPlugin(`${origin}/api/oidc`, options.intervalSeconds ?? 5))
  await create('/client/?source=database', {
    client_id: clientId,
    name: 'Entryphone',
    client_secret: clientSecret,
    confidential: true,
    enabled: true,
    authorization_type: options.grants ?? ['code', 'device_authorization'],
    token_endpoint_auth_method: ['client_secret_basic', 'client_secret_post'],
    redirect_uri: options.redirectUris ?? ['https://door.home.example/callback'],
    scope: ['openid'],
  })
  await create('/user/?source=database', {
    ...person,
    email: 'robin@home.example',
    scope: ['openid', 'g_profile'],
    enabled: true,
  })

  return {
    issuer: `${origin}/api/oidc`,
    clientId,
    clientSecret,
    person,
    signIn: () => signIn(origin, person),
    async approve(cookie, userCode) {
      const answer = await send(origin, `/oidc/device?code=${userCode}&g_continue`, { method: 'GET', cookie })
      return new URL(answer.headers.get('location') ?? '', origin).searchParams.get('prompt') ?? ''
    },
    async close() {
      child.kill('SIGKILL')
      await exited
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => resolve(true)).on('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

/** The Cookie header of a new session. */
async function signIn(origin: string, who: { username: string; password: string }): Promise<string> {
  const { username, password } = who
  const answer = await send(origin, '/auth', { method: 'POST', value: { username, password } })
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

async function send(
  origin: string,
  path: string,
  ask: { method: 'GET' | 'POST'; cookie?: string; value?: object },
): Promise<Response> {
  const response = await fetch(`${origin}/api${path}`, {
    method: ask.method,
    redirect: 'manual',
    headers: { 'content-type': 'application/json', ...(ask.cookie !== undefined && { cookie: ask.cookie }) },
    ...(ask.value !== undefined && { body: JSON.stringify(ask.value) }),
  })
  if (response.status >= 400) throw new Error(`glewlwyd: ${path}: ${response.status} ${await response.text()}`)
  return response
}

function configuration(port: number, database: string): string {
  return `port=${port}
bind_address="127.0.0.1"
external_url="http://127.0.0.1:${port}"
login_url="login.html"
api_prefix="api"
log_mode="console"
log_level="INFO"
cookie_secure=0
session_expiration=86400
session_key="GLEWLWYD2_SESSION_ID"
admin_scope="g_admin"
profile_scope="g_profile"
user_module_path="${modules}/user"
client_module_path="${modules}/client"
user_auth_scheme_module_path="${modules}/scheme"
plugin_module_path="${modules}/plugin"
hash_algorithm="SHA512"
database = { type = "sqlite3"; path = "${database}"; };
`
}

function oidcPlugin(issuer: string, intervalSeconds: number): object {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  return {
    module: 'oidc',
    name: 'oidc',
    display_name: 'OpenID Connect',
    parameters: {
      iss: issuer,
      'jwt-type': 'rsa',
      'jwt-key-size': '256',
      key: privateKey,
      cert: publicKey,
      'access-token-duration': 300,
      'refresh-token-duration': 600,
      'code-duration': 60,
      'refresh-token-rolling': false,
      'auth-type-code-enabled': true,
      'auth-type-device-enabled': true,
      'auth-type-refresh-enabled': false,
      'device-authorization-expiration': 300,
      'device-authorization-interval': intervalSeconds,
      'session-cookie-name': 'GLEWLWYD_OIDC_SESSION_ID',
      'session-cookie-expiration': 3600,
      'subject-type': 'public',
      'pkce-allowed': true,
      'name-claim': 'mandatory',
      'email-claim': 'mandatory',
      'scope-claim': 'no',
      'jwks-show': true,
      'allowed-scope': ['openid'],
    },
  }
}
