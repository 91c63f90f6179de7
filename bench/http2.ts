/**
 * What a stream of HTTP/2 costs beside a connection of HTTP/1.1, both over our own TLS: `node bench/http2.ts`. The
 * server answers by itself, so that the difference is that of the protocols alone.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { type ClientHttp2Session, connect } from 'node:http2'
import { Agent, createServer, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import { createHttp2, http2Protocols } from '../src/http2/offer.ts'
import { systemClock } from '../src/lib/clock.ts'
import { serverOptions } from '../src/traffic/connection/server-options.ts'
import { makeCertificate } from '../test/support/certificate.ts'

const ROUNDS = 3
const REQUESTS = 10_000
const AT_ONCE = 32
const FILM = 300_000_000
const piece = Buffer.alloc(65_536)
const page = Buffer.alloc(1024, 'a')
const fields = {
  cookie: `__Host-entryphone=${'a'.repeat(43)}`,
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  accept: '*/*',
  'accept-language': 'en',
  'sec-fetch-site': 'same-origin',
  'sec-fetch-mode': 'cors',
}

type Get = (path: string) => Promise<Readable>

async function serve(): Promise<void> {
  const server = createServer({
    ...serverOptions,
    ...(await makeCertificate(['localhost'])),
    ALPNProtocols: http2Protocols,
  })
  createHttp2(systemClock).offer(server)
  server.on('request', (req, res) => {
    if (req.url !== '/film') return void res.writeHead(200, { 'Content-Length': page.length, ETag: '"a"' }).end(page)
    res.writeHead(200, { 'Content-Length': FILM })
    let left = FILM
    const pump = () => {
      while (left > 0) {
        const part = piece.subarray(0, Math.min(left, piece.length))
        left -= part.length
        if (!res.write(part)) return
      }
      res.end()
    }
    res.on('drain', pump)
    pump()
  })
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
  process.on('message', () => process.send?.(process.cpuUsage()))
}

async function cpuMicros(child: ChildProcess): Promise<number> {
  child.send('cpu')
  const [{ user, system }] = await once(child, 'message')
  return user + system
}

async function drain(body: Readable): Promise<void> {
  for await (const _ of body);
}

async function load(get: Get, count: number): Promise<void> {
  let left = count
  const worker = async () => {
    while (left-- > 0) await drain(await get('/page'))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

function overHttp1(port: number): { get: Get; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE, rejectUnauthorized: false })
  const get: Get = async (path) => {
    const asked = request({ agent, port, host: '127.0.0.1', path, headers: fields })
    asked.end()
    return (await once(asked, 'response'))[0]
  }
  return { get, close: () => agent.destroy() }
}

function overHttp2(port: number): { get: Get; close(): void } {
  const sessions: ClientHttp2Session[] = Array.from({ length: 4 }, () =>
    connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false, settings: { initialWindowSize: 6_291_456 } }),
  )
  let turn = 0
  const get: Get = async (path) => {
    const session = sessions[turn++ % sessions.length] as ClientHttp2Session
    return session.request({ ':path': path, ...fields })
  }
  return {
    get,
    close() {
      for (const session of sessions) session.destroy()
    },
  }
}

async function measure(over: typeof overHttp1): Promise<{ request: number; gigabyte: number }> {
  const child = fork(import.meta.filename, ['serve'])
  const [port] = await once(child, 'message')
  const { get, close } = over(port)
  await load(get, REQUESTS / 2)
  const begun = await cpuMicros(child)
  await load(get, REQUESTS)
  const asked = await cpuMicros(child)
  await drain(await get('/film'))
  const seen = await cpuMicros(child)
  close()
  child.kill()
  return { request: (asked - begun) / REQUESTS, gigabyte: ((seen - asked) / FILM) * 1e9 }
}

const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] as number

async function compare(): Promise<void> {
  const rounds: { one: Awaited<ReturnType<typeof measure>>; two: Awaited<ReturnType<typeof measure>> }[] = []
  for (let round = 0; round < ROUNDS; round++)
    rounds.push({ one: await measure(overHttp1), two: await measure(overHttp2) })
  for (const what of ['request', 'gigabyte'] as const) {
    const [one, two] = [median(rounds.map((round) => round.one[what])), median(rounds.map((round) => round.two[what]))]
    const ratio = median(rounds.map((round) => round.two[what] / round.one[what]))
    console.log(
      `${what}: HTTP/1.1 ${one.toFixed(0)}, HTTP/2 ${two.toFixed(0)} µs of processor, ratio ${ratio.toFixed(2)}`,
    )
  }
}

await (process.argv[2] === 'serve' ? serve() : compare())
