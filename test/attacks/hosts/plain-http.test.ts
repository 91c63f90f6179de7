import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { connect } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { listen } from '../../../src/demo/listen.ts'
import { createPlainHttp } from '../../../src/traffic/answering/plain-http.ts'
import { attach } from '../../../src/traffic/connection/attach.ts'
import { serverOptions } from '../../../src/traffic/connection/server-options.ts'
import { makeCertificate } from '../../support/certificate.ts'
import { parseResponse, sendRaw } from '../../support/raw.ts'
import { startTraffic, type TrafficHarness, useTraffic } from '../../support/traffic-harness.ts'

const gate = useTraffic()
const BROWSER = 'Accept: text/html,application/xhtml+xml'

/** The port of plain http in front of the same places; `more` stands beside the two apps. */
async function startPlain(from: TrafficHarness, more: { authority: string; origin: string }[] = []): Promise<number> {
  const apps = [from.parts.apps, more].flat() as typeof from.parts.apps
  const server = createServer(serverOptions)
  attach(server, createPlainHttp({ ...from.parts, apps }))
  const { port, close } = await listen(server, 0, '127.0.0.1')
  onTestFinished(close)
  return port
}

const ask = (port: number, line: string, host: string, ...fields: string[]) =>
  sendRaw(port, `${[`${line} HTTP/1.1`, `Host: ${host}`, ...fields].join('\r\n')}\r\n\r\n`)

test('a browser that opens http:// or www. is led to the same path over https', async () => {
  const port = await startPlain(gate)
  for (const [host, origin] of [
    ['door.home.example', 'https://door.home.example'],
    ['DOOR.home.example.', 'https://door.home.example'],
    ['door.home.example:80', 'https://door.home.example'],
    ['door.home.example:8080', 'https://door.home.example'],
    ['www.door.home.example', 'https://door.home.example'],
    ['movies.home.example', 'https://movies.home.example'],
  ] as const) {
    for (const method of ['GET', 'HEAD']) {
      const answer = await ask(port, `${method} /d/ABC?x=%2F&y`, host, BROWSER)
      expect([host, answer.status, answer.all('location')]).toEqual([host, 301, [`${origin}/d/ABC?x=%2F&y`]])
      expect(answer.all('connection')).toEqual(['close'])
      for (const name of ['set-cookie', 'strict-transport-security']) expect(answer.all(name)).toEqual([])
      expect(answer.all('cache-control')).toEqual(['no-store'])
    }
  }
  expect(gate.recorder.connections()).toBe(0)
})

test('www. of the door leads to the door over https as well, and no script is led', async () => {
  const own = await startTraffic({ tls: await makeCertificate(['www.door.home.example', 'door.home.example']) })
  onTestFinished(() => own.close())
  const over = async (line: string, ...fields: string[]) => {
    const servername = 'www.door.home.example'
    const socket = connect({ port: own.port, host: '127.0.0.1', servername, rejectUnauthorized: false })
    socket.end(`${[`${line} HTTP/1.1`, `Host: ${servername}`, 'Connection: close', ...fields].join('\r\n')}\r\n\r\n`)
    return parseResponse(await text(socket))
  }
  const led = await over('GET /me?x', 'Sec-Fetch-Mode: navigate')
  expect([led.status, led.all('location')]).toEqual([301, ['https://door.home.example/me?x']])
  for (const line of ['GET /me', 'POST /me/revoke']) {
    const refused = await over(line)
    expect([refused.status, refused.all('location')]).toEqual([421, []])
  }
})

test('J35: a script or an API client on plain http is told no, and is led nowhere', async () => {
  const port = await startPlain(gate)
  const cookie = `Cookie: ${gate.cookie}`
  for (const [line, ...fields] of [
    ['GET /api', 'Accept: */*', 'Authorization: Bearer a-secret'],
    ['GET /api', 'Accept: application/json', cookie],
    ['GET /api'],
    ['HEAD /api', 'Accept: */*'],
    ['GET /api', BROWSER, 'X-Requested-With: XMLHttpRequest'],
    ['GET /api', BROWSER, 'Sec-Fetch-Mode: cors'],
    ['OPTIONS /api', BROWSER],
    ['GET /socket', BROWSER, 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13'],
  ] as const) {
    for (const host of ['movies.home.example', 'door.home.example', 'www.door.home.example']) {
      const answer = await ask(port, line, host, ...fields)
      expect([line, fields, answer.status, answer.all('location')]).toEqual([line, fields, 403, []])
    }
  }
  const said = await ask(port, 'GET /api', 'movies.home.example')
  expect(said.body).toBe('This is served over https only\n')
  expect(gate.recorder.connections()).toBe(0)
})

test('J25: a form that is sent over plain http is told no, and its secret is repeated nowhere', async () => {
  const port = await startPlain(gate)
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    const answer = await sendRaw(
      port,
      `${method} /d/ABC HTTP/1.1\r\nHost: door.home.example\r\n${BROWSER}\r\nContent-Length: 14\r\n\r\ntoken=a-secret`,
    )
    expect([answer.status, answer.all('location')]).toEqual([403, []])
    expect(answer.bytes).not.toContain('a-secret')
  }
})

test('V1: plain http for a host that is not ours leads nowhere', async () => {
  const port = await startPlain(gate)
  for (const host of [
    'evil.example',
    'home.example',
    'www.movies.home.example',
    'www.www.door.home.example',
    'door.home.example.evil.example',
    '127.0.0.1',
    '__proto__',
  ]) {
    const answer = await ask(port, 'GET /', host, BROWSER, 'X-Forwarded-Host: door.home.example')
    expect([host, answer.status, answer.all('location')]).toEqual([host, 421, []])
    expect(answer.bytes).not.toMatch(/evil|home\.example/)
  }
  for (const host of ['', 'a b', 'door.home.example, evil.example', 'door.home.example@evil.example', 'door/evil'])
    expect((await ask(port, 'GET /', host, BROWSER)).status).toBe(400)
  const doubled = await ask(port, 'GET /', 'door.home.example', 'Host: evil.example', BROWSER)
  expect([doubled.status, doubled.all('location')]).toEqual([400, []])
})

test('R2: no path makes a redirect to https lead elsewhere', async () => {
  const port = await startPlain(gate)
  for (const target of [
    '//evil.example/',
    '/\\evil.example',
    '/..//evil.example',
    '/.//evil.example',
    'http://evil.example/',
    'https://door.home.example/',
    '@evil.example/',
    '*',
    '/%0d%0aLocation:%20https://evil.example',
    '/a#b',
  ]) {
    const answer = await ask(port, `GET ${target}`, 'door.home.example', BROWSER)
    expect([target, answer.status, answer.all('location')]).toEqual([target, 400, []])
  }
  const whole = await ask(port, 'GET http://door.home.example/me', 'door.home.example', BROWSER)
  expect(whole.all('location')).toEqual(['https://door.home.example/me'])
})

test('L1: the id of an invitation is in no line of the log, whatever becomes of the request', async () => {
  const port = await startPlain(gate)
  const id = 'ABCDEFGHIJKLMNOP'
  const logged = async (answer: Promise<{ status: number }>) => {
    const [line, { status }] = await Promise.all([gate.nextLine(), answer])
    return [status, line['path']]
  }
  expect(await logged(ask(port, `GET /d/${id}?x`, 'door.home.example', BROWSER))).toEqual([301, '/d/…'])
  expect(await logged(ask(port, `GET /d/${id}`, 'door.home.example'))).toEqual([403, '/d/…'])
  expect(await logged(ask(port, `GET /d/${id}`, 'evil.example'))).toEqual([421, '/d/…'])
  for (const [host, status, path, ...fields] of [
    ['www.door.home.example', 301, `/d/${id}`, BROWSER],
    ['door.home.example', 400, `/d/${id}/%2e%2e/`],
    ['door.home.example', 400, `/d/${id}`, 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13'],
    ['movies.home.example', 400, `/.entryphone/auth/${id}/%2e%2e/`],
  ] as const) {
    const [answered, logs] = await logged(ask(gate.port, `GET ${path}`, host, 'Connection: close', ...fields))
    expect([host, answered, logs]).toEqual([host, status, expect.not.stringContaining(id)])
  }
})

test('N1: a page that cannot be made ends its connection and nothing else', async () => {
  const broken = () => {
    throw new Error('broken')
  }
  const server = createServer(serverOptions)
  attach(server, createPlainHttp({ ...gate.parts, pages: { ...gate.parts.pages, message: broken } }))
  const { port, close } = await listen(server, 0, '127.0.0.1')
  onTestFinished(close)
  expect((await ask(port, 'GET /', 'evil.example', BROWSER)).bytes).toBe('')
  expect(gate.notices.at(-1)).toMatchObject({ event: 'request_failed', error: expect.stringContaining('broken') })
  expect((await ask(port, 'GET /', 'door.home.example', BROWSER)).status).toBe(301)
})

test('/tv at the door and challenges of ACME are not led to https', async () => {
  const port = await startPlain(gate)
  for (const [host, path] of [
    ['door.home.example', '/tv'],
    ['door.home.example', '/.well-known/acme-challenge/abc'],
    ['movies.home.example', '/.well-known/acme-challenge/abc'],
  ] as const) {
    const answer = await ask(port, `GET ${path}`, host, BROWSER)
    expect([answer.status, answer.all('location')]).toEqual([404, []])
  }
  expect((await ask(port, 'GET /tv', 'movies.home.example', BROWSER)).status).toBe(301)
})

test('of several places on one host, plain http leads to the one at the usual port, or to none', async () => {
  const place = (authority: string) => ({ authority, origin: `https://${authority}` })
  const port = await startPlain(gate, [
    place('door.home.example:8443'),
    place('nas.home.example:1'),
    place('nas.home.example:2'),
    place('alone.home.example:9443'),
  ])
  expect((await ask(port, 'GET /', 'door.home.example', BROWSER)).all('location')).toEqual([
    'https://door.home.example/',
  ])
  expect((await ask(port, 'GET /', 'nas.home.example', BROWSER)).status).toBe(421)
  expect((await ask(port, 'GET /', 'alone.home.example', BROWSER)).all('location')).toEqual([
    'https://alone.home.example:9443/',
  ])
})
