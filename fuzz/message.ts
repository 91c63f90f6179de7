import fc from 'fast-check'
import type { TrafficHarness } from '../test/support/traffic-harness.ts'
import { anyCase, bytes, mixed } from './pieces.ts'

/** Stands for the number of the run: what an earlier one has left on its way must not be taken for this one's. */
const RUN = '{run}'

/** A message in its pieces. */
type Said = {
  method: string
  target: string
  version: string
  host: string
  cookie: CookieKind
  fields: [name: string, value: string, end: string][]
  body: string
}

type CookieKind = 'none' | 'valid' | 'other app' | 'spoiled' | 'doubled'

const method = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('GET', 'POST', 'HEAD', 'OPTIONS', 'PUT', 'PROPFIND', 'DELETE') },
  { weight: 1, arbitrary: fc.constantFrom('TRACE', 'CONNECT', 'get', 'GET ', 'PRI', 'QUERY', '') },
)
const target = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('/', '/films/42?t=90', '/.entryphone/auth/start', 'https://movies.home.example/a', '*'),
  },
  { weight: 1, arbitrary: mixed(['/', '..', '%2e', '#', ' ', '//', '\\', '?'], bytes(4), 6) },
)
const version = fc.oneof(
  { weight: 9, arbitrary: fc.constant('HTTP/1.1') },
  { weight: 1, arbitrary: fc.constantFrom('HTTP/1.0', 'HTTP/2.0', 'HTTP/1.2', 'HTTP/0.9', '', 'http/1.1') },
)
const host = fc.oneof(
  { weight: 9, arbitrary: fc.constant('movies.home.example') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'photos.home.example',
      'MOVIES.home.example.',
      'door.home.example',
      'other.example',
      'a b',
      '',
    ),
  },
)
const cookie = fc.constantFrom<CookieKind[]>('none', 'none', 'valid', 'valid', 'other app', 'spoiled', 'doubled')
const fieldName = fc
  .constantFrom(
    'Content-Length',
    'Transfer-Encoding',
    'Host',
    'Connection',
    'Upgrade',
    'Expect',
    'Trailer',
    'TE',
    'Cookie',
    'Origin',
    'X-Forwarded-For',
    'Remote-User',
    'X_Forwarded_User',
    'Sec-WebSocket-Key',
    'Sec-WebSocket-Version',
    'Accept',
    'Keep-Alive',
  )
  .chain((name) =>
    fc.oneof(fc.constant(name), anyCase(name), fc.constant(`${name} `), fc.constant(` ${name}`), bytes(8)),
  )
const fieldValue = fc.oneof(
  fc.constantFrom(
    '0',
    '5',
    '05',
    '+5',
    '5, 5',
    '-1',
    '999999999999999999999',
    'chunked',
    'Chunked',
    'gzip, chunked',
    'identity',
    'xchunked',
    'close',
    'keep-alive, host',
    'websocket',
    'h2c',
    '100-continue',
    'dGhlIHNhbXBsZSBub25jZQ==',
    '13',
    'text/html',
    'null',
    'https://other.example',
  ),
  bytes(12),
)
const lineEnd = fc.oneof(
  { weight: 30, arbitrary: fc.constant('\r\n') },
  { weight: 1, arbitrary: fc.constantFrom('\n', '\r', '\r\n ') },
)
const field = fc.tuple(fieldName, fieldValue, lineEnd)
const body = fc.oneof(
  { weight: 2, arbitrary: fc.constant('') },
  fc.constantFrom(
    '',
    'hello',
    '5\r\nhello\r\n0\r\n\r\n',
    '0\r\n\r\n',
    '5;x=1\r\nhello\r\n0\r\nRemote-User: eve\r\n\r\n',
    '+5\r\nhello\r\n0\r\n\r\n',
    `GET /smuggled HTTP/1.1\r\nHost: movies.home.example\r\nX-Request-Id: ${RUN}\r\n\r\n`,
  ),
  bytes(30),
)

/** What a signed-in browser sends, so that something stands in front of and behind what is odd. */
const usual: fc.Arbitrary<Said> = fc.constantFrom('', 'hello').map((body) => ({
  method: body === '' ? 'GET' : 'POST',
  target: '/films/42?t=90',
  version: 'HTTP/1.1',
  host: 'movies.home.example',
  cookie: 'valid',
  fields: body === '' ? [] : [['Content-Length', '5', '\r\n']],
  body,
}))

const odd: fc.Arbitrary<Said> = fc.record({
  method,
  target,
  version,
  host,
  cookie,
  body,
  fields: fc.oneof(fc.array(field, { maxLength: 1 }), fc.array(field, { maxLength: 6 })),
})

/** Any message; every third is an ordinary one. */
export const message: fc.Arbitrary<Said> = fc.oneof(usual, odd, odd)

/** A message as bytes (latin1), with the session's cookie where it says so and the run's number in it. */
export function write(gate: TrafficHarness, said: Said, run: number): string {
  const cookies = {
    none: '',
    valid: `Cookie: ${gate.cookie}\r\n`,
    'other app': `Cookie: ${gate.otherCookie}\r\n`,
    spoiled: `Cookie: ${gate.cookie.slice(0, -1)}\r\n`,
    doubled: `Cookie: ${gate.cookie}; ${gate.app.cookies.session}=another\r\n`,
  }[said.cookie]
  const fields = said.fields.map(([name, value, end]) => `${name}: ${value}${end}`).join('')
  const text = `${said.method} ${said.target} ${said.version}\r\nHost: ${said.host}\r\nX-Request-Id: ${RUN}\r\n${cookies}${fields}\r\n${said.body}`
  return text.replaceAll(RUN, `${run}`)
}
