import { expect, test } from 'vitest'
import { sendRaw } from '../../support/raw.ts'
import type { Recorded } from '../../support/recorder.ts'
import { ok } from '../../support/recorder.ts'
import { seeded } from '../../support/seeded.ts'
import { forwardingNames, identityNames, spellings } from '../../support/spoofed-names.ts'
import { useTraffic } from '../../support/traffic-harness.ts'

const gate = useTraffic({
  app: { requestHeaders: ['x-house', 'x-*', 'remote-user', 'x_odd', 'forwarded'], cors: ['https://friend.example'] },
})

/** What the app received for a signed-in request with these headers. */
async function received(headers: readonly string[], line = 'GET /x'): Promise<Recorded> {
  gate.recorder.clear()
  const answer = await sendRaw(gate.port, gate.signedIn(line, ...headers))
  expect(answer.status, headers.join().slice(0, 200)).toBe(200)
  return gate.recorder.requests[0] as Recorded
}

const ours = ['host', 'connection', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-port']

test('H1 H2: identity names never pass, in any spelling', async () => {
  for (const name of identityNames) {
    const spoofed = spellings(name).map((spelling) => `${spelling}: eve`)
    for (const line of ['GET /x', 'HEAD /x', 'POST /x', 'OPTIONS /x']) {
      const request = await received([...spoofed, 'Authorization: Bearer mine'], line)
      expect(request.head, name).not.toMatch(/eve/)
      expect(request.all('authorization')).toEqual(['Bearer mine'])
    }
  }
})

test('H1 H2: nor with a preflight, nor without a session, nor to an app that refuses', async () => {
  gate.recorder.answer = () => 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'
  for (const name of identityNames) {
    const spoofed = spellings(name).map((spelling) => `${spelling}: eve`)
    gate.recorder.clear()
    for (const line of ['GET /x', 'HEAD /x', 'POST /x', 'OPTIONS /x'])
      expect((await sendRaw(gate.port, gate.anonymous(line, ...spoofed))).status, name).toBe(401)
    expect(gate.recorder.bytes(), name).toBe('')
    expect((await sendRaw(gate.port, gate.signedIn('GET /lost', ...spoofed))).status).toBe(404)
    const preflight = ['Origin: https://friend.example', 'Access-Control-Request-Method: PUT', ...spoofed]
    expect((await sendRaw(gate.port, gate.anonymous('OPTIONS /x', ...preflight))).status).toBe(404)
    expect(gate.recorder.requests.map(({ method }) => method)).toEqual(['GET', 'OPTIONS'])
    expect(gate.recorder.bytes(), name).not.toMatch(/eve/)
  }
  gate.recorder.answer = () => ok
})

test('H2: a name that only looks like one is refused', async () => {
  gate.recorder.clear()
  for (const name of [
    'X‑Forwarded‑User',
    'X\u00adForwarded-User',
    'X-Forwarded-User\u200b',
    'Ｘ-Forwarded-User',
    'X-Forwarded-Uѕer',
  ]) {
    for (const encoding of ['utf8', 'latin1'] as const) {
      const bytes = Buffer.from(gate.signedIn('GET /x', `${name}: eve`), encoding)
      // In latin1 some of them become other bytes, which may be a name, but none that anybody knows.
      const { status } = await sendRaw(gate.port, bytes)
      if (encoding === 'utf8') expect([name, status]).toEqual([name, 400])
    }
  }
  expect(gate.recorder.bytes()).not.toMatch(/eve/)
})

test('H3 H5 H7 H13: forwarding names hold exactly one value, and it is ours', async () => {
  for (const name of forwardingNames) {
    const request = await received(
      spellings(name).flatMap((spelling) => [`${spelling}: 6.6.6.6`, `${spelling}: 6.6.6.7, 6.6.6.8`]),
    )
    expect(request.head, name).not.toMatch(/6\.6\.6/)
    expect(request.all('x-forwarded-for')).toEqual(['127.0.0.1'])
    expect(request.all('x-forwarded-proto')).toEqual(['https'])
    expect(request.all('x-forwarded-host')).toEqual(['movies.home.example'])
    expect(request.all('x-forwarded-port')).toEqual(['443'])
    expect(request.all('host')).toEqual(['movies.home.example'])
  }
})

test('H7 H12 H13: no header and no path opens anything without a session', async () => {
  gate.recorder.clear()
  const asked = [
    '/secret',
    '/healthz',
    '/health',
    '/ping',
    '/HEALTHZ',
    '/healthz;x',
    '/.well-known/x',
    '/metrics',
    '/robots.txt',
  ]
  const agents = ['kube-probe/1.29', 'GoogleHC/1.0', 'ELB-HealthChecker/2.0', 'Prometheus/2.45', 'entryphone', '']
  for (const target of asked) {
    for (const agent of agents)
      expect((await sendRaw(gate.port, gate.anonymous(`GET ${target}`, `User-Agent: ${agent}`))).status).toBe(401)
  }
  expect((await sendRaw(gate.port, gate.anonymous('GET /healthz/../secret'))).status).toBe(400)
  const values = [
    '/.entryphone/auth/start',
    '/public',
    'GET',
    'OPTIONS',
    '127.0.0.1',
    '1',
    'true',
    'middleware:middleware',
    'anna',
  ]
  for (const name of [...forwardingNames, ...identityNames]) {
    for (const value of values) {
      const { status } = await sendRaw(gate.port, gate.anonymous('DELETE /secret', `${name}: ${value}`))
      expect([name, value, status]).toEqual([name, value, 401])
    }
  }
  expect(gate.recorder.bytes()).toBe('')
})

test('H8: two thousand broken cookies open nothing', async () => {
  gate.recorder.clear()
  const random = seeded(8)
  const bytes = [
    '',
    '=',
    ';',
    ' ',
    '"',
    '%00',
    '%',
    ',',
    '\x7f',
    '\xff',
    '\t',
    'movies-session',
    gate.app.cookies.session,
    'e30=',
    '{}',
    '../',
  ]
  for (let round = 0; round < 2000; round++) {
    const piece = () => bytes[Math.floor(random() * bytes.length)] as string
    const spoiled = [...gate.cookie]
    spoiled.splice(Math.floor(random() * spoiled.length), Math.floor(random() * 4), piece())
    const cookie = `${piece()}${spoiled.join('')}${piece()}`
    if (cookie.split(';').some((pair) => pair.trim() === gate.cookie)) continue
    const { status } = await sendRaw(gate.port, gate.anonymous('GET /secret', `Cookie: ${cookie}`))
    expect([cookie, status === 400 || status === 401]).toEqual([cookie, true])
  }
  expect((await sendRaw(gate.port, gate.signedIn('GET /x', `Cookie: a=${'b'.repeat(100_000)}`))).status).toBe(431)
  expect(gate.recorder.bytes()).toBe('')
})

test('H4: Connection cannot take away our headers, the host or the length', async () => {
  const nominated = [
    'X-Forwarded-For',
    'x-forwarded-proto',
    'HOST',
    'content-length',
    'Authorization',
    'cookie',
    'Transfer-Encoding',
    'close',
  ]
  gate.recorder.clear()
  const bytes =
    `POST /x HTTP/1.1\r\nHost: movies.home.example\r\nCookie: ${gate.cookie}; kept=1\r\nAuthorization: mine\r\nContent-Length: 3\r\n` +
    `Connection: ${nominated.join(', ')}\r\nConnection: ${'x, '.repeat(1000)}x\r\n\r\nabc`
  expect((await sendRaw(gate.port, bytes)).status).toBe(200)
  const request = gate.recorder.requests[0] as Recorded
  expect(request.body).toBe('abc')
  expect(request.all('content-length')).toEqual(['3'])
  expect(request.all('host')).toEqual(['movies.home.example'])
  expect(request.all('x-forwarded-for')).toEqual(['127.0.0.1'])
  expect(request.all('x-forwarded-proto')).toEqual(['https'])
})

test('H10: the app gets its own credentials, and no proxy credentials', async () => {
  const request = await received([
    'Authorization: Bearer mine',
    'Proxy-Authorization: Basic x',
    'X-Emby-Token: t',
    'X-Api-Key: k',
  ])
  expect(request.all('authorization')).toEqual(['Bearer mine'])
  expect(request.all('x-emby-token')).toEqual(['t'])
  expect(request.head).not.toMatch(/proxy-/i)
})

test('our cookies never reach the app', async () => {
  const mine = [
    gate.cookie,
    '__Host-entryphone-login=b',
    '__Host-entryphone-way=phone',
    'entryphone-0123abcd=x',
    '__HOST-Entryphone=y',
    '__Secure-entryphone-x=z',
  ]
  const request = await received([`Cookie: a="1 2"; ${mine.join('; ')}; entryphones=mine;b=;c`, 'Cookie: d=4'])
  expect(request.all('cookie')).toEqual(['a="1 2"; entryphones=mine;b=;c; d=4'])
  expect((await received([])).all('cookie')).toEqual([])
})

test('H14 H17: hop-by-hop fields of old clients are left behind', async () => {
  const request = await received([
    'Keep-Alive: 300',
    'Proxy-Connection: keep-alive',
    'TE: trailers',
    'Trailer: x',
    'Upgrade: h2c',
  ])
  expect(request.head).not.toMatch(/300|proxy|^te:|trailer|upgrade/im)
})

test('H15: names of object members are ordinary names', async () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']
  const query = names.map((name) => `${name}=1&${name}[${name}]=2`).join('&')
  const request = await received(
    [...names.map((name) => `${name}: 1`), `Cookie: __proto__=1; constructor=2`],
    `GET /__proto__/constructor?${query}`,
  )
  expect(request.target).toBe(`/__proto__/constructor?${query}`)
  expect(request.all('cookie')).toEqual(['__proto__=1; constructor=2'])
  for (const name of names) expect(request.all(name)).toEqual([])
})

test('H16: several Cookie lines are one for us and for the app', async () => {
  const text = `GET /x HTTP/1.1\r\nHost: movies.home.example\r\nCookie: a=1\r\nCookie: ${gate.cookie}\r\nCookie: b=2\r\nConnection: close\r\n\r\n`
  expect((await sendRaw(gate.port, text)).status).toBe(200)
  expect(gate.recorder.requests[0]?.all('cookie')).toEqual(['a=1; b=2'])
})

test('an operator cannot list an identity header', async () => {
  const request = await received([
    'Remote-User: eve',
    'X-Forwarded-User: eve',
    'Forwarded: for=eve',
    'X-House: yes',
    'X-Anything: yes',
    'x_odd: yes',
    'X.Forwarded.User: eve',
  ])
  expect(request.head).not.toMatch(/eve/)
  expect(request.all('x-house')).toEqual(['yes'])
  expect(request.all('x-anything')).toEqual(['yes'])
})

test('a preflight carries no credentials', async () => {
  const preflight = gate.anonymous(
    'OPTIONS /api',
    'Origin: https://friend.example',
    'Access-Control-Request-Method: POST',
    'Access-Control-Request-Headers: x-a',
    'Authorization: Bearer x',
    'Cookie: a=1',
    'X-Api-Key: k',
    'Remote-User: eve',
  )
  expect((await sendRaw(gate.port, preflight)).status).toBe(200)
  const names = (gate.recorder.requests[0] as Recorded).fields.map(([name]) => name.toLowerCase())
  expect(names.sort()).toEqual(
    [...ours, 'origin', 'access-control-request-method', 'access-control-request-headers'].sort(),
  )
})
