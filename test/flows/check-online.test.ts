import { existsSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runCheck } from '../../src/cli/check.ts'
import { onlineText } from '../../src/cli/online-text.ts'
import { loadConfig } from '../../src/config/load.ts'
import { listen } from '../../src/demo/listen.ts'
import { askOnline, type OnlineFinding } from '../../src/online.ts'
import type { RecipeKind } from '../../src/recipes/registry.ts'
import { createFakeClock } from '../support/clock.ts'
import { writeConfig } from '../support/config-file.ts'
import { type Dialogue, oauthError, startFakeProvider } from '../support/fake-provider.ts'

const env = { OIDC_SECRET: 'a secret of the tests' }

async function startApp(answers: RequestListener = (_request, response) => response.end('hello')): Promise<string> {
  const app = await listen(createServer(answers), 0, '127.0.0.1')
  onTestFinished(() => app.close())
  return `http://127.0.0.1:${app.port}`
}

const known: Dialogue = { token: [oauthError('invalid_grant')] }

async function house({
  says = known,
  upstream,
  more = '',
}: {
  says?: Dialogue
  upstream?: string
  more?: string
} = {}) {
  const provider = await startFakeProvider(says)
  const file = await writeConfig(`public_url: http://door.lan
insecure_http: true
provider:
  issuer: ${provider.issuer}
  client_id: entryphone
  client_secret: \${OIDC_SECRET}
  ${more}
apps:
  movies: { host: movies.lan, upstream: "${upstream ?? (await startApp())}" }
`)
  const loaded = loadConfig(file, env)
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems))
  return { provider, file, config: loaded.config }
}

async function check(file: string, ...args: string[]) {
  const told: string[] = []
  const io = {
    env,
    cwd: dirname(file),
    out: (text: string) => void told.push(text),
    err: () => undefined,
  }
  return { code: await runCheck(['--config', file, '--online', ...args], io), out: told.join('') }
}

const lines = (found: readonly OnlineFinding[]) => found.map(({ level, path, text }) => `${level} ${path}: ${text}`)

test('check --online says that everything is there, and makes no data directory', async () => {
  const { file, provider } = await house()
  const { code, out } = await check(file)
  expect(code).toBe(0)
  expect(out).toMatch(/^ok {7}provider: http:\/\/127\.0\.0\.1:\d+ answers, and says that it is this issuer\.$/m)
  expect(out).toMatch(/^ok {7}provider: It knows the client entryphone, and its secret is right\.$/m)
  expect(out).toMatch(/^ok {7}apps\.movies: http:\/\/127\.0\.0\.1:\d+ answers \(200\)\.$/m)
  expect(out).toMatch(/\n0 problems, 0 warnings online\.\n$/)
  expect(out).not.toContain(env.OIDC_SECRET)
  expect(provider.asked('/token').map(({ form }) => form.get('grant_type'))).toEqual(['authorization_code'])
  expect(existsSync(join(dirname(file), 'data'))).toBe(false)
})

test('check --online --json holds the same for programs', async () => {
  const { file } = await house({ says: { token: [oauthError('invalid_client', 401)] } })
  const { code, out } = await check(file, '--json')
  expect(code).toBe(1)
  const { ok, online, problems } = JSON.parse(out) as { ok: boolean; online: OnlineFinding[]; problems: unknown[] }
  expect({ ok, problems }).toEqual({ ok: false, problems: [] })
  expect(online).toContainEqual({
    path: 'provider',
    level: 'problem',
    text: 'It does not accept the client entryphone (401 invalid_client).',
    remedy: expect.stringContaining('Compare client_id and the secret'),
  })
})

test.each<[string, Dialogue, string, RegExp]>([
  [
    'another issuer',
    { metadata: { issuer: 'https://id.home.example' } },
    '',
    /^problem provider: .* has no discovery document that can be believed/,
  ],
  [
    'an endpoint elsewhere',
    { metadata: { token_endpoint: 'http://10.0.0.7/token' } },
    '',
    /^problem provider: Its token_endpoint is on another host, 10\.0\.0\.7, which is not asked\.$/,
  ],
  [
    'no PKCE',
    { ...known, metadata: { code_challenge_methods_supported: ['plain'] } },
    '',
    /^warning provider: .* PKCE/,
  ],
  [
    'a scope that it does not list',
    known,
    'scopes: [openid, roles]',
    /^warning provider: It does not list these scopes: roles\.$/,
  ],
  [
    'no device grant where it is to be used',
    { ...known, metadata: { device_authorization_endpoint: undefined } },
    'profile: keycloak',
    /^warning provider: It has no device grant/,
  ],
  [
    'a client that may not',
    { token: [oauthError('unauthorized_client')] },
    '',
    /^problem provider: It lets the client entryphone sign nobody in\.$/,
  ],
  [
    'a riddle',
    { token: [{ status: 503, body: 'later' }] },
    '',
    /^warning provider: Whether it knows the client .* \(503\)/,
  ],
])('a provider with %s is named, with what to do', async (_what, says, more, line) => {
  const { config } = await house({ says, more })
  const found = await askOnline(config)
  expect(lines(found)).toContainEqual(expect.stringMatching(line))
  for (const { level, remedy } of found) expect(remedy === undefined).toBe(level === 'fine')
})

test('a provider that is down, or is no provider, is told from one that is there', async () => {
  const { config } = await house()
  const at = (issuer: string) => ({
    ...config,
    providers: { default: { ...config.providers.default, issuer } },
  })
  const down = await askOnline(at('http://127.0.0.1:9'))
  expect(lines(down)[0]).toMatch(/^problem provider: http:\/\/127\.0\.0\.1:9 does not answer/)
  const page = await startApp((_request, response) => response.writeHead(404).end())
  expect(lines(await askOnline(at(page)))[0]).toMatch(/has no discovery document: it answers 404\.$/)
})

test('clocks that differ are named', async () => {
  const { config } = await house()
  const found = await askOnline(config, { clock: createFakeClock(Date.now() + 120_000) })
  expect(lines(found)).toContainEqual(expect.stringMatching(/clock and ours differ by 1[12]\d s/))
})

test('an app that does not answer is a problem, and its recipe asks it nothing more', async () => {
  let asked = 0
  const recipe: RecipeKind = {
    cors: [],
    create: () => ({}),
    async check() {
      asked++
      return [{ level: 'warning', text: 'It trusts nobody.', remedy: 'Write:\n  known_proxies: [10.0.0.2]' }]
    },
  }
  const recipes = new Map([['movies', recipe]])
  const { config } = await house({ upstream: 'http://127.0.0.1:9' })
  expect(lines(await askOnline(config, { recipes }))).toContainEqual(
    'problem apps.movies: http://127.0.0.1:9 does not answer (ECONNREFUSED).',
  )
  expect(asked).toBe(0)
  const there = await askOnline((await house()).config, { recipes })
  expect(onlineText(there)).toContain(
    'warning  apps.movies: It trusts nobody.\n         Write:\n           known_proxies: [10.0.0.2]\n',
  )
})

test('whoever hangs, or answers nonsense, holds up nobody', async () => {
  const recipe = (check: NonNullable<RecipeKind['check']>) =>
    new Map<string, RecipeKind>([['movies', { cors: [], create: () => ({}), check }]])
  const { config } = await house()
  const hangs = await askOnline(config, { recipes: recipe(() => new Promise(() => undefined)), limitMs: 3000 })
  expect(lines(hangs)).toContain('problem apps.movies: No answer within 3 s.')
  expect(lines(hangs)).toContainEqual(expect.stringContaining('fine provider: It knows the client'))
  const nonsense = await askOnline(config, {
    recipes: recipe(() => Promise.reject(new Error('a secret in an answer'))),
  })
  expect(lines(nonsense)).toContain('problem apps.movies: It answers what nobody can make sense of.')
  expect(onlineText(nonsense)).not.toContain('a secret')
})

test('what apps say does nothing to the terminal', () => {
  expect(onlineText([{ path: 'apps.a', level: 'fine', text: 'Version \u001b[2J1' }])).not.toContain('\u001b')
})
