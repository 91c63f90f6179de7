import { text } from 'node:stream/consumers'
import { connect } from 'node:tls'
import { expect, test } from 'vitest'
import { makeCertificate } from '../support/certificate.ts'
import { parseResponse, sendRaw } from '../support/raw.ts'
import { startTraffic, useTraffic } from '../support/traffic-harness.ts'

const gate = useTraffic()

const ask = (host: string, target = '/', ...headers: string[]) =>
  sendRaw(
    gate.port,
    `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${headers.map((header) => `${header}\r\n`).join('')}\r\n`,
  )

test('V1: an unknown host gets 421 and nothing else', async () => {
  for (const host of [
    'evil.example',
    '127.0.0.1',
    '[::1]',
    'home.example',
    'x.movies.home.example',
    'movies.home.example.evil',
    'localhost',
    '__proto__',
    'constructor',
  ]) {
    const answer = await ask(host, '/secret', `Cookie: ${gate.cookie}`)
    expect(answer.status, host).toBe(421)
    for (const name of ['set-cookie', 'location', 'www-authenticate', 'strict-transport-security'])
      expect(answer.all(name)).toEqual([])
    expect(answer.all('cache-control')).toEqual(['no-store'])
  }
  expect(gate.recorder.connections() + gate.otherRecorder.connections()).toBe(0)
})

test('V2: spellings of a host are one host', async () => {
  for (const host of [
    'MOVIES.home.example',
    'movies.home.example.',
    'movies.home.example:443',
    'Movies.Home.Example.:443',
  ]) {
    expect((await ask(host, '/', `Cookie: ${gate.cookie}`)).status, host).toBe(200)
    expect((await ask(host)).status, host).toBe(401)
  }
  expect((await ask('movies.home.example:80', '/', `Cookie: ${gate.cookie}`)).status).toBe(421)
  expect((await ask('movies.home.example:8443', '/', `Cookie: ${gate.cookie}`)).status).toBe(421)
  for (const request of gate.recorder.requests) expect(request.all('host')).toEqual(['movies.home.example'])
})

test('V3: a target that names another host than Host is refused', async () => {
  for (const target of [
    'https://photos.home.example/',
    'https://door.home.example/',
    'http://movies.home.example/',
    'https://evil.example/',
  ]) {
    expect((await ask('movies.home.example', target, `Cookie: ${gate.cookie}`)).status).toBe(400)
  }
})

test('V3: a host that TLS was not opened for is refused', async () => {
  const own = await startTraffic({ tls: await makeCertificate(['movies.home.example', 'photos.home.example']) })
  const overTls = async (servername: string, host: string) => {
    const socket = connect({ port: own.port, host: '127.0.0.1', servername, rejectUnauthorized: false })
    socket.end(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
    return parseResponse(await text(socket)).status
  }
  expect(await overTls('movies.home.example', 'movies.home.example:443')).toBe(401)
  expect(await overTls('MOVIES.home.example', 'Movies.home.example')).toBe(401)
  expect(await overTls('', 'movies.home.example')).toBe(401)
  expect(await overTls('movies.home.example', 'photos.home.example')).toBe(421)
  expect(await overTls('door.home.example', 'movies.home.example')).toBe(421)
  await own.close()
})

test("V4: a host of the client's making is in no answer", async () => {
  for (const host of ['movies.home.example', 'evil.example', 'door.home.example']) {
    const answer = await ask(
      host,
      '/x',
      'X-Forwarded-Host: attacker.example',
      'Forwarded: host=attacker.example',
      'X-Forwarded-Proto: ftp',
      'Accept: text/html',
    )
    expect(answer.bytes).not.toMatch(/attacker|ftp/)
  }
})

test('the door is dispatched before any path is looked at', async () => {
  expect((await ask('door.home.example', '/d/ABC?x')).body).toBe('door /d/ABC?x')
  expect((await ask('DOOR.home.example:443', 'https://door.home.example/me')).body).toBe('door /me')
  expect((await ask('movies.home.example', '/me')).status).toBe(401)
  expect((await ask('door.home.example', '/d/%2e%2e/x')).status).toBe(400)
})

test('M1 M3: every method is refused alike, and scripts get no page', async () => {
  for (const method of ['GET', 'HEAD', 'OPTIONS', 'PROPFIND', 'MKCALENDAR', 'REPORT', 'POST']) {
    const answer = await sendRaw(
      gate.port,
      gate.anonymous(`${method} /secret`, 'Accept: application/json', 'Sec-Fetch-Dest: empty', 'Sec-Fetch-Mode: cors'),
    )
    expect(answer.status).toBe(401)
    for (const name of ['set-cookie', 'location', 'refresh']) expect(answer.all(name)).toEqual([])
    if (method === 'HEAD') expect(answer.bytes.endsWith('\r\n\r\n')).toBe(true)
    else
      expect(JSON.parse(answer.body)).toMatchObject({
        status: 401,
        code: 'sign-in',
        login: 'https://movies.home.example/',
      })
  }
  expect(gate.recorder.requests).toEqual([])
})
