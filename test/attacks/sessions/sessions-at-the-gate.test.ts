import { afterEach, expect, test } from 'vitest'
import { openRaw, sendRaw } from '../../support/raw.ts'
import type { TrafficHarness } from '../../support/traffic-harness.ts'
import { startTraffic } from '../../support/traffic-harness.ts'
import { turns } from '../../support/turns.ts'

let gate: TrafficHarness
afterEach(() => gate.close())

test('a request without a session never reaches the app', async () => {
  gate = await startTraffic()
  const name = gate.app.cookies.session
  for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PROPFIND', 'REPORT', 'PATCH']) {
    for (const cookie of [
      '',
      `${name}=`,
      `${name}=unknown`,
      `${name.toLowerCase()}x=movies-session`,
      `x${name}=movies-session`,
      `${name}=movies-session; ${name}=other`,
      `${name}="movies-session"`,
    ]) {
      const answer = await sendRaw(
        gate.port,
        gate.anonymous(`${method} /secret`, ...(cookie === '' ? [] : [`Cookie: ${cookie}`])),
      )
      expect({ method, cookie, status: answer.status }).toEqual({ method, cookie, status: 401 })
    }
  }
  for (const header of [
    'Authorization: Bearer movies-session',
    'X-Forwarded-User: anna',
    'Remote-User: anna',
    'X-Middleware-Subrequest: 1',
    'User-Agent: kube-probe/1.2',
  ]) {
    expect((await sendRaw(gate.port, gate.anonymous('GET /healthz', header))).status).toBe(401)
  }
  expect(gate.recorder.connections()).toBe(0)
})

test('the session of another app never counts', async () => {
  gate = await startTraffic()
  for (const value of ['photos-session', 'door-session']) {
    const answer = await sendRaw(
      gate.port,
      gate.anonymous('GET /secret', `Cookie: ${gate.app.cookies.session}=${value}`),
    )
    expect(answer.status).toBe(401)
  }
  expect(gate.recorder.connections()).toBe(0)
  const there = `GET /secret HTTP/1.1\r\nHost: photos.home.example\r\nCookie: ${gate.otherCookie}\r\nConnection: close\r\n\r\n`
  expect((await sendRaw(gate.port, there)).status).toBe(200)
})

test('somebody who is not on the list is refused', async () => {
  gate = await startTraffic({ app: { allow: { groups: ['admins'] } } })
  const page = await sendRaw(gate.port, gate.signedIn('GET /secret', 'Sec-Fetch-Mode: navigate'))
  expect(page.status).toBe(403)
  // Whoever may not come in needs a way to be somebody else.
  expect(page.body).toContain('message not-allowed /.entryphone/auth/sign-out')
  expect(gate.recorder.connections()).toBe(0)
})

test('nobody is allowed by an empty list', async () => {
  gate = await startTraffic({ app: { allow: {} } })
  expect((await sendRaw(gate.port, gate.signedIn('GET /'))).status).toBe(403)
})

test('a store that fails refuses, and the process goes on', async () => {
  const faults = [
    () => Promise.reject(new Error('disk on fire')),
    () => {
      throw new Error('at once')
    },
  ]
  for (const find of faults) {
    gate = await startTraffic({ find })
    const answer = await sendRaw(gate.port, gate.signedIn('GET /secret', 'Accept: application/json'))
    expect([500, 503]).toContain(answer.status)
    expect(answer.body).not.toMatch(/fire|at once/)
    expect(gate.recorder.connections()).toBe(0)
    if (find !== faults.at(-1)) await gate.close()
  }
})

test('N1: a renderer or a sealer that fails ends the request, not the process', async () => {
  const broken = () => {
    throw new Error('broken')
  }
  gate = await startTraffic({ parts: { startLink: broken } })
  expect((await sendRaw(gate.port, gate.anonymous('GET /', 'Sec-Fetch-Mode: navigate'))).status).toBe(500)
  await gate.close()
  gate = await startTraffic({ parts: { pages: { chooseLang: broken, challenge: broken, message: broken } } })
  expect((await sendRaw(gate.port, gate.anonymous('GET /', 'Sec-Fetch-Mode: navigate'))).bytes).toBe('')
  expect((await sendRaw(gate.port, gate.signedIn('GET /'))).status).toBe(200)
})

test('ending a session cuts its open responses', async () => {
  gate = await startTraffic({ slowly: true })
  gate.recorder.answer = () => 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n'
  const stream = await openRaw(gate.port)
  stream.write(gate.signedIn('GET /events'))
  await stream.until((received) => received.includes('data: 1'))
  gate.recorder.answer = () => undefined
  const poll = await openRaw(gate.port)
  const asked = new Promise<void>((resolve) => {
    gate.recorder.answer = () => void resolve()
  })
  poll.write(gate.signedIn('GET /poll'))
  await asked
  expect(gate.live.close('movies-key')).toBe(2)
  await Promise.all([stream.closed(), poll.closed()])
  expect(gate.live.isOpen('movies-key')).toBe(false)
})

test('a client that leaves while its session is looked up leaves nothing behind', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  gate = await startTraffic({
    async find() {
      asked.resolve()
      await promise
      return gate.sessions.get('movies-session')
    },
  })
  const client = await openRaw(gate.port)
  client.write(gate.signedIn('GET /film'))
  await asked.promise
  const told = gate.nextLine()
  client.socket.destroy()
  expect(await told).toMatchObject({ status: 499 })
  resolve()
  await turns(50)
  expect(gate.live.isOpen('movies-key')).toBe(false)
  expect(gate.recorder.connections()).toBe(0)
})

test('no log line holds a cookie, a query or a credential', async () => {
  gate = await startTraffic()
  await sendRaw(
    gate.port,
    gate.signedIn('GET /a?api_key=hush', 'Authorization: Bearer hush', 'X-Api-Key: hush', 'Cookie: other=hush'),
  )
  await sendRaw(gate.port, gate.anonymous('GET /b?token=hush'))
  await sendRaw(gate.port, gate.anonymous('GET //c?token=hush', 'X-Odd: hush'))
  const told = JSON.stringify([gate.lines, gate.notices])
  expect(gate.lines.map(({ path }) => path)).toEqual(['/a', '/b', '//c'])
  expect(told).not.toMatch(/hush|movies-session/)
  expect(gate.lines[0]).toMatchObject({
    method: 'GET',
    app: 'movies',
    status: 200,
    client: '127.0.0.1',
    decision: 'forward',
    reason: 'session',
  })
  expect(gate.lines[1]).toMatchObject({ status: 401, decision: 'challenge' })
  expect(gate.lines[2]).toMatchObject({ status: 400, decision: 'refuse' })
})
