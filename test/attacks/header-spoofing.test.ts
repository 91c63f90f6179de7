import { expect, test } from 'vitest'
import { nameList } from '../../src/traffic/name-list.ts'
import { appFields, preflightFields, standardFields } from '../../src/traffic/request-fields.ts'
import { sendRaw } from '../support/raw.ts'
import type { Recorded } from '../support/recorder.ts'
import { startTraffic, useTraffic } from '../support/traffic-harness.ts'

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

const identity = [
  'Remote-User',
  'Remote-Groups',
  'Remote-Email',
  'Remote-Name',
  'X-Forwarded-User',
  'X-Forwarded-Email',
  'X-Forwarded-Groups',
  'X-Forwarded-Preferred-Username',
  'X-Forwarded-Access-Token',
  'X-Auth-Request-User',
  'X-Auth-Request-Email',
  'X-WEBAUTH-USER',
  'X-Remote-User',
  'X-User',
  'X-authentik-username',
  'Cf-Access-Authenticated-User-Email',
  'Cf-Access-Jwt-Assertion',
  'X-Pomerium-Jwt-Assertion',
  'X-Goog-Authenticated-User-Email',
  'X-Goog-IAP-JWT-Assertion',
  'X-Token-User-Name',
  'X-Vouch-User',
  'OIDC_CLAIM_sub',
  'SSL_CLIENT_S_DN',
  'X-MS-CLIENT-PRINCIPAL',
  'X-Amzn-Oidc-Identity',
  'X-Authenticated-User',
  'X-Hasura-Role',
  'HTTP_REMOTE_USER',
]
const forwarding = [
  'X-Forwarded-For',
  'X-Forwarded-Host',
  'X-Forwarded-Proto',
  'X-Forwarded-Port',
  'X-Forwarded-Uri',
  'X-Forwarded-Method',
  'X-Forwarded-Prefix',
  'X-Forwarded-Ssl',
  'X-Forwarded-Server',
  'X-Forwarded',
  'Forwarded',
  'Forwarded-For',
  'X-Real-IP',
  'CF-Connecting-IP',
  'True-Client-IP',
  'X-Client-IP',
  'X-Cluster-Client-IP',
  'Via',
  'X-Original-URL',
  'X-Original-URI',
  'X-Original-Method',
  'X-Rewrite-URL',
  'X-HTTP-Method',
  'X-HTTP-Method-Override',
  'X-Method-Override',
  'X-Middleware-Subrequest',
  'X-GW-Session',
  'X-Internal',
  'X-Entryphone-User',
  'Front-End-Https',
]

/** A name as an attacker would write it: case, `_`, `.` and doubled dashes. */
function spellings(name: string): string[] {
  return [
    name,
    name.toLowerCase(),
    name.toUpperCase(),
    name.replaceAll('-', '_'),
    name.replaceAll('-', '.'),
    name.replaceAll('-', '--'),
    `_${name}`,
  ]
}

test('H1 H2: identity names never pass, in any spelling', async () => {
  for (const name of identity) {
    for (const line of ['GET /x', 'POST /x', 'OPTIONS /x']) {
      const request = await received(
        spellings(name).map((spelling) => `${spelling}: eve`),
        line,
      )
      expect(request.head, name).not.toMatch(/eve/)
    }
  }
})

test('H3 H5 H7 H13: forwarding names hold exactly one value, and it is ours', async () => {
  for (const name of forwarding) {
    const request = await received(
      spellings(name).flatMap((spelling) => [`${spelling}: 6.6.6.6`, `${spelling}: 6.6.6.7`]),
    )
    expect(request.head, name).not.toMatch(/6\.6\.6/)
    expect(request.all('x-forwarded-for')).toEqual(['127.0.0.1'])
    expect(request.all('x-forwarded-proto')).toEqual(['https'])
    expect(request.all('x-forwarded-host')).toEqual(['movies.home.example'])
    expect(request.all('host')).toEqual(['movies.home.example'])
  }
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
  const request = await received([...names.map((name) => `${name}: 1`), `Cookie: __proto__=1; constructor=2`])
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

test('promise 2: nothing unlisted goes upstream', async () => {
  const strict = await startTraffic()
  const words = [
    'x',
    'user',
    'auth',
    'remote',
    'forwarded',
    'host',
    'real',
    'ip',
    'token',
    'proxy',
    'id',
    'email',
    'group',
    'accept',
    'sec',
    'custom',
    'http',
  ]
  const listed = [
    'Accept',
    'Accept-Language',
    'User-Agent',
    'X-Requested-With',
    'If-None-Match',
    'Range',
    'X-Emby-Token',
    'DNT',
    'HX-Request',
  ]
  let seed = 7
  const next = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff
    return seed % below
  }
  const pick = (list: readonly string[]) => list[next(list.length)] as string
  const isListed = nameList([...ours, 'cookie', ...preflightFields, ...standardFields, ...appFields])
  for (let round = 0; round < 500; round++) {
    const invented = Array.from({ length: 12 }, () => {
      const name = Array.from({ length: 1 + next(3) }, () => pick(words)).join(pick(['-', '_', '.', '--', '']))
      return next(2) === 0 ? name : name.toUpperCase()
    }).filter((name) => !['host', 'accept'].includes(name.toLowerCase()))
    const sent = [...invented, pick(listed)].map((name) => `${name}: invented`)
    const websocket = round % 5 === 0 ? ['Upgrade: magic'] : []
    strict.recorder.clear()
    const answer = await sendRaw(strict.port, strict.signedIn('GET /x', ...sent, ...websocket))
    expect(answer.status).toBe(200)
    const names = (strict.recorder.requests[0] as Recorded).fields.map(([name]) => name.toLowerCase())
    expect(names.filter((name) => !isListed(name))).toEqual([])
    const foreign = names.filter((name) => !ours.includes(name))
    expect(
      foreign.filter((name) => /user(?!-agent)|remote|forwarded|real|email|group|host|proxy|[_.]/.test(name)),
    ).toEqual([])
  }
  expect(strict.notices.find(({ event }) => event === 'request_header_dropped')?.['remedy']).toMatch(
    /^apps\.movies\.request_headers: \[.+\]$/,
  )
  expect(strict.notices.length).toBeLessThanOrEqual(100)
  await strict.close()
})
