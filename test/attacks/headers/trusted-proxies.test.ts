import { afterEach, expect, test } from 'vitest'
import { createArrivals } from '../../../src/traffic/reading/arrival.ts'
import { sendRaw } from '../../support/raw.ts'
import type { TrafficHarness } from '../../support/traffic-harness.ts'
import { startTraffic } from '../../support/traffic-harness.ts'

let gate: TrafficHarness
afterEach(() => gate?.close())

/** What the app is told about the client, and what the log says. */
async function seen(...headers: string[]) {
  gate.recorder.clear()
  const line = gate.nextLine()
  await sendRaw(gate.port, gate.signedIn('GET /', ...headers))
  return { app: gate.recorder.requests[0]?.all('x-forwarded-for'), log: (await line)['client'] }
}

const claims = [
  'X-Forwarded-For: 1.2.3.4',
  'X-Real-IP: 1.2.3.4',
  'Forwarded: for=1.2.3.4;proto=http',
  'X-Forwarded-Proto: http',
  'CF-Connecting-IP: 1.2.3.4',
  'True-Client-IP: 1.2.3.4',
]

test('promise 9: nobody is trusted by default', async () => {
  gate = await startTraffic()
  expect(await seen(...claims)).toEqual({ app: ['127.0.0.1'], log: '127.0.0.1' })
  expect(gate.recorder.requests[0]?.head).not.toContain('1.2.3.4')
  // Nor is the machine itself, a private network, or a host that a header names.
  const answer = await sendRaw(
    gate.port,
    'GET / HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: movies.home.example\r\nConnection: close\r\n\r\n',
  )
  expect(answer.status).toBe(421)
})

test('H5: another proxy than the trusted one is not believed', async () => {
  gate = await startTraffic({ parts: { trustedProxies: ['10.0.0.0/8', '::1'] } })
  expect(await seen(...claims)).toEqual({ app: ['127.0.0.1'], log: '127.0.0.1' })
})

test('H6: the rightmost address outside the trusted networks is the client', async () => {
  gate = await startTraffic({ parts: { trustedProxies: ['127.0.0.0/8', '10.0.0.0/8'] } })
  const cases: [string[], string][] = [
    [['X-Forwarded-For: 1.2.3.4'], '1.2.3.4'],
    [['X-Forwarded-For: 6.6.6.6, 1.2.3.4, 10.1.2.3'], '1.2.3.4'],
    [['X-Forwarded-For: 10.9.9.9, 1.2.3.4'], '1.2.3.4'],
    [['X-Forwarded-For: 6.6.6.6', 'X-Forwarded-For: 1.2.3.4'], '1.2.3.4'],
    [['X-Forwarded-For: ::ffff:1.2.3.4'], '1.2.3.4'],
    [['X-Forwarded-For: 1.2.3.4:80'], '1.2.3.4'],
    [['X-Forwarded-For: [2001:db8::1]:80'], '2001:db8::1'],
    [['X-Forwarded-For: 2001:DB8::1%eth0'], '2001:db8::1'],
    [['X-Forwarded-For: 10.0.0.7'], '10.0.0.7'],
    // Nonsense is worth nothing, and nothing before it is either.
    [['X-Forwarded-For: a'], '127.0.0.1'],
    [['X-Forwarded-For:'], '127.0.0.1'],
    [['X-Forwarded-For: 1.2.3'], '127.0.0.1'],
    [['X-Forwarded-For: 1.2.3.4, unknown'], '127.0.0.1'],
    [['X-Forwarded-For: 1.2.3.4,'], '127.0.0.1'],
    [[`X-Forwarded-For: ${'9'.repeat(10_000)}`], '127.0.0.1'],
    [[`X-Forwarded-For: ${'6.6.6.6, '.repeat(1000)}1.2.3.4`], '1.2.3.4'],
    [['X-Real-IP: 6.6.6.6', 'Forwarded: for=6.6.6.6'], '127.0.0.1'],
  ]
  for (const [headers, client] of cases)
    expect([headers, await seen(...headers)]).toEqual([headers, { app: [client], log: client }])
})

test('a trusted proxy may name the host, but never another one than a Host that is known', async () => {
  gate = await startTraffic({ parts: { trustedProxies: ['127.0.0.1'] } })
  const ask = (host: string, forwarded: string) =>
    sendRaw(gate.port, `GET /where HTTP/1.1\r\nHost: ${host}\r\n${forwarded}Connection: close\r\n\r\n`)
  expect((await ask('gateway:8080', 'X-Forwarded-Host: door.home.example\r\n')).body).toBe('door /where')
  expect((await ask('movies.home.example', 'X-Forwarded-Host: door.home.example\r\n')).status).toBe(401)
  for (const forwarded of ['a, door.home.example', 'evil.example', 'door.home.example/x', '']) {
    expect((await ask('gateway:8080', `X-Forwarded-Host: ${forwarded}\r\n`)).status).toBe(421)
  }
  expect(
    (await ask('gateway:8080', 'X-Forwarded-Host: door.home.example\r\nX-Forwarded-Host: door.home.example\r\n'))
      .status,
  ).toBe(421)
})

test('the list of proxies takes addresses and CIDRs only', () => {
  const create = (entry: string) => createArrivals([entry], () => false)
  for (const entry of [
    '',
    '1',
    'loopback',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/x',
    '10.0.0.0/-1',
    '::/129',
    '*',
  ]) {
    expect(() => create(entry), entry).toThrow()
  }
  for (const entry of ['10.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8', '0.0.0.0/0'])
    expect(() => create(entry)).not.toThrow()
})

test('cold code sees the same client', async () => {
  let told: unknown
  gate = await startTraffic({
    parts: {
      trustedProxies: ['127.0.0.1'],
      cold: {
        threshold: (_req, res) => void res.end(),
        door(_req, res, { place }) {
          told = place
          res.end()
        },
      },
    },
  })
  const ask = (headers: string) =>
    sendRaw(gate.port, `GET / HTTP/1.1\r\nHost: door.home.example\r\nConnection: close\r\n${headers}\r\n`)
  await ask('X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: http\r\n')
  expect(told).toEqual({ address: '1.2.3.4', certain: true })
  // A proxy that says nothing of the client hides it.
  await ask('X-Forwarded-Proto: javascript\r\n')
  expect(told).toEqual({ address: '127.0.0.1', certain: false })
})
