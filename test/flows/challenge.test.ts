import { afterEach, expect, test } from 'vitest'
import type { Screen } from '../../src/screens/screen.ts'
import { sendRaw } from '../support/raw.ts'
import type { TrafficHarness } from '../support/traffic-harness.ts'
import { startTraffic } from '../support/traffic-harness.ts'

let gate: TrafficHarness
afterEach(() => gate.close())

const ask = (line: string, ...headers: string[]) => sendRaw(gate.port, gate.anonymous(line, ...headers))
const navigate = 'Sec-Fetch-Mode: navigate'

test('a navigation gets a 401 in place, with a page that leads to the sign-in for this very target', async () => {
  gate = await startTraffic()
  const answer = await ask('GET /web/index.html?id=7&x=%20', navigate, 'Accept: text/html')
  expect(answer.status).toBe(401)
  expect(answer.all('content-type')).toEqual(['text/html; charset=utf-8'])
  expect(answer.body).toBe('<p>challenge Movies <a href="/.entryphone/auth/start?to=sealed-1">go</a>')
  expect(gate.links).toEqual(['/web/index.html?id=7&x=%20'])
  expect(answer.all('www-authenticate')).toEqual(['Entryphone realm="movies"'])
  expect(answer.all('cache-control')).toEqual(['no-store'])
  expect(answer.all('x-content-type-options')).toEqual(['nosniff'])
  expect(answer.all('content-security-policy')).toEqual(["default-src 'none'"])
  for (const name of ['location', 'set-cookie', 'refresh', 'etag', 'strict-transport-security'])
    expect(answer.all(name)).toEqual([])
})

test('navigations are told by Sec-Fetch-Mode, and by Accept where there is none', async () => {
  gate = await startTraffic()
  const pages = [
    [navigate, 'Sec-Fetch-Dest: empty'],
    ['Accept: text/html,application/xhtml+xml'],
    ['Accept: TEXT/HTML'],
    [navigate, 'Accept: application/json'],
  ]
  const others = [
    ['Sec-Fetch-Mode: cors', 'Accept: text/html'],
    ['Sec-Fetch-Mode: no-cors'],
    ['Accept: */*'],
    [],
    ['Accept: text/html, */*', 'X-Requested-With: XMLHttpRequest'],
  ]
  for (const headers of pages)
    expect([headers, (await ask('GET /', ...headers)).body]).toEqual([headers, expect.stringContaining('<p>challenge')])
  for (const headers of others)
    expect([headers, (await ask('GET /', ...headers)).body]).toEqual([
      headers,
      'Sign in first: https://movies.home.example/\n',
    ])
})

test('JSON where JSON is asked for', async () => {
  gate = await startTraffic()
  for (const accept of ['application/json', 'application/problem+json', 'application/json, text/plain, */*']) {
    const answer = await ask('GET /api', `Accept: ${accept}`)
    expect(answer.all('content-type')).toEqual(['application/problem+json'])
    expect(JSON.parse(answer.body)).toEqual({
      type: 'about:blank',
      status: 401,
      title: 'Sign in first',
      code: 'sign-in',
      login: 'https://movies.home.example/',
    })
  }
})

test('HEAD, prefetches and robots mint nothing', async () => {
  gate = await startTraffic()
  expect((await ask('HEAD /', navigate)).bytes).toMatch(/^HTTP\/1\.1 401 [\s\S]*\r\n\r\n$/)
  for (const header of [
    'Sec-Purpose: prefetch',
    'Sec-Purpose: prefetch;prerender',
    'Purpose: prefetch',
    'X-Moz: prefetch',
    'X-Purpose: preview',
  ]) {
    expect((await ask('GET /', navigate, header)).body).toBe('Sign in first: https://movies.home.example/\n')
  }
  await gate.close()
  gate = await startTraffic({ screen: { class: 'capable', kind: 'bot', brand: '', why: 'test' } })
  expect((await ask('GET /', navigate)).all('content-type')).toEqual(['text/plain; charset=utf-8'])
  expect(gate.links).toEqual([])
})

test('a form that was sent without a session says that nothing was saved, and leads back to where it stood', async () => {
  gate = await startTraffic()
  const cases: [string | undefined, string][] = [
    ['https://movies.home.example/settings?tab=2', '/settings?tab=2'],
    [undefined, '/'],
    ['https://evil.example/x', '/'],
    ['https://movies.home.example.evil/x', '/'],
    ['https://movies.home.example/../x', '/'],
    ['https://movies.home.example//evil', '/'],
    ['https://movies.home.example/.entryphone/auth/x', '/'],
    ['/settings', '/'],
  ]
  for (const [referer, target] of cases) {
    const headers = [
      navigate,
      'Content-Type: application/x-www-form-urlencoded',
      'Content-Length: 3',
      ...(referer === undefined ? [] : [`Referer: ${referer}`]),
    ]
    const answer = await sendRaw(gate.port, `${gate.anonymous('POST /settings', ...headers)}a=1`)
    expect(answer.status).toBe(401)
    expect(answer.body).toContain('<p>message not-saved /.entryphone/auth/start?to=sealed-')
    expect([referer, gate.links.at(-1)]).toEqual([referer, target])
  }
  const script = await sendRaw(
    gate.port,
    `${gate.anonymous('POST /api', 'Content-Length: 3', 'Sec-Fetch-Mode: cors')}a=1`,
  )
  expect(script.body).toBe('Sign in first: https://movies.home.example/\n')
  expect(gate.recorder.connections()).toBe(0)
})

test("a service worker's script is replaced by one that takes itself out", async () => {
  gate = await startTraffic()
  const answer = await ask(
    'GET /js/sw.js',
    'Service-Worker: script',
    'Sec-Fetch-Mode: same-origin',
    'Sec-Fetch-Dest: serviceworker',
  )
  expect(answer.status).toBe(200)
  expect(answer.all('content-type')).toEqual(['text/javascript; charset=utf-8'])
  expect(answer.all('service-worker-allowed')).toEqual(['/'])
  expect(answer.all('cache-control')).toEqual(['no-store'])
  const told: string[] = []
  const handlers = new Map<string, (event: { waitUntil(work: Promise<unknown>): void }) => void>()
  const shown = ['https://movies.home.example/a', 'https://movies.home.example/b'].map((url) => ({
    url,
    async navigate(to: string) {
      told.push(to)
      if (to.endsWith('a')) throw new Error('gone')
    },
  }))
  const self = {
    addEventListener: (name: string, run: (event: { waitUntil(work: Promise<unknown>): void }) => void) =>
      handlers.set(name, run),
    skipWaiting: () => told.push('skipWaiting'),
    registration: { unregister: async () => told.push('unregister') },
    clients: { matchAll: async () => shown },
  }
  new Function('self', answer.body)(self)
  let work: Promise<unknown> = Promise.resolve()
  for (const name of ['install', 'activate']) handlers.get(name)?.({ waitUntil: (promise) => (work = promise) })
  await work
  expect(told).toEqual(['skipWaiting', 'unregister', 'https://movies.home.example/a', 'https://movies.home.example/b'])
  expect((await sendRaw(gate.port, gate.signedIn('GET /js/sw.js', 'Service-Worker: script'))).body).toBe('ok')
})

test('a web view gets the same page with 200, because it would show its own error instead', async () => {
  const screen: Screen = { class: 'webview', kind: 'app', brand: '', why: 'test' }
  gate = await startTraffic({ screen })
  const answer = await ask('GET /', navigate)
  expect(answer.status).toBe(200)
  expect(answer.body).toContain('<p>challenge Movies')
  expect((await ask('GET /api', 'Accept: application/json')).status).toBe(401)
})

test('the classifier is given what the request says about its device', async () => {
  let facts: unknown
  gate = await startTraffic({
    parts: {
      classify(given) {
        facts = given
        return { class: 'capable', kind: 'desktop', brand: '', why: 'test' }
      },
    },
  })
  await ask(
    'GET /',
    navigate,
    'User-Agent: tv',
    'X-Requested-With: org.app',
    'Sec-CH-UA-Platform: "Tizen"',
    'Sec-CH-UA-Model: "X"',
    'Sec-CH-UA-Form-Factors: "TV"',
  )
  expect(facts).toEqual({
    userAgent: 'tv',
    requestedWith: 'org.app',
    platformHint: '"Tizen"',
    modelHint: '"X"',
    formFactorsHint: '"TV"',
  })
})
