import { text } from 'node:stream/consumers'
import { connect } from 'node:tls'
import { expect, test } from 'vitest'
import { makeCertificate } from '../../support/certificate.ts'
import { parseResponse, sendRaw } from '../../support/raw.ts'
import { sampleSession } from '../../support/sample-session.ts'
import { startTraffic, useTraffic } from '../../support/traffic-harness.ts'

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

test('V2: an international name is served under its ASCII form alone, and no other spelling is folded', async () => {
  const host = 'xn--bcher-kva.home.example'
  const books = await startTraffic({ app: { authority: host, origin: `https://${host}` } })
  const status = async (spelling: string | Buffer) => {
    const end = Buffer.from(`\r\nCookie: ${books.cookie}\r\nConnection: close\r\n\r\n`)
    return (
      await sendRaw(books.port, Buffer.concat([Buffer.from('GET / HTTP/1.1\r\nHost: '), Buffer.from(spelling), end]))
    ).status
  }
  for (const spelling of [host, host.toUpperCase(), `${host}.`])
    expect([spelling, await status(spelling)]).toEqual([spelling, 200])
  for (const spelling of [
    'bücher.home.example',
    Buffer.from('b\xfccher.home.example', 'latin1'),
    `${host.replaceAll('.', '。')}`,
    `${host.replaceAll('.', '%2e')}`,
    'b%C3%BCcher.home.example',
    'xn--bcher-kva.home.example..',
    'xn--bcher-kva..home.example',
    `[${host}]`,
    `"${host}"`,
  ]) {
    expect([400, 421], spelling.toString()).toContain(await status(spelling))
  }
  expect(books.recorder.requests.every((request) => request.all('host')[0] === host)).toBe(true)
  await books.close()
})

test('V2: a hundred and fifty hosts are told apart like two', async () => {
  const names = Array.from({ length: 150 }, (_, index) => `app-${index}`)
  const apps = names.map((name) => {
    const authority = `${name}.home.example`
    return { ...gate.app, name, authority, origin: `https://${authority}` }
  })
  const many = await startTraffic({ parts: { apps } })
  for (const name of names) many.sessions.set(name, { key: name, session: sampleSession(name) })
  const status = async (host: string, session: string) => {
    const cookie = `Cookie: ${gate.app.cookies.session}=${session}\r\n`
    return (await sendRaw(many.port, `GET /${session} HTTP/1.1\r\nHost: ${host}\r\n${cookie}Connection: close\r\n\r\n`))
      .status
  }
  for (const [index, name] of names.entries()) {
    for (const host of [`${name}.home.example`, `APP-${index}.Home.Example`, `${name}.HOME.example.:443`]) {
      expect([host, await status(host, name)]).toEqual([host, 200])
      expect([host, await status(host, 'app-none')]).toEqual([host, 401])
      expect([host, await status(host, names[(index + 1) % names.length] as string)]).toEqual([host, 401])
    }
  }
  expect(await status('app-150.home.example', 'app-1')).toBe(421)
  expect(await status('APP-150.home.example', 'app-1')).toBe(421)
  await many.close()
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

test('M1: a method that nobody knows is refused, and none is read in another spelling', async () => {
  for (const line of [
    'FOO /secret',
    'get /secret',
    'Get /secret',
    'GETX /secret',
    'G-T /secret',
    'GET\t/secret',
    '/secret',
    ' GET /secret',
  ]) {
    for (const bytes of [gate.anonymous(line), gate.signedIn(line)])
      expect([line, (await sendRaw(gate.port, bytes)).status]).toEqual([line, 400])
  }
  expect(gate.recorder.bytes()).toBe('')
})

test('M2: what is posted without a session is neither passed on nor kept', async () => {
  const body = 'comment=my-secret-words'
  for (const headers of [['Sec-Fetch-Mode: navigate'], ['Accept: application/json'], []]) {
    const fields = [`Content-Length: ${body.length}`, 'Content-Type: application/x-www-form-urlencoded', ...headers]
    const answer = await sendRaw(gate.port, gate.anonymous('POST /comments?draft=my-secret-words', ...fields) + body)
    expect([answer.status, answer.all('location'), answer.all('set-cookie')]).toEqual([401, [], []])
    expect(answer.bytes).not.toContain('my-secret-words')
  }
  expect(gate.recorder.bytes()).toBe('')
  // A form comes back to where it stood, not to where it was sent.
  expect(gate.links.at(-1)).toBe('/')
  expect(JSON.stringify([gate.lines, gate.notices, gate.links])).not.toContain('my-secret-words')
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
