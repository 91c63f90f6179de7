import { deflateSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { homeAssistant } from '../../../src/recipes/home-assistant/home-assistant.ts'
import type { Asked } from '../../../src/recipes/recipe.ts'
import { sendRaw } from '../../support/raw.ts'
import { type RecipeHere, startRecipe } from '../../support/recipe-here.ts'
import { sampleSession } from '../../support/sample-session.ts'

// What Home Assistant (aiohttp 3.11, PyJWT 2.10) takes for one and the same thing; each was tried with the real ones.

const OVER = 'a'.repeat(128)
const ID = 'b'.repeat(32)
const URLENCODED = 'application/x-www-form-urlencoded'

let here: RecipeHere
beforeEach(async () => {
  here = await startRecipe(homeAssistant)
  here.gate.recorder.answer = () => 'HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\n{}'
  const ben = { key: 'ben', session: sampleSession('movies') }
  here.byKey.set('ben', ben)
  await here.inside.keep(ben, { secret: OVER, id: ID }, [OVER, ID])
})
afterEach(() => here.close())

/** A body that names its part. */
const part = (boundary: string, name: string, value: string) =>
  `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
const refresh = `grant_type=refresh_token&client_id=x&refresh_token=${OVER}`

async function post(type: string, body: string | Buffer, path = '/auth/token', ...more: string[]) {
  const text = Buffer.from(body).toString('latin1')
  const head = [`Content-Type: ${type}`, `Content-Length: ${text.length}`, ...more]
    .map((line) => `${line}\r\n`)
    .join('')
  return sendRaw(
    here.gate.port,
    `POST ${path} HTTP/1.1\r\nHost: ${here.gate.app.authority}\r\nConnection: close\r\n${head}\r\n${text}`,
  )
}

const forms: [string, string, string | Buffer, ...string[]][] = [
  ['as it is', URLENCODED, refresh],
  ['with a line end behind it', URLENCODED, `${refresh}\r\n`],
  ['with a space behind it', URLENCODED, `${refresh} `],
  ['with a question mark in front', URLENCODED, `?${refresh}`],
  ['beside a code', URLENCODED, `code=x&${refresh}`],
  ['beside a code that is none', URLENCODED, `${refresh}&code=`],
  ['in a coding', URLENCODED, deflateSync(refresh), 'Content-Encoding: deflate'],
  ['said to be in a coding', URLENCODED, refresh.replace(OVER, 'e'.repeat(128)), 'Content-Encoding: deflate'],
  ['in UTF-16', `${URLENCODED}; charset=utf-16le`, Buffer.from(refresh, 'utf16le')],
  [
    'in another alphabet',
    'multipart/form-data; boundary=B',
    `${part('B', '_charset_', 'utf-7')}${part('B', 'refresh_token', `+AGE-${OVER.slice(1)}`)}--B--\r\n`,
  ],
  [
    'behind the first of two boundaries',
    'multipart/form-data; boundary=A; boundary=B',
    `${part('B', 'code', `\r\n${part('A', 'refresh_token', OVER)}--A--\r\n`)}--B--\r\n`,
  ],
]

test('no spelling of a form hides a token that is over from the gate and not from Home Assistant', async () => {
  here.byKey.delete('ben')
  for (const [name, type, body, ...more] of forms) {
    const { status } = await post(type, body, '/auth/token', ...more)
    expect([name, status >= 400, here.gate.recorder.requests]).toEqual([name, true, []])
  }
})

test('what browsers and apps send is read', async () => {
  const own = 'c'.repeat(128)
  const form = `grant_type=refresh_token&client_id=${encodeURIComponent('https://home-assistant.io/android')}&refresh_token=${own}`
  expect((await post(URLENCODED, form)).status).toBe(400)
  const multipart = ['client_id', 'refresh_token', 'grant_type'].map((name) =>
    part('----WebKitFormBoundaryab', name, own),
  )
  await post(
    'multipart/form-data; boundary=----WebKitFormBoundaryab',
    `${multipart.join('')}------WebKitFormBoundaryab--\r\n`,
  )
  expect(here.gate.recorder.requests.map(({ body }) => body.includes(own))).toEqual([true, true])
})

test('tokens are noted under every spelling of the address that gives them out', async () => {
  const desk = { key: 'movies-key', session: { ...sampleSession('movies'), kind: 'browser' as const } }
  here.gate.sessions.set('movies-session', desk)
  const refreshToken = 'd'.repeat(128)
  const accessToken = jwt({ iss: 'e'.repeat(32) })
  const tokens = { access_token: accessToken, refresh_token: refreshToken, expires_in: 1800 }
  const said = JSON.stringify(tokens)
  here.gate.recorder.answer = () => `HTTP/1.1 200 OK\r\nContent-Length: ${said.length}\r\n\r\n${said}`
  const code = 'grant_type=authorization_code&code=x&client_id=x'
  const { status } = await post(URLENCODED, code, '/%61uth/tok%65n', `Cookie: ${here.gate.cookie}`)
  expect([status, await here.inside.markOf('movies', refreshToken)]).toEqual([200, 'movies-key'])
})

const jwt = (claims: object) =>
  ['{}', JSON.stringify(claims), 'signature'].map((text) => Buffer.from(text).toString('base64url')).join('.')
const access = jwt({ iss: ID })

test('behind an address that hides everybody, strangers keep nobody’s good bearer out', async () => {
  const good = jwt({ iss: '1'.repeat(32) })
  here.gate.recorder.answer = (request) =>
    `HTTP/1.1 ${request.all('authorization').includes(`Bearer ${good}`) ? '200 OK' : '401 No'}\r\nContent-Length: 2\r\n\r\n{}`
  const asked = {
    target: { text: '/api/states', path: '/api/states', reserved: false },
    place: { address: '172.17.0.1', certain: false },
  } as unknown as Asked
  const holderOf = (token: string) => here.recipe.gate?.holderOf(token, asked)
  for (let i = 0; i < 100; i++) expect(await holderOf(`bad-token-number-${i}`)).toMatchObject({ kind: 'refused' })
  expect(await holderOf(good)).toMatchObject({ kind: 'app' })
})

const bearers: [string, string, string][] = [
  ['as it is', '/api/states', `Authorization: Bearer ${access}`],
  ['padded', '/api/states', `Authorization: Bearer ${access}==`],
  ['with a letter that counts for nothing', '/api/states', `Authorization: Bearer ${access}!`],
  ['with thousands of them', '/api/states', `Authorization: Bearer ${access}${'!'.repeat(5000)}`],
  ['as the signature of a path', `/api/camera_proxy/camera.door?authSig=${access}`, 'Accept: */*'],
  ['as a signature under another spelling', `/api/camera_proxy/camera.door?%61uthSig=${access}`, 'Accept: */*'],
  ['as one of two signatures', `/api/camera_proxy/camera.door?authSig=x&authSig=${access}`, 'Accept: */*'],
  ['beside another one', `/api/states?authSig=${access}`, `Authorization: Bearer ${jwt({ iss: 'f'.repeat(32) })}`],
]

test('an access token in another’s hands is refused, however it is spelled', async () => {
  for (const [name, target, field] of bearers) {
    const { status } = await sendRaw(here.gate.port, here.gate.signedIn(`GET ${target}`, field))
    expect([name, status, here.gate.recorder.requests]).toEqual([name, 401, []])
  }
})

test('an access token in another’s hands is refused, however long it is made', async () => {
  const long = access + '!'.repeat(5000)
  const signed = await sendRaw(here.gate.port, here.gate.signedIn(`GET /api/camera_proxy/camera.door?authSig=${long}`))
  expect([signed.status, here.gate.recorder.requests]).toEqual([401, []])
  const asked = { found: { key: 'movies-key', session: sampleSession('movies') }, target: { path: '/api/websocket' } }
  const rule = here.recipe.gate?.ruleOf({
    ...asked,
    webSocket: true,
    head: { method: 'GET', origin: here.gate.app.origin },
  } as unknown as Asked)
  const said = JSON.stringify({ type: 'auth', access_token: long })
  expect(await rule?.first?.holderOf(said, asked as unknown as Asked)).toMatchObject({ kind: 'refused' })
})

test("the administrator's token is refused from outside with anything behind it, too", async () => {
  await here.close()
  const secret = jwt({ iss: '0'.repeat(32) })
  here = await startRecipe(homeAssistant, { secret, rules: noRules, options: noOptions })
  for (const token of [secret, `${secret}=`, `${secret}==`, `${secret}!`]) {
    const { status } = await sendRaw(here.gate.port, here.gate.anonymous('GET /api/', `Authorization: Bearer ${token}`))
    expect([token, status, here.gate.recorder.requests]).toEqual([token, 401, []])
  }
})

const noRules = { users: {}, createUsers: false, screenAdmin: false }
const noOptions = { passwordSignIn: false, imagesByAddress: false, openWebhooks: [], learnWebhooks: false }

test('a store that fails while a code is forgotten ends no process, and the tokens arrive', async () => {
  await here.close()
  let broken = false
  here = await startRecipe(homeAssistant, undefined, (store) => ({
    ...store,
    get: (key) => (broken && key.startsWith('code/') ? Promise.reject(new Error('store')) : store.get(key)),
  }))
  const desk = { key: 'movies-key', session: { ...sampleSession('movies'), kind: 'browser' as const } }
  here.gate.sessions.set('movies-session', desk)
  const tokens = { access_token: jwt({ iss: 'e'.repeat(32) }), refresh_token: 'd'.repeat(128), expires_in: 1800 }
  const said = JSON.stringify(tokens)
  here.gate.recorder.answer = () => {
    broken = true
    return `HTTP/1.1 200 OK\r\nContent-Length: ${said.length}\r\n\r\n${said}`
  }
  const crashed: unknown[] = []
  const note = (error: unknown) => void crashed.push(error)
  process.on('unhandledRejection', note)
  const code = 'grant_type=authorization_code&code=x&client_id=x'
  const { status } = await post(URLENCODED, code, '/auth/token', `Cookie: ${here.gate.cookie}`)
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', note)
  expect([status, crashed]).toEqual([200, []])
})
