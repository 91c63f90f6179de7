import { text } from 'node:stream/consumers'
import { type ConnectionOptions, connect } from 'node:tls'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { makeCertificate } from '../../support/certificate.ts'
import { parseResponse, sendRaw } from '../../support/raw.ts'
import { type Recorder, startRecorder } from '../../support/recorder.ts'
import { startTraffic, useTraffic } from '../../support/traffic-harness.ts'

const gate = useTraffic()
/** Something else in the same network, which no config names. */
let inner: Recorder
beforeAll(async () => {
  inner = await startRecorder()
  return () => inner.close()
})

const HANDSHAKE = ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13']
const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='

/** As somebody who is signed in to the app of that host. */
function ask(target: string, host: string, ...fields: string[]) {
  const cookie = `Cookie: ${host.startsWith('photos') ? gate.otherCookie : gate.cookie}`
  return sendRaw(gate.port, `${[`GET ${target} HTTP/1.1`, `Host: ${host}`, cookie, ...fields].join('\r\n')}\r\n\r\n`)
}

test('B1: nothing in a request chooses another upstream than its host has', async () => {
  const { host } = inner.url
  const targets = [
    `http://${host}/`,
    `https://${host}/`,
    'http://169.254.169.254/latest/meta-data/',
    `https://movies.home.example@${host}/`,
    `https://${host}@movies.home.example/`,
    `https://movies.home.example:${inner.url.port}/`,
    `//${host}/`,
    `///${host}/`,
    `/\\${host}/`,
    `/%5c${host}/`,
    `@${host}/`,
    `${host}`,
    `:${inner.url.port}/`,
    `.${host}/`,
    '*',
  ]
  for (const target of targets) {
    expect([target, (await ask(target, 'movies.home.example', 'Connection: close')).status]).toEqual([target, 400])
    const upgrade = await ask(target, 'movies.home.example', ...HANDSHAKE, KEY)
    expect([target, upgrade.status]).toEqual([target, 400])
  }
  expect(gate.recorder.connections() + gate.otherRecorder.connections()).toBe(0)

  // What is an ordinary path goes to the app of the host, as it stands.
  const paths = [`/http://${host}/`, `/@${host}/`, `/:${inner.url.port}/`, `/?url=http://${host}/`, `/${host}/`]
  for (const path of paths) {
    expect((await ask(path, 'movies.home.example', 'Connection: close')).status).toBe(200)
    expect(gate.recorder.requests.at(-1)).toMatchObject({ target: path })
  }
  for (const name of [
    host,
    `movies.home.example@${host}`,
    `${host}@movies.home.example`,
    `movies.home.example, ${host}`,
  ])
    expect([400, 421]).toContain((await ask('/', name, 'Connection: close')).status)
  for (const field of [
    `X-Forwarded-Host: ${host}`,
    `Forwarded: host=${host}`,
    `X-Original-URL: http://${host}/`,
    `X-Rewrite-URL: http://${host}/`,
    `X-Forwarded-Server: ${host}`,
    `Destination: http://${host}/`,
    `Alt-Used: ${host}`,
    `Via: 1.1 ${host}`,
    `Referer: http://${host}/`,
  ])
    expect((await ask('/plain', 'movies.home.example', 'Connection: close', field)).status).toBe(200)
  expect(gate.recorder.requests.every((request) => request.all('host')[0] === 'movies.home.example')).toBe(true)
  expect([inner.connections(), gate.otherRecorder.connections()]).toEqual([0, 0])
})

test('B2: two apps that are asked at once, in every order, each get their own requests alone', async () => {
  const [movies, photos] = [gate.recorder, gate.otherRecorder]
  movies.answer = ({ target }) => `HTTP/1.1 200 OK\r\nContent-Length: ${6 + target.length}\r\n\r\nmovies${target}`
  photos.answer = ({ target }) => `HTTP/1.1 200 OK\r\nContent-Length: ${6 + target.length}\r\n\r\nphotos${target}`
  const targets = [
    '/photos.home.example',
    '/movies.home.example',
    '/movies/photos',
    '/',
    '/?app=photos',
    '/photos:443/',
  ]
  const asked = Array.from({ length: 120 }, (_, i) => ({
    name: i % 2 === 0 ? 'movies' : 'photos',
    target: targets[(i * 7) % targets.length] as string,
  }))
  const answers = await Promise.all(
    asked.map(({ name, target }) => ask(target, `${name}.home.example`, 'Connection: close')),
  )
  expect(answers.map(({ body }) => body)).toEqual(asked.map(({ name, target }) => name + target))
  for (const [name, recorder] of [
    ['movies', movies],
    ['photos', photos],
  ] as const) {
    expect(recorder.requests.length).toBe(60)
    expect(new Set(recorder.requests.map((request) => request.all('host')[0]))).toEqual(
      new Set([`${name}.home.example`]),
    )
    expect(
      recorder.requests.every(
        (request) => !request.head.includes(`${name === 'movies' ? 'photos' : 'movies'}-session`),
      ),
    ).toBe(true)
  }
})

test('B3: what an app is told of where a request came from is what we know, and nothing that the client says', async () => {
  const claims = [
    'X-Forwarded-For: 127.0.0.1, 10.0.0.1',
    'X-Forwarded-Proto: ftp',
    'X-Forwarded-Host: evil.example',
    'X-Forwarded-Port: 1',
    'X-Real-IP: 127.0.0.1',
    'Forwarded: for=127.0.0.1;host=evil.example;proto=ftp',
    'CF-Connecting-IP: 127.0.0.1',
    'Via: 1.1 evil.example',
  ]
  const ours = [
    ['host', 'movies.home.example'],
    ['x-forwarded-proto', 'https'],
    ['x-forwarded-host', 'movies.home.example'],
    ['x-forwarded-port', '443'],
    ['x-forwarded-for', '127.0.0.1'],
  ]
  await ask('/one', 'movies.home.example', 'Connection: close', ...claims)
  await ask('/two', 'MOVIES.home.example.:443', ...HANDSHAKE, KEY, ...claims)
  const [http, socket] = gate.recorder.requests
  for (const request of [http, socket]) {
    const told = request?.fields.map(([name, value]) => [name.toLowerCase(), value])
    expect(told?.filter(([name = '']) => !/^(connection|upgrade|sec-websocket-.*)$/.test(name))).toEqual(ours)
  }
})

test('B4: where an app points is passed on as it stands, and never followed', async () => {
  const { origin } = inner.url
  const pointing = [
    ['Location', `${origin}/admin`],
    ['Link', `<${origin}/style.css>; rel=preload`],
    ['Refresh', `0; url=${origin}/`],
    ['Content-Location', `${origin}/x`],
    ['SourceMap', `${origin}/app.js.map`],
  ] as const
  const head = pointing.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  for (const status of [200, 201, 300, 301, 302, 303, 304, 305, 307, 308, 401, 503]) {
    const body = status === 304 ? '' : 'Content-Length: 2\r\n'
    gate.recorder.answer = () => `HTTP/1.1 ${status} Odd\r\n${head}${body}\r\n${status === 304 ? '' : 'ok'}`
    for (const fields of [['Connection: close'], [...HANDSHAKE, KEY]]) {
      const answer = await ask('/x', 'movies.home.example', ...fields)
      expect(answer.status).toBe(status)
      for (const [name, value] of pointing) expect([status, answer.all(name)]).toEqual([status, [value]])
    }
  }
  expect(inner.connections()).toBe(0)
})

test('V3: a session of TLS that is resumed under another name opens nothing more', async () => {
  const own = await startTraffic({ tls: await makeCertificate(['movies.home.example', 'photos.home.example']) })
  onTestFinished(() => own.close())

  async function over(host: string, servername: string, options: ConnectionOptions) {
    const place = { port: own.port, host: '127.0.0.1', rejectUnauthorized: false }
    const socket = connect({ ...place, ...options, servername: `${servername}.home.example` })
    let resumed = false
    let session: Buffer | undefined
    socket.on('secureConnect', () => {
      resumed = socket.isSessionReused()
    })
    socket.on('session', (given) => {
      session = given
    })
    socket.end(`GET / HTTP/1.1\r\nHost: ${host}.home.example\r\nConnection: close\r\n\r\n`)
    const { status, body } = parseResponse(await text(socket))
    return { status, body, resumed, session }
  }

  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    const { session } = await over('movies', 'movies', { maxVersion })
    const resume = { maxVersion, session }
    expect(await over('movies', 'movies', resume)).toMatchObject({ status: 401, resumed: true })
    // Another name than the session's is a handshake from the start.
    expect(await over('movies', 'photos', resume)).toMatchObject({ status: 421, resumed: false })
    expect(await over('photos', 'PHOTOS', resume)).toMatchObject({ status: 401, resumed: false })
    const other = await over('photos', 'movies', resume)
    if (maxVersion === 'TLSv1.3') expect(other).toMatchObject({ status: 421, resumed: true })
    // Node tells no name of a session that TLS 1.2 resumes: like without a name, Host alone counts.
    else expect(other).toMatchObject({ status: 401, body: expect.stringContaining('photos.home.example') })
  }
  expect(own.recorder.connections() + own.otherRecorder.connections()).toBe(0)
})
