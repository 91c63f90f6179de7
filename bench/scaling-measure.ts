import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startRedis } from '../test/support/redis-server.ts'
import type { Order, Outcome } from './load.ts'
import { freePort, startProcess, stopProcess, untilListening } from './processes.ts'
import { askEach, startFilms, watch } from './scaling-clients.ts'
import { makeScalingGateway } from './scaling-gateway.ts'
import { type Cost, createMeter } from './scaling-meter.ts'
import { createScreens } from './scaling-screens.ts'
import { type Spread, spreadOf } from './statistics.ts'

/** What a gateway and its Redis need for each thing that screens do. */
export type Measured = {
  /** A request of a session that was asked for a moment ago, and of one that was not. */
  requestKnown: Cost
  requestRead: Cost
  /** Noting when a session was last seen, once a minute. */
  seen: Cost
  /** A television from the app's front page to its code, and one question that is held for 25 s. */
  loginBegun: Cost
  poll: Cost
  /** A gateway at rest, each second. */
  rest: Cost
  /** A gigabyte of an app's, sent on to one client. */
  gigabyte: Cost
  /** A read of the feed that brings nothing. */
  feedRead: Cost
  /** A sign-out elsewhere, as the gateway hears of it; milliseconds until it refuses. */
  revoke: Cost
  revokeMs: Spread
  sessionBytesInRedis: number
  loginBytesInRedis: number
  /** Of a gateway, with everything that hangs on it: the connection, the request, the timer. */
  waitingBytes: number
  sessionBytesInGateway: number
}

const SESSIONS = 5000
const SCREENS = 500
const KNOWN = 20_000
const REVOKES = 60
const REST_S = 10
const READS = 3000
const GIGABYTES = 2
/** Longer than the minute after which a gateway writes what it has seen. */
const FLUSH_MS = 65_000

/** Real runs on this machine: one gateway process, one Redis, everything else on other cores where there are any. */
export async function measure(dir: string, say: (line: string) => void): Promise<Measured> {
  const redis = await startRedis()
  const [port, upstreamPort] = [await freePort(), await freePort()]
  const upstream = startProcess('others', join(dir, 'others.log'), 'upstream.ts', `${upstreamPort}`)
  await untilListening(upstreamPort, upstream)
  const home = mkdtempSync(join(dir, 'gateway-'))
  const films = await startFilms()
  const origin = (at: number) => `http://127.0.0.1:${at}`
  const beside = await makeScalingGateway(home, port, origin(upstreamPort), origin(films.port), redis.settings)
  const child = startProcess('measured', join(dir, 'gateway.log'), '../src/main.ts', 'serve', '--config', beside.config)
  await untilListening(port, child)
  const load = startProcess('others', join(dir, 'others.log'), 'load.ts')
  const meter = createMeter(child, redis.admin)
  const screens = createScreens(port, beside.host)

  const textOf = (cookie: string) =>
    ['GET / HTTP/1.1', `Host: ${beside.host}`, `Cookie: ${cookie}`, '', ''].join('\r\n')
  function ask(request: string, requests: number): Promise<void> {
    const order: Order = { port, request, status: 200, connections: Math.min(32, requests), requests }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    load.once('message', (outcome: Outcome) => (outcome.ok ? resolve() : reject(new Error(outcome.error))))
    load.send(order)
    return promise
  }

  say(`${SESSIONS} screens are signed in`)
  const empty = await meter.redisBytes()
  const signedIn: { key: string; cookie: string }[] = []
  for (let i = 0; i < SESSIONS; i++) signedIn.push(await beside.signIn())
  const sessionBytesInRedis = ((await meter.redisBytes()) - empty) / SESSIONS
  const [first] = signedIn as [{ key: string; cookie: string }]

  say(`${SCREENS} televisions begin`)
  const before = await meter.redisBytes()
  const waiting: Awaited<ReturnType<typeof screens.begin>>[] = []
  const loginBegun = await meter.each(SCREENS, async () => {
    for (let i = 0; i < SCREENS; i++) waiting.push(await screens.begin(i))
  })
  const loginBytesInRedis = ((await meter.redisBytes()) - before) / SCREENS

  say('and wait for 25 seconds')
  const rssAlone = meter.gatewayBytes()
  const sockets = await Promise.all(waiting.map(() => screens.open()))
  let waitingBytes = 0
  const poll = await meter.each(SCREENS, async () => {
    const polls = Promise.all(waiting.map((screen, i) => screens.wait(sockets[i] as never, screen)))
    await wait(15_000)
    waitingBytes = (meter.gatewayBytes() - rssAlone) / SCREENS
    const statuses = await polls
    if (statuses.some((status) => status !== 200))
      throw new Error(`a poll was answered ${statuses.find((s) => s !== 200)}`)
  })
  for (const socket of sockets) socket.destroy()

  say('nothing happens')
  const rest = await meter.each(REST_S, () => wait(REST_S * 1000))
  const feedRead = await meter.each(READS, async () => {
    for (let i = 0; i < READS; i++) await beside.readFeed()
  })

  say('a film is sent')
  const viewer = await beside.signIn('films')
  const gigabyte = await meter.each(GIGABYTES, () => watch(port, beside.films, viewer.cookie))

  say('requests of one of them')
  await ask(textOf(first.cookie), KNOWN)
  const requestKnown = await meter.each(KNOWN, () => ask(textOf(first.cookie), KNOWN))

  say('requests of each of them')
  const rssBefore = meter.gatewayBytes()
  const requestRead = await meter.each(SESSIONS, () =>
    askEach(
      port,
      signedIn.map(({ cookie }) => textOf(cookie)),
    ),
  )
  const sessionBytesInGateway = (meter.gatewayBytes() - rssBefore) / SESSIONS

  say('what was seen is written down')
  const seen = await meter.each(SESSIONS, () => wait(FLUSH_MS))

  say('screens are signed out elsewhere')
  const [quiet, asking] = [signedIn.slice(0, REVOKES), signedIn.slice(-REVOKES)]
  const revoke = await meter.each(REVOKES, async () => {
    for (const { key } of quiet) await beside.signOut(key)
  })
  const times: number[] = []
  for (const { key, cookie } of asking) {
    await askEach(port, [textOf(cookie)])
    const began = performance.now()
    await beside.signOut(key)
    // What is under way when the news comes is cut.
    const isIn = () =>
      askEach(port, [textOf(cookie)]).then(
        ([status]) => status === 200,
        () => false,
      )
    while (await isIn());
    times.push(performance.now() - began)
  }

  await Promise.all([screens.close(), films.close()])
  await beside.close()
  for (const process of [child, load, upstream]) await stopProcess(process)
  await redis.close()
  return {
    ...{
      gigabyte,
      feedRead,
      requestKnown,
      requestRead,
      seen,
      loginBegun,
      poll,
      rest,
      revoke,
      revokeMs: spreadOf(times),
    },
    ...{ sessionBytesInRedis, loginBytesInRedis, waitingBytes, sessionBytesInGateway },
  }
}
