import { expect, test } from 'vitest'
import { SECOND } from '../../../src/lib/clock.ts'
import { createFakeClock } from '../../support/clock.ts'
import { useHouse } from '../../support/house.ts'
import { oddFraming } from '../../support/odd-framing.ts'
import { countResponses, openRaw, parseResponse, sendRaw } from '../../support/raw.ts'
import { turns } from '../../support/turns.ts'

const clock = createFakeClock(Date.now())
const house = useHouse({ clock })
const AUTH = '/.entryphone/auth'

/** Asks the door or the cinema, and reads the answer as it came. */
function ask(place: 'door' | 'cinema', line: string, fields: string[] = [], body = '') {
  const length = body === '' ? [] : [`Content-Length: ${body.length}`]
  const head = [`${line} HTTP/1.1`, `Host: ${new URL(house[place]).host}`, 'Connection: close', ...length, ...fields]
  return sendRaw(house.port, `${head.join('\r\n')}\r\n\r\n${body}`)
}

test('F4 J33: nothing that we answer can be stored, framed, sniffed or embedded, whatever is asked', async () => {
  const form = 'Content-Type: application/x-www-form-urlencoded'
  const ids = [
    '%E2%82%AC',
    '%F0%9F%98%80',
    '%C3%A9',
    '%25',
    '%2F%2Fevil.example',
    '__proto__',
    'x'.repeat(101),
    'x'.repeat(5000),
  ]
  const asked: ['door' | 'cinema', string, string[]?, string?][] = [
    ...ids.flatMap((id): ['door' | 'cinema', string, string[]?, string?][] => [
      ['cinema', `GET ${AUTH}/${id}/`],
      ['cinema', `GET ${AUTH}/${id}/collect`],
      ['cinema', `GET ${AUTH}/${id}/qr-${id}.png`],
      ['cinema', `POST ${AUTH}/${id}/wait`, [form], 'seen='],
      ['cinema', `POST ${AUTH}/${id}/again`, [form], 'a=b'],
      ['door', `GET /d/${id}`],
      ['door', `POST /d/${id}`, [form], 'token=x&decision=approve'],
      ['door', `POST /d/${id}/other-account`, [form], 'token=x'],
    ]),
    ...['HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PROPFIND', 'REPORT', 'PURGE'].flatMap(
      (method): ['door' | 'cinema', string][] => [
        ['door', `${method} /me`],
        ['cinema', `${method} ${AUTH}/sign-out`],
      ],
    ),
    ['door', 'POST /me/revoke', ['Content-Type: application/json'], '{}'],
    ['door', 'POST /me/revoke', ['Content-Type: text/plain'], 'x'],
    ['door', 'POST /me/revoke', [form], 'x'.repeat(17_000)],
    ['door', 'POST /me/revoke', [form], '__proto__=1&constructor=2'],
    ['cinema', `GET ${AUTH}/start?to=a&to=b`],
    ['cinema', `GET ${AUTH}/ticket?t=%ED%A0%80`],
    ['cinema', `GET ${AUTH}/start`, ['Sec-Fetch-Mode: cors']],
    ['door', 'GET /callback?state=%'],
  ]
  for (const [place, line, fields, body] of asked) {
    const answer = await ask(place, line, fields, body)
    const name = `${line.slice(0, 60)} ${answer.status}`
    expect([name, answer.status < 500]).toEqual([name, true])
    expect([name, answer.all('cache-control'), answer.all('x-content-type-options')]).toEqual([
      name,
      ['no-store'],
      ['nosniff'],
    ])
    expect([name, answer.all('x-frame-options')]).toEqual([name, ['DENY']])
    expect([name, answer.all('cross-origin-resource-policy')]).toEqual([name, ['same-origin']])
    expect([name, answer.all('cross-origin-opener-policy')]).toEqual([name, ['same-origin']])
    expect([name, answer.all('referrer-policy')]).toEqual([name, ['same-origin']])
    const [policy = '', ...further] = answer.all('content-security-policy')
    expect([name, further, policy]).toEqual([name, [], expect.stringContaining("default-src 'none'")])
    expect([name, policy]).toEqual([name, expect.stringContaining("frame-ancestors 'none'")])
    // Nobody's address is repeated to them, and nothing leads to another host.
    expect(answer.body).not.toContain('x'.repeat(100))
    const [location] = answer.all('location')
    if (location !== undefined)
      expect([house.door, house.issuer.issuer]).toContain(new URL(location, house.door).origin)
  }
})

test('S1 to S16: odd requests to the door and the threshold are refused or read in one way, and none is a fault', async () => {
  for (const [place, path] of [
    ['door', '/d'],
    ['door', '/me/revoke'],
    ['cinema', `${AUTH}/sign-out`],
    // Nobody is signed in there: the app sees none of them.
    ['cinema', '/films/42'],
  ] as const) {
    const own = `Host: ${new URL(house[place]).host}\r\nContent-Type: application/x-www-form-urlencoded\r\n`
    const hidden = `GET /d/HIDDEN HTTP/1.1\r\n${own}\r\n`
    for (const bytes of oddFraming({ path, own, hidden })) {
      const client = await openRaw(house.port)
      client.write(`${bytes}GET /last HTTP/1.1\r\n${own}Connection: close\r\n\r\n`)
      const answers = (await client.closed()).match(/HTTP\/1\.1 \d+/g) ?? []
      const wrong = path === '/films/42' ? / ([23]..|50[0234])$/ : / 50[0234]$/
      expect([path, bytes, answers.filter((status) => wrong.test(status))]).toEqual([path, bytes, []])
      // The odd one, the one that it hid where that is allowed, and the last; between them an interim one.
      expect([path, bytes, answers.filter((status) => !status.endsWith(' 100')).length <= 3]).toEqual([
        path,
        bytes,
        true,
      ])
    }
  }
})

test('S15: a form that is too long is answered once, and its connection ends there', async () => {
  for (const [place, line] of [
    ['door', 'POST /me/revoke'],
    ['door', 'POST /d'],
    ['cinema', `POST ${AUTH}/sign-out`],
    ['cinema', 'POST /'],
  ] as const) {
    const host = `Host: ${new URL(house[place]).host}\r\n`
    const form = `${host}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000000\r\n\r\n`
    const behind = `GET /behind HTTP/1.1\r\n${host}\r\n`
    const answer = await sendRaw(house.port, `${line} HTTP/1.1\r\n${form}${'a'.repeat(1_000_000)}${behind}`)
    expect([line, answer.status >= 400, countResponses(answer.bytes)]).toEqual([line, true, 1])
    expect([line, answer.all('connection')]).toEqual([line, ['close']])
  }
})

test('H12: how the gateway is, is told at one address, which opens nothing else', async () => {
  expect(await ask('door', 'GET /health', ['User-Agent: kube-probe/1.29'])).toMatchObject({ status: 200, body: 'ok\n' })
  for (const target of [
    '/health/../me',
    '/health/%2e%2e/me',
    '/HEALTH',
    '/health;x',
    '/health/me',
    '/health%2f',
    '/healthz',
  ]) {
    const answer = await ask('door', `GET ${target}`, ['User-Agent: kube-probe/1.29'])
    expect([target, answer.status >= 400]).toEqual([target, true])
  }
  for (const agent of ['kube-probe/1.29', 'GoogleHC/1.0', 'ELB-HealthChecker/2.0']) {
    for (const target of ['/health', '/', '/api'])
      expect((await ask('cinema', `GET ${target}`, [`User-Agent: ${agent}`])).status).toBe(401)
    expect((await ask('door', 'GET /me', [`User-Agent: ${agent}`])).status).toBe(303)
  }
})

test('D3: our own pages take in sixteen kilobytes and no more, however they are announced', async () => {
  const form = 'Content-Type: application/x-www-form-urlencoded'
  const chunk = `1000\r\n${'x'.repeat(4096)}\r\n`
  for (const [place, path] of [
    ['door', '/me/revoke'],
    ['door', `/d/${'A'.repeat(16)}`],
    ['cinema', `${AUTH}/sign-out`],
  ] as const) {
    const host = `Host: ${new URL(house[place]).host}`
    const post = (...lines: string[]) => [`POST ${path} HTTP/1.1`, host, form, ...lines].join('\r\n')
    const announced = await openRaw(house.port)
    // Nothing of it has to come for that to be said.
    announced.write(`${post('Content-Length: 10000000000')}\r\n\r\n`)
    expect(parseResponse(await announced.until((text) => text.includes('\r\n\r\n'))).status).toBe(413)
    const sent = await sendRaw(
      house.port,
      `${post('Content-Length: 17000', 'Connection: close')}\r\n\r\n${'x'.repeat(17_000)}`,
    )
    expect(sent.status).toBe(413)
    const endless = await openRaw(house.port)
    endless.write(`${post('Transfer-Encoding: chunked')}\r\n\r\n`)
    while (!endless.received().includes('\r\n\r\n') && !endless.socket.destroyed) {
      endless.write(chunk)
      await turns(5)
    }
    expect(parseResponse(endless.received()).status).toBe(413)
    // Whatever goes on coming ends the connection in time.
    for (let second = 0; second < 21; second++) await clock.advance(SECOND)
    await Promise.all([announced.closed(), endless.closed()])
  }
})

test('F4: what the gate says itself, in whatever form, is neither stored nor sniffed, and its pages are not framed', async () => {
  const html = 'Accept: text/html'
  const json = 'Accept: application/json'
  const host = `Host: ${new URL(house.cinema).host}`
  const raw = (...lines: string[]) => sendRaw(house.port, `${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`)
  const answers = [
    ...[html, json, 'Accept: */*', 'Service-Worker: script'].map((field) => ask('cinema', 'GET /', [field])),
    ask('cinema', 'HEAD /', [html]),
    ask('cinema', 'POST /', [html, 'Content-Length: 0']),
    ask('cinema', 'POST /', [html, 'Origin: https://evil.example', 'Content-Length: 0']),
    ask('cinema', 'TRACE /', [html]),
    ask('cinema', 'GET //evil.example', [html]),
    ask('cinema', `GET /${'x'.repeat(17_000)}`, [html]),
    raw('GET / HTTP/1.1', 'Host: evil.example', html),
    raw('GET / HTTP/1.1', 'Host: evil.example', json),
    raw('GET / HTTP/1.1', host, 'Transfer-Encoding: gzip', html),
    raw('GET / HTTP/1.1', host, 'Upgrade: websocket', html),
  ]
  for (const answer of await Promise.all(answers)) {
    const name = `${answer.status} ${answer.all('content-type').join()}`
    expect([name, answer.all('cache-control'), answer.all('x-content-type-options')]).toEqual([
      name,
      ['no-store'],
      ['nosniff'],
    ])
    expect([name, answer.all('etag'), answer.all('last-modified')]).toEqual([name, [], []])
    if (!name.includes('text/html')) continue
    expect([name, answer.all('x-frame-options')]).toEqual([name, ['DENY']])
    expect([name, answer.all('content-security-policy')]).toEqual([
      name,
      [expect.stringMatching(/^default-src 'none'; .*frame-ancestors 'none'$/)],
    ])
  }
})

test('D: a form that never arrives does not hold its connection', async () => {
  for (const [place, line] of [
    ['door', 'POST /me/revoke'],
    ['door', 'POST /nowhere'],
    ['door', `POST /d/${'x'.repeat(200)}`],
    ['cinema', `POST ${AUTH}/sign-out`],
  ] as const) {
    const connection = await openRaw(house.port)
    const head = `${line} HTTP/1.1\r\nHost: ${new URL(house[place]).host}\r\nContent-Length: 100\r\n`
    connection.write(`${head}Content-Type: application/x-www-form-urlencoded\r\n\r\ntoken=`)
    for (let second = 0; second < 21; second++) {
      await clock.advance(SECOND)
      if (!connection.socket.destroyed) connection.write('x')
    }
    const status = parseResponse(await connection.closed()).status
    expect(status === 0 || status >= 400).toBe(true)
  }
})
