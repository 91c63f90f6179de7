import { afterEach, expect, test } from 'vitest'
import type { Asked, Holder } from '../../../src/recipes/recipe.ts'
import type { Session } from '../../../src/sessions/session.ts'
import { type LittleRules, littleRecipe } from '../../support/little-recipe.ts'
import { sendRaw } from '../../support/raw.ts'
import { sampleSession } from '../../support/sample-session.ts'
import { startTraffic, type TrafficHarness } from '../../support/traffic-harness.ts'
import { echo, handshakeText, openWebSocket } from '../../support/web-socket.ts'

let gate: TrafficHarness
afterEach(() => gate.close())

async function start(rules: LittleRules, options: Parameters<typeof startTraffic>[0] = {}): Promise<Asked[]> {
  const { gate: recipe, asked } = littleRecipe(rules)
  gate = await startTraffic({ ...options, parts: { gates: new Map([['movies', recipe]]) } })
  return asked
}

const bearer = (token: string) => `Authorization: Bearer ${token}`
const native = (app: string): Session => ({ ...sampleSession(app), kind: 'native' })
const statusOf = async (text: string) => (await sendRaw(gate.port, text)).status

test('what a recipe leaves open passes, by exact method and path, and nothing beside it', async () => {
  await start({ rules: { 'GET /open': { open: true } } })
  expect(await statusOf(gate.anonymous('GET /open?any=1'))).toBe(200)
  for (const line of [
    'POST /open',
    'GET /open/',
    'GET /Open',
    'GET /open%2f',
    'GET /ope%6e',
    'GET /open;x',
    'GET //open',
  ])
    expect([line, await statusOf(gate.anonymous(line))]).toEqual([line, line.includes('//') ? 400 : 401])
  expect(gate.recorder.requests.map(({ target }) => target)).toEqual(['/open?any=1'])
})

test('what a recipe leaves open is open to no handshake, unless it speaks of sockets', async () => {
  await start({
    rules: { 'GET /open': { open: true }, 'GET /socket': { open: true, socket: async () => undefined } },
    holder: () => ({ kind: 'nobody' }),
  })
  gate.recorder.answer = echo
  const status = async (line: string) => (await sendRaw(gate.port, handshakeText(gate, { line, cookie: null }))).status
  expect(await status('GET /open HTTP/1.1')).toBe(401)
  expect(gate.recorder.connections()).toBe(0)
  const client = await openWebSocket(gate, { line: 'GET /socket HTTP/1.1', cookie: null })
  client.socket.destroy()
})

test('what goes on without a session takes no cookie along', async () => {
  await start({ rules: { 'GET /open': { open: true } }, holder: () => ({ kind: 'app' }) })
  await sendRaw(gate.port, gate.anonymous('GET /open', 'Cookie: apps=own'))
  await sendRaw(gate.port, gate.anonymous('GET /api', 'Cookie: apps=own', bearer('good')))
  expect(gate.recorder.requests.map(({ target }) => target)).toEqual(['/open', '/api'])
  for (const request of gate.recorder.requests) expect(request.all('cookie')).toEqual([])
})

test("an app's credential of another session is refused whatever the cookie says", async () => {
  await start({ rules: { 'GET /open': { open: true } }, holder: () => ({ kind: 'refused', why: 'other-session' }) })
  for (const line of ['GET /api', 'GET /open', 'POST /api', 'DELETE /api']) {
    for (const text of [gate.signedIn(line, bearer('stolen')), gate.anonymous(line, bearer('stolen'))]) {
      const answer = await sendRaw(gate.port, text)
      expect([line, answer.status, answer.body.includes('<')]).toEqual([line, 401, false])
    }
  }
  expect(gate.recorder.connections()).toBe(0)
})

test('a credential counts only where the cookie does not', async () => {
  const asked = await start({
    holder: (_token, { found }) => (found === undefined ? { kind: 'app' } : { kind: 'nobody' }),
  })
  expect(await statusOf(gate.signedIn('GET /api', bearer('any')))).toBe(200)
  expect(await statusOf(gate.anonymous('GET /api', bearer('any')))).toBe(200)
  expect(asked.map(({ found }) => found?.key)).toEqual([expect.any(String), undefined])
  const foreign = ['Origin: https://evil.example', 'Sec-Fetch-Site: cross-site']
  // The cookie of another site's request stands for nobody, and what it brings along by itself may pass without.
  expect(await statusOf(gate.signedIn('POST /api', bearer('any'), ...foreign))).toBe(200)
  expect(asked.at(-1)?.found).toBeUndefined()
  expect(gate.recorder.requests.at(-1)?.all('cookie')).toEqual([])
  expect(await statusOf(gate.signedIn('POST /api', ...foreign))).toBe(403)
})

test('a native device of a person who may no longer open the app is refused', async () => {
  const session = native('movies')
  const holder = (): Holder => ({ kind: 'device', found: { key: 'native', session } })
  await start({ holder })
  expect(await statusOf(gate.anonymous('GET /api', bearer('mine')))).toBe(200)
  await gate.close()
  await start({ holder }, { app: { allow: { groups: ['admins'] } } })
  expect(await statusOf(gate.anonymous('GET /api', bearer('mine')))).toBe(401)
  expect(gate.recorder.connections()).toBe(0)
})

test('where an app is for some, what it vouches for counts for nothing, unless it is one of them', async () => {
  const anna = sampleSession('movies').approvedBy
  const [mine, others] = [{ subjects: [anna.sub] }, { groups: ['admins'] }]
  for (const [of, allow, status] of [
    [undefined, undefined, 200],
    [anna, undefined, 200],
    [anna, mine, 200],
    [undefined, mine, 401],
    [anna, others, 401],
    [undefined, {}, 401],
  ] as const) {
    await start({ holder: () => ({ kind: 'app', ...(of && { of }) }) }, { app: { allow } })
    expect([of?.sub, allow, await statusOf(gate.anonymous('GET /api', bearer('any')))]).toEqual([
      of?.sub,
      allow,
      status,
    ])
    // Beside it the cookie counts as ever.
    const signedIn = await statusOf(gate.signedIn('GET /api', bearer('any')))
    expect([allow, signedIn]).toEqual([allow, allow === undefined || allow === mine ? 200 : 403])
    await gate.close()
  }
})

test("a native device's session opens the one app that it was made for", async () => {
  const session = native('photos')
  await start({ holder: () => ({ kind: 'device', found: { key: 'native', session } }) })
  expect(await statusOf(gate.anonymous('GET /api', bearer('mine')))).toBe(401)
  expect(gate.recorder.connections()).toBe(0)
})

test('a native device that is signed out is cut off in the middle of a film', async () => {
  const session = native('movies')
  await start({ holder: () => ({ kind: 'device', found: { key: 'native', session } }) })
  gate.recorder.answer = () => 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbegun'
  const film = sendRaw(gate.port, gate.anonymous('GET /film', bearer('mine')))
  await expect.poll(() => gate.live.isOpen('native')).toBe(true)
  gate.live.close('native')
  expect((await film).body.length).toBeLessThan(1000)
})

test('a native device beside somebody’s cookie is itself: it is cut off with its own session, and takes no cookie along', async () => {
  const session = native('movies')
  await start({ holder: () => ({ kind: 'device', found: { key: 'native', session } }) })
  gate.recorder.answer = () => 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbegun'
  const film = sendRaw(gate.port, gate.signedIn('GET /film', bearer('mine')))
  await expect.poll(() => gate.recorder.requests.length).toBe(1)
  await expect.poll(() => gate.live.isOpen('native')).toBe(true)
  expect(gate.recorder.requests.at(-1)?.all('cookie')).toEqual([])
  gate.live.close('native')
  expect((await film).body.length).toBeLessThan(1000)
})

test('a native device of a person who may no longer open the app is refused beside the cookie of one who may', async () => {
  const gone = { ...native('movies').approvedBy, sub: 'gone', groups: [] }
  const holder = (): Holder => ({
    kind: 'device',
    found: { key: 'native', session: { ...native('movies'), approvedBy: gone } },
  })
  await start({ holder }, { app: { allow: { groups: native('movies').approvedBy.groups ?? [] } } })
  expect(await statusOf(gate.signedIn('GET /api'))).toBe(200)
  const before = gate.recorder.requests.length
  expect(await statusOf(gate.signedIn('GET /api', bearer('mine')))).toBe(401)
  expect(gate.recorder.requests.length).toBe(before)
})

test('a recipe that fails lets nobody in', async () => {
  await start({
    rules: { 'GET /answer': { open: true, answer: () => Promise.reject(new Error('down')) } },
    holder: () => Promise.reject(new Error('down')),
  })
  expect(await statusOf(gate.anonymous('GET /api', bearer('any')))).toBe(503)
  expect(await statusOf(gate.signedIn('GET /api', bearer('any')))).toBe(503)
  expect(await statusOf(gate.anonymous('GET /answer'))).toBe(502)
  expect(gate.recorder.connections()).toBe(0)
})
