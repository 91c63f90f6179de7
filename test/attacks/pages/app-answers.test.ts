import { afterEach, expect, test } from 'vitest'
import { sendRaw } from '../../support/raw.ts'
import type { HarnessOptions, TrafficHarness } from '../../support/traffic-harness.ts'
import { startTraffic } from '../../support/traffic-harness.ts'

let gate: TrafficHarness
afterEach(() => gate.close())

/** What the browser gets when the app answers with these fields. */
async function answered(fields: readonly string[], options: HarnessOptions = {}) {
  gate = await startTraffic(options)
  gate.recorder.answer = () =>
    `HTTP/1.1 200 OK\r\n${fields.map((field) => `${field}\r\n`).join('')}Content-Length: 2\r\n\r\nok`
  return sendRaw(gate.port, gate.signedIn('GET /'))
}

test('an app cannot set our cookies or cookies of the door', async () => {
  const dropped = [
    '__Host-entryphone=evil; Path=/; Secure',
    '__host-ENTRYPHONE=evil',
    '__Host-entryphone-login=evil',
    '__Secure-entryphone=evil',
    'entryphone-0123abcd=evil',
    'entryphone=evil',
    ' __Host-entryphone =evil',
    '=__Host-entryphone=evil',
    ' = entryphone=evil',
    '__Host-entryphone',
    'a=1; Domain=home.example',
    'a=1; domain=.HOME.example',
    'a=1;Domain = example',
    'a=1; Domain=door.home.example',
    'a=1; Path=/; DOMAIN=home.example; Secure',
  ]
  const kept = [
    'session=1; Path=/; HttpOnly',
    'b=2; Domain=movies.home.example',
    'entryphones=3',
    'x-entryphone=4',
    'c=5; Domain=other.example',
    'd=entryphone=6',
    'e=7; Expires=Wed, 21 Oct 2026 07:28:00 GMT',
    'f=8; Domain=oor.home.example',
  ]
  const answer = await answered([...dropped, ...kept].map((cookie) => `Set-Cookie: ${cookie}`))
  expect(answer.all('set-cookie')).toEqual(kept)
  const told = gate.notices.filter(({ event }) => event === 'response_cookie_dropped')
  expect(told.length).toBeGreaterThan(0)
  expect(JSON.stringify(told)).not.toContain('evil')
})

test('H14: hop-by-hop and nominated fields of an app stay behind', async () => {
  const answer = await answered([
    'Connection: X-Up, keep-alive',
    'Connection: x-down',
    'X-Up: 1',
    'X-Down: 1',
    'Keep-Alive: timeout=5',
    'Proxy-Authenticate: Basic',
    'Proxy-Connection: x',
    'TE: x',
    'Trailer: x',
    'Upgrade: h2c',
    'X-Kept: 1',
  ])
  const names = answer.fields.map(([name]) => name.toLowerCase())
  expect(names).toContain('x-kept')
  for (const name of [
    'x-up',
    'x-down',
    'keep-alive',
    'proxy-authenticate',
    'proxy-connection',
    'te',
    'trailer',
    'upgrade',
  ])
    expect(names).not.toContain(name)
  expect(answer.all('connection')).toEqual(['close'])
})

test('an app cannot speak for the whole host', async () => {
  const answer = await answered([
    'Clear-Site-Data: "cookies"',
    'Alt-Svc: h3=":443"',
    'Strict-Transport-Security: max-age=9; includeSubDomains; preload',
  ])
  expect(answer.all('clear-site-data')).toEqual([])
  expect(answer.all('alt-svc')).toEqual([])
  expect(answer.all('strict-transport-security')).toEqual(['max-age=31536000'])
  expect((await sendRaw(gate.port, gate.anonymous('GET /'))).all('strict-transport-security')).toEqual([])
})

test('no https is demanded of a host that is used with a port: another program there may speak plain http', async () => {
  const answer = await answered([], { app: { origin: 'https://movies.home.example:8443' } })
  expect(answer.all('strict-transport-security')).toEqual([])
})

test('on plain http there is no Strict-Transport-Security', async () => {
  const answer = await answered(['Strict-Transport-Security: max-age=9'], { parts: { publicScheme: 'http' } })
  expect(answer.all('strict-transport-security')).toEqual([])
})

test('everything else of an answer passes byte for byte', async () => {
  const fields: [string, string][] = [
    ['ETag', '"x"'],
    ['X-Umlaut', '\xe4\xf6'],
    ['vary', 'Accept'],
    ['VARY', 'Cookie'],
    ['Location', 'http://internal:8096/x'],
    ['Link', '<a>; rel=b'],
    ['Link', '<c>'],
    ['Content-Security-Policy', "frame-ancestors 'self'"],
    ['Access-Control-Allow-Origin', '*'],
    ['Server', 'Kestrel'],
    ['Cache-Control', 'private, max-age=60'],
    ['Date', 'Wed, 21 Oct 2026 07:28:00 GMT'],
    ['WWW-Authenticate', 'MediaBrowser'],
    ['X-Empty', ''],
    ['Service-Worker-Allowed', '/'],
    ['__proto__', '1'],
    ['constructor', '2'],
  ]
  const answer = await answered(fields.map(([name, value]) => `${name}: ${value}`))
  const added = ['strict-transport-security', 'connection', 'content-length']
  expect(answer.fields.filter(([name]) => !added.includes(name.toLowerCase()))).toEqual(fields)
})

test('X2: what a signed-in person gets is for no shared cache', async () => {
  const kept: [string[], string[]][] = [
    [[], ['private']],
    [['public, max-age=31536000, immutable'], ['public, max-age=31536000, immutable', 'private']],
    [
      ['max-age=60', 's-maxage=60'],
      ['max-age=60', 's-maxage=60', 'private'],
    ],
    [['no-cache'], ['no-cache', 'private']],
    [['Private, max-age=60'], ['Private, max-age=60']],
    [
      ['max-age=0', 'no-store'],
      ['max-age=0', 'no-store'],
    ],
    [['max-age=60 , PRIVATE ,x'], ['max-age=60 , PRIVATE ,x']],
    // RFC 9111 §5.2.2.3: whoever knows it looks at no `no-store`.
    [
      ['no-store', 'must-understand, max-age=60'],
      ['no-store', 'must-understand, max-age=60', 'private'],
    ],
    [['private="x-a", max-age=60'], ['private="x-a", max-age=60', 'private']],
    [['x-private, no-store-not'], ['x-private, no-store-not', 'private']],
  ]
  for (const [said, got] of kept) {
    const answer = await answered(said.map((value) => `Cache-Control: ${value}`))
    expect(answer.all('cache-control')).toEqual(got)
    await gate.close()
  }
})
