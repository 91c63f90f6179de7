import { expect, test } from 'vitest'
import type { RawResponse } from '../../support/raw.ts'
import { sendRaw } from '../../support/raw.ts'
import { ok } from '../../support/recorder.ts'
import { startTraffic, useTraffic } from '../../support/traffic-harness.ts'

const gate = useTraffic({ app: { trustedOrigins: ['https://friend.example'], cors: ['https://reader.example'] } })

const ask = (line: string, ...headers: string[]) => sendRaw(gate.port, gate.signedIn(line, ...headers))
const own = 'Origin: https://movies.home.example'

test('what another site sends is refused before the app sees it', async () => {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'MKCOL', 'QUERY']) {
    for (const headers of [
      ['Origin: https://evil.example'],
      ['Origin: https://door.home.example'],
      ['Origin: null'],
      ['Origin: http://movies.home.example'],
      ['Origin: https://movies.home.example.evil'],
      ['Origin: https://movies.home.example:8443'],
      ['Origin: '],
      ['Sec-Fetch-Site: cross-site'],
      ['Sec-Fetch-Site: same-site'],
      ['Sec-Fetch-Site: Same-Origin'],
      ['Sec-Fetch-Site: same-origin', 'Origin: https://evil.example'],
      ['Sec-Fetch-Site: cross-site', 'Origin: null'],
    ]) {
      expect({ method, headers, status: (await ask(`${method} /x`, ...headers)).status }).toEqual({
        method,
        headers,
        status: 403,
      })
    }
  }
  expect(gate.recorder.connections()).toBe(0)
})

test('what the app itself, a listed site or no browser sends passes', async () => {
  for (const headers of [
    [],
    [own],
    [own, 'Sec-Fetch-Site: same-origin'],
    ['Sec-Fetch-Site: none'],
    ['Sec-Fetch-Site: same-origin', 'Origin: null'],
    ['Origin: https://friend.example', 'Sec-Fetch-Site: cross-site'],
    ['Origin: HTTPS://Friend.example'],
  ]) {
    expect({ headers, status: (await ask('POST /x', ...headers)).status }).toEqual({ headers, status: 200 })
  }
})

test("reading from another site is the browser's business", async () => {
  expect((await ask('GET /x', 'Origin: https://evil.example', 'Sec-Fetch-Site: cross-site')).status).toBe(200)
})

test('P16: HEAD is judged as GET is, and every method that is not safe as POST', async () => {
  const foreign = ['Origin: https://evil.example', 'Sec-Fetch-Site: cross-site']
  for (const method of ['GET', 'HEAD', 'OPTIONS']) {
    expect((await ask(`${method} /x`, ...foreign)).status).toBe(200)
    expect((await sendRaw(gate.port, gate.anonymous(`${method} /x`, ...foreign))).status).toBe(401)
  }
  for (const method of ['POST', 'COPY', 'LOCK', 'SEARCH', 'REPORT', 'SUBSCRIBE', 'PURGE', 'LINK'])
    expect([method, (await ask(`${method} /x`, ...foreign)).status]).toEqual([method, 403])
  for (const method of ['post', 'Post', 'head']) expect((await ask(`${method} /x`)).status).toBe(400)
})

test('a method override changes nothing', async () => {
  const answer = await ask(
    'GET /x',
    'X-HTTP-Method-Override: DELETE',
    'X-Method-Override: DELETE',
    'X-HTTP-Method: DELETE',
  )
  expect(answer.status).toBe(200)
  expect(gate.recorder.requests[0]?.head).not.toMatch(/delete/i)
  expect((await ask('POST /x', 'Origin: https://evil.example', 'X-HTTP-Method-Override: GET')).status).toBe(403)
})

const preflight = (origin: string, ...more: string[]) =>
  gate.anonymous('OPTIONS /api', `Origin: ${origin}`, 'Access-Control-Request-Method: PUT', ...more)
const cors = (answer: RawResponse) => [
  answer.all('access-control-allow-origin'),
  answer.all('access-control-allow-credentials'),
]

test('a preflight passes only where the app lists the origin', async () => {
  expect((await sendRaw(gate.port, preflight('https://evil.example'))).status).toBe(401)
  expect((await sendRaw(gate.port, `${preflight('https://reader.example', 'Content-Length: 3')}abc`)).status).toBe(401)
  expect((await sendRaw(gate.port, gate.anonymous('OPTIONS /api', 'Origin: https://reader.example'))).status).toBe(401)
  expect(gate.recorder.requests).toEqual([])
  expect((await sendRaw(gate.port, preflight('https://reader.example'))).status).toBe(200)
  expect(gate.recorder.requests[0]?.method).toBe('OPTIONS')
})

test('N2: the answer to a preflight says who may read, and nothing else', async () => {
  const cors = [
    'Access-Control-Allow-Origin: https://reader.example',
    'Access-Control-Allow-Methods: PUT',
    'Access-Control-Max-Age: 600',
    'Vary: Origin',
  ]
  const secret = [
    'Set-Cookie: id=secret',
    'X-Secret: secret',
    'Location: /secret',
    'Server: secret/1.0',
    'Link: </secret>',
  ]
  // Some apps answer every method as GET, with a length or without an end.
  for (const [status, body] of [
    ['200 OK', 'Content-Length: 6\r\n\r\nsecret'],
    ['200 OK', 'Transfer-Encoding: chunked\r\n\r\n6\r\nsecret\r\n'],
    ['200 OK', '\r\nsecret'],
    ['302 Found', 'Content-Length: 6\r\n\r\nsecret'],
    ['204 No Content', '\r\n'],
    ['500 secret', 'Content-Length: 6\r\n\r\nsecret'],
  ] as const) {
    gate.recorder.answer = () => `HTTP/1.1 ${status}\r\n${[...cors, ...secret].join('\r\n')}\r\n${body}`
    const answer = await sendRaw(gate.port, preflight('https://reader.example'))
    expect(answer.status).toBe(Number(status.slice(0, 3)))
    expect(answer.bytes).not.toContain('secret')
    const told = answer.fields.map(([name, value]) => `${name}: ${value}`)
    expect(told.filter((line) => cors.includes(line))).toEqual(cors)
  }
  gate.recorder.answer = () => ok
})

test('our refusals can be read by scripts of listed origins, and only by those', async () => {
  const anonymous = await sendRaw(gate.port, gate.anonymous('GET /api', 'Origin: https://reader.example'))
  expect(anonymous.status).toBe(401)
  expect(cors(anonymous)).toEqual([['https://reader.example'], ['true']])
  expect(anonymous.all('vary')).toEqual(['Origin'])
  const refused = await ask('POST /api', 'Origin: https://reader.example')
  expect(refused.status).toBe(403)
  expect(cors(refused)).toEqual([['https://reader.example'], ['true']])
  expect(cors(await sendRaw(gate.port, gate.anonymous('GET /api', 'Origin: https://evil.example')))).toEqual([[], []])
})

test('an app that is open to every origin gives nobody credentials', async () => {
  const open = await startTraffic({ app: { cors: ['*'] } })
  const answer = await sendRaw(open.port, open.anonymous('GET /api', 'Origin: https://evil.example'))
  expect(cors(answer)).toEqual([['*'], []])
  await open.close()
})
