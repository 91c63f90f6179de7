import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { listen } from '../../../src/demo/listen.ts'
import { attach } from '../../../src/traffic/connection/attach.ts'
import { overflowIn } from '../../../src/traffic/connection/overflow.ts'
import { serverOptions } from '../../../src/traffic/connection/server-options.ts'
import { sendRaw } from '../../support/raw.ts'
import { useTraffic } from '../../support/traffic-harness.ts'

const gate = useTraffic()
const page = 'Accept: text/html'
const cookies = (bytes: number) =>
  `Cookie: ${Array.from({ length: bytes / 1000 }, (_, i) => `c${i}=${'x'.repeat(994)}`).join('; ')}`

test('D2: what is too long is refused with a clear status, and reaches nobody', async () => {
  const sent: [string, number[]][] = [
    [gate.signedIn('GET /', `X-Long: ${'a'.repeat(16_000)}`), [200]],
    [gate.signedIn('GET /', `X-Long: ${'a'.repeat(64_000)}`), [431]],
    [gate.signedIn('GET /', ...Array.from({ length: 1000 }, (_, i) => `X-${i}: ${'a'.repeat(30)}`)), [431]],
    [gate.signedIn('GET /', ...Array.from({ length: 900 }, (_, i) => `X-${i}: a`)), [200]],
    // From Node 26 on a thousand fields are too many; before, those after two thousand go unread and nowhere.
    [gate.signedIn('GET /', ...Array.from({ length: 2500 }, (_, i) => `X-${i}: a`)), [200, 431]],
    [gate.signedIn(`GET /${'a'.repeat(17_000)}`), [414]],
    [gate.signedIn(`GET /${'a'.repeat(100_000)}`), [414]],
    [gate.signedIn(`GET /?q=${'a;'.repeat(50_000)}`), [414]],
    [gate.signedIn(`${'A'.repeat(100_000)} /`), [400]],
    [gate.signedIn('GET /', `${'A'.repeat(64_000)}: a`), [431]],
    [
      gate.framed('POST / HTTP/1.1', ['Transfer-Encoding: chunked'], `3;${'a'.repeat(64_000)}\r\nabc\r\n0\r\n\r\n`),
      [0, 400, 413],
    ],
  ]
  for (const [bytes, statuses] of sent) {
    gate.recorder.clear()
    const answer = await sendRaw(gate.port, bytes)
    expect([bytes.length, bytes.slice(60, 100), statuses.includes(answer.status), answer.status]).toEqual([
      bytes.length,
      bytes.slice(60, 100),
      true,
      answer.status,
    ])
    if (answer.status >= 414) expect(gate.recorder.requests).toEqual([])
  }
})

test('D2: a person reads what to do, a script reads one line', async () => {
  const person = await sendRaw(gate.port, gate.anonymous(`GET /${'a'.repeat(64_000)}`, page))
  // All of it came in one piece, the wish for a page included.
  expect([person.status, person.all('content-type')]).toEqual([414, ['text/html; charset=utf-8']])
  expect(person.body).toContain('message too-much-sent')
  expect(person.all('cache-control')).toEqual(['no-store'])
  expect(person.all('content-security-policy')).toEqual(["default-src 'none'"])
  const script = await sendRaw(
    gate.port,
    gate.anonymous('GET /', 'Accept: application/json', `X-Long: ${'a'.repeat(40_000)}`),
  )
  expect([script.status, script.all('content-type'), script.body]).toEqual([
    431,
    ['text/plain'],
    'Request Header Fields Too Large\n',
  ])
})

test('K5: a browser with too many cookies is rid of them by the answer, and gets in again', async () => {
  const answer = await sendRaw(gate.port, gate.anonymous('GET /', page, cookies(60_000)))
  expect(answer.status).toBe(431)
  expect(answer.all('clear-site-data')).toEqual(['"cookies"'])
  // Engines that do not know it are told one by one.
  expect(answer.all('set-cookie').slice(0, 2)).toEqual(['c0=; Path=/; Max-Age=0', 'c1=; Path=/; Max-Age=0'])
  expect(answer.body).toContain('message too-much-sent')
  expect(gate.recorder.requests).toEqual([])
  // As TLS and networks cut it: from the middle of the cookies.
  const piece = cookies(16_000).slice(500)
  expect(overflowIn(piece)).toMatchObject({ what: 'cookies', names: expect.arrayContaining(['c5', 'c15']) })
  expect(overflowIn(`GET / HTTP/1.1\r\nHost: a\r\ncookie: __Host-a=b; ${cookies(16_000).slice(8)}`)).toMatchObject({
    names: expect.arrayContaining(['__Host-a', 'c1']),
  })
})

test('K5: a long address clears no cookies, however it is spelled', async () => {
  for (const long of ['a', 'a;', '%3B%20a=', ';a=b', 'Cookie:a=b;', '; a']) {
    const target = `/?${long.repeat(40_000 / long.length)}`.replaceAll(' ', '+')
    const answer = await sendRaw(gate.port, gate.anonymous(`GET ${target}`, page, 'Cookie: session=x; other=y'))
    expect([long, answer.status, answer.all('clear-site-data'), answer.all('set-cookie')]).toEqual([long, 414, [], []])
    // In pieces, with the end of the request line in the last one.
    for (const piece of [
      target,
      target.slice(20_000),
      `${target.slice(10_000)}; HTTP/1.1\r\nHost: a\r\nCookie: a=b; c=d`,
    ]) {
      expect([long, overflowIn(piece).what]).not.toEqual([long, 'cookies'])
    }
  }
  const referer = await sendRaw(
    gate.port,
    gate.anonymous('GET /', page, `Referer: https://evil.example/?${';a=b'.repeat(10_000)}`),
  )
  expect([referer.status, referer.all('clear-site-data')]).toEqual([431, []])
})

test('a broken message is one line of the log for a network, not one each', async () => {
  const long = gate.anonymous('GET /', `X-Long: ${'a'.repeat(40_000)}`)
  for (let i = 0; i < 50; i++) await sendRaw(gate.port, long)
  // On a socket for both families the same address is spelled as mapped IPv6.
  const server = createServer(serverOptions)
  attach(server, gate.traffic)
  const { port, close } = await listen(server, 0, '::')
  onTestFinished(close)
  await sendRaw(port, long)
  const told = gate.notices.filter(({ event, status }) => event === 'message_refused' && status === 431)
  expect(told).toHaveLength(1)
  expect(told[0]).toMatchObject({ network: '127.0.0.0/24', code: 'HPE_HEADER_OVERFLOW' })
})
