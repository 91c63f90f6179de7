import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2'
import { connect } from 'node:http2'
import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createHttp2 } from '../../src/http2/offer.ts'
import { MINUTE } from '../../src/lib/clock.ts'
import { makeCertificate } from '../support/certificate.ts'
import { createFakeClock, type FakeClock } from '../support/clock.ts'
import { idleTraffic, startOwnTls } from '../support/own-tls.ts'
import { ok } from '../support/recorder.ts'
import { sampleSession } from '../support/sample-session.ts'
import type { TrafficHarness } from '../support/traffic-harness.ts'
import { startTraffic } from '../support/traffic-harness.ts'
import { turns, until, untilQuiet } from '../support/turns.ts'

const tls = await makeCertificate(['movies.home.example'])
let clock: FakeClock
let gate: TrafficHarness
let browser: ClientHttp2Session

beforeEach(async () => {
  clock = createFakeClock()
  gate = await startTraffic({ tls, http2: true, clock })
  browser = connect(`https://127.0.0.1:${gate.port}`, { servername: 'movies.home.example', ca: tls.cert })
  browser.on('error', () => undefined)
})
afterEach(async () => {
  browser.destroy()
  await gate.close()
})

function open(path: string, fields: Record<string, string> = {}, endStream = true): ClientHttp2Stream {
  const head = { ':path': path, ':authority': 'movies.home.example', cookie: gate.cookie, ...fields }
  return browser.request(head, { endStream }).on('error', () => undefined)
}

async function headOf(stream: ClientHttp2Stream): Promise<IncomingHttpHeaders & { ':status'?: number }> {
  const [head] = await once(stream, 'response')
  return head
}

async function answerTo(stream: ClientHttp2Stream): Promise<{ status: number | undefined; body: string }> {
  const head = await headOf(stream)
  return { status: head[':status'], body: await text(stream) }
}

/** The code that a stream was reset with; 0 when it has ended in due form. */
async function endOf(stream: ClientHttp2Stream): Promise<number> {
  if (!stream.destroyed) await new Promise<void>((resolve) => stream.once('close', resolve))
  return stream.rstCode
}

test('a page, a form and an answer without a body pass, and say nothing of a connection', async () => {
  gate.recorder.answer = ({ method }) =>
    method === 'DELETE'
      ? 'HTTP/1.1 204 No Content\r\n\r\n'
      : 'HTTP/1.1 200 Fine\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\nX-Latin: caf\xe9\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'
  const page = open('/page?q=1')
  const head = await headOf(page)
  expect([head[':status'], await text(page)]).toEqual([200, 'ok'])
  expect([head['x-latin'], head['set-cookie']]).toEqual(['caf\xe9', ['a=1', 'b=2']])
  expect(Object.keys(head)).not.toEqual(expect.arrayContaining(['connection']))
  expect(head['transfer-encoding'] ?? head['keep-alive']).toBeUndefined()
  const form = open('/form', { ':method': 'POST' }, false)
  form.end('a=1')
  expect(await answerTo(form)).toEqual({ status: 200, body: 'ok' })
  expect(await answerTo(open('/x', { ':method': 'DELETE' }))).toEqual({ status: 204, body: '' })
  expect(await answerTo(open('/x', { ':method': 'HEAD' }))).toEqual({ status: 200, body: '' })
  expect(gate.recorder.requests.map(({ method, target }) => `${method} ${target}`)).toEqual([
    'GET /page?q=1',
    'POST /form',
    'DELETE /x',
    'HEAD /x',
  ])
  expect(gate.lines.map(({ status }) => status)).toEqual([200, 200, 204, 200])
})

test('many answers at once arrive whole, short and empty ones too', async () => {
  const long = 'x'.repeat(300_000)
  gate.recorder.answer = ({ target }) => {
    if (target === '/empty') return 'HTTP/1.1 303 See Other\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n'
    return target === '/long' ? `HTTP/1.1 200 OK\r\nContent-Length: ${long.length}\r\n\r\n${long}` : ok
  }
  const paths = Array.from({ length: 90 }, (_, i) => ['/empty', '/long', '/short'][i % 3] as string)
  const answers = await Promise.all(paths.map((path) => answerTo(open(path))))
  const wanted = { '/empty': '', '/long': long, '/short': 'ok' } as Record<string, string>
  for (const [i, { body }] of answers.entries()) expect(body === wanted[paths[i] as string]).toBe(true)
})

test('twenty event streams and a request beside them share a connection', async () => {
  gate.recorder.answer = ({ target }) =>
    target === '/state' ? ok : 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n'
  const events = Array.from({ length: 20 }, (_, i) => open(`/events/${i}`))
  for (const stream of events) expect(String((await once(stream, 'data'))[0])).toBe('one')
  expect(await answerTo(open('/state'))).toEqual({ status: 200, body: 'ok' })
})

test('a session that ends takes its own streams, and no others that came on the same connection', async () => {
  gate.sessions.set('second-session', { key: 'second-key', session: sampleSession('movies') })
  gate.recorder.answer = () => 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n'
  const [first, second] = [open('/1'), open('/2', { cookie: gate.cookie.replace('movies-session', 'second-session') })]
  await Promise.all([once(first, 'data'), once(second, 'data')])
  gate.live.close('movies-key')
  expect(await endOf(first)).not.toBe(0)
  await until(() => gate.recorder.open.size === 1)
  for (const app of gate.recorder.open) app.write('3\r\ntwo\r\n0\r\n\r\n')
  expect(await text(second)).toBe('two')
  expect(await endOf(second)).toBe(0)
})

test('over HTTP/2 an answer that an app does not finish looks broken', async () => {
  const stops: [string, (app: Socket) => void][] = [
    ['Content-Length: 10', (app) => app.end()],
    ['Transfer-Encoding: chunked', (app) => app.end()],
    ['Transfer-Encoding: chunked', (app) => app.resetAndDestroy()],
  ]
  for (const [framing, stop] of stops) {
    gate.recorder.answer = (_, app) => {
      setImmediate(stop, app)
      return `HTTP/1.1 200 OK\r\n${framing}\r\n\r\n${framing.startsWith('T') ? '3\r\nabc\r\n' : 'abc'}`
    }
    const stream = open('/film').resume()
    expect([framing, (await endOf(stream)) === 0]).toEqual([framing, false])
  }
})

test('the app is told when one stream is given up, and the others go on', async () => {
  gate.recorder.answer = () => undefined
  const [leaving, staying] = [open('/leaving'), open('/staying')]
  await until(() => gate.recorder.requests.length === 2)
  leaving.close(8)
  await until(() => gate.recorder.open.size === 1)
  for (const app of gate.recorder.open) app.write(ok)
  expect(await answerTo(staying)).toEqual({ status: 200, body: 'ok' })
})

test('an upload is held back by the app, and its no comes before the end', async () => {
  gate.recorder.answer = () => undefined
  const upload = open('/backup', { ':method': 'PUT', 'content-length': '900000000' }, false)
  const piece = Buffer.alloc(65_536)
  let taken = 0
  const pump = () => {
    while (!upload.destroyed && upload.write(piece)) taken += piece.length
  }
  upload.on('drain', pump)
  pump()
  await until(() => gate.recorder.open.size === 1)
  const [app] = gate.recorder.open
  app?.pause()
  await untilQuiet(() => taken)
  expect(taken).toBeLessThan(40_000_000)
  app?.write('HTTP/1.1 413 Content Too Large\r\nContent-Length: 4\r\n\r\nfull')
  expect((await headOf(upload))[':status']).toBe(413)
  upload.resume()
  // We listen for a little while, so that the answer is read.
  await clock.advance(10_000)
  expect(await endOf(upload)).toBe(0)
})

test('a body that waits for 100 is asked for, and one that nobody is signed in for is not', async () => {
  const upload = open('/up', { ':method': 'PUT', expect: '100-continue' }, false)
  await once(upload, 'continue')
  upload.end('abc')
  expect(await answerTo(upload)).toEqual({ status: 200, body: 'ok' })
  const stranger = open('/up', { ':method': 'PUT', expect: '100-continue', cookie: '' }, false)
  let asked = false
  stranger.on('continue', () => {
    asked = true
  })
  expect((await headOf(stranger))[':status']).toBe(401)
  expect(asked).toBe(false)
})

test('streams that are given up at any moment take nothing with them', async () => {
  gate.recorder.answer = ({ target }) => (target === '/x' ? ok : undefined)
  for (let turn = 0; turn < 60; turn++) {
    const stream = open('/up', { ':method': 'PUT', expect: '100-continue' }, false)
    await turns(turn % 20)
    stream.close(8)
  }
  await until(() => gate.recorder.open.size === 0)
  expect(await answerTo(open('/x'))).toEqual({ status: 200, body: 'ok' })
})

test('a connection without a stream closes after a while, and one with a silent stream does not', async () => {
  gate.recorder.answer = () => 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\none'
  const events = open('/events')
  await once(events, 'data')
  await clock.advance(60 * MINUTE)
  for (const app of gate.recorder.open) app.write('two')
  expect(await text(events)).toBe('two')
  expect(browser.closed).toBe(false)
  await clock.advance(2 * MINUTE)
  await turns(50)
  expect(browser.closed).toBe(true)
})

test('WebSockets stay on HTTP/1.1, and an upload may have a megabyte on its way', async () => {
  await answerTo(open('/x'))
  expect(browser.remoteSettings).toMatchObject({ enableConnectProtocol: false, initialWindowSize: 1_048_576 })
  expect(browser.state.remoteWindowSize).toBe(1_048_576)
})

test('a gateway that stops lets streams finish, takes no new ones, and cuts what is open after its time', async () => {
  const own = createHttp2(clock)
  const requests: ServerResponse[] = []
  const traffic = {
    ...idleTraffic,
    request: (_: unknown, res: ServerResponse) => void requests.push(res.writeHead(200)),
  }
  const listener = await startOwnTls(tls, { traffic, http2: own })
  const client = connect(`https://127.0.0.1:${listener.port}`, {
    servername: 'door.home.example',
    rejectUnauthorized: false,
  })
  client.on('error', () => undefined)
  const streams = [client.request({ ':path': '/1' }), client.request({ ':path': '/2' })]
  for (const stream of streams) stream.on('error', () => undefined).end()
  await until(() => requests.length === 2)
  const stopped = listener.stop(60_000)
  await once(client, 'goaway')
  requests[0]?.end('done')
  expect(await text(streams[0] as ClientHttp2Stream)).toBe('done')
  requests[1]?.write('half')
  await once(streams[1] as ClientHttp2Stream, 'data')
  await listener.clock.advance(60_000)
  expect(await endOf(streams[1] as ClientHttp2Stream)).not.toBe(0)
  await stopped
})
