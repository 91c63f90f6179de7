import { expect, test } from 'vitest'
import { classify } from '../../../src/screens/classify.ts'
import { readCookie } from '../../../src/sessions/cookies.ts'
import { useHouse } from '../../support/house.ts'
import { expectQuick } from '../../support/quick.ts'
import { parseResponse, type RawResponse, sendRaw } from '../../support/raw.ts'
import { useTraffic } from '../../support/traffic-harness.ts'

const gate = useTraffic()
const house = useHouse()

/** Small numbers that are the same in every run. */
function createDice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}

const pieces = [
  '%',
  '%00',
  '%zz',
  '%2e%2e/',
  '\u00ff',
  '\u0080',
  ';',
  '=',
  '"',
  '\\',
  ',',
  '//',
  '..',
  ':',
  '@',
  '[',
  '{',
  '$where',
  '__proto__',
  'constructor',
  'ep1.',
  'eyJhbGciOiJub25lIn0.',
  '.',
  'A'.repeat(300),
  '\t',
  ' ',
  'entryphone',
  '__Host-entryphone',
  'é',
  '<script>',
  '0',
  '-1',
  '1e309',
  '(((((',
]

test('D5: thousands of malformed targets, cookies, tokens and user agents end in no error of ours', async () => {
  const roll = createDice(5)
  const mess = (most: number) => Array.from({ length: roll(most) }, () => pieces[roll(pieces.length)]).join('')
  const { host: door } = new URL(house.door)
  const { host: cinema } = new URL(house.cinema)
  const ids = [
    '/d/',
    '/d/x/other-account',
    '/me',
    '/callback?state=',
    '/sign-in?visit=',
    '/.entryphone/auth/start?to=',
    '/.entryphone/auth/',
  ]
  const heads = () => {
    const host = [door, cinema][roll(2)]
    const target = `${['', '/', ...ids][roll(ids.length + 2)]}${mess(6).replaceAll(/[\s]/g, '')}`
    const name = ['entryphone', '__Host-entryphone', `entryphone-${mess(2)}`, 'x'][roll(4)]
    const method = ['GET', 'GET', 'GET', 'POST', 'HEAD', 'OPTIONS', 'PROPFIND'][roll(7)]
    return `${method} ${target === '' ? '/' : target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nUser-Agent: ${mess(8)}\r\nCookie: ${name}=${mess(6)}; ${mess(4)}\r\nAccept: ${mess(3)}text/html\r\nAccept-Language: ${mess(4)}\r\nAuthorization: Bearer ${mess(5)}\r\nX-Forwarded-For: ${mess(3)}\r\nOrigin: ${mess(3)}\r\n\r\n`
  }
  const seen = new Map<number, number>()
  for (let batch = 0; batch < 150; batch++) {
    const sent = Array.from({ length: 20 }, heads)
    const answers = await Promise.all(sent.map((text) => sendRaw(house.port, Buffer.from(text, 'latin1'))))
    for (const [i, { status }] of answers.entries()) {
      seen.set(status, (seen.get(status) ?? 0) + 1)
      // 501 and 505 say what the client did.
      if (status >= 500) expect([status, sent[i]]).toEqual(['an answer of the client’s making', sent[i]])
    }
  }
  console.log(`statuses: ${[...seen].map(([status, count]) => `${count} × ${status}`).join(', ')}`)
  expect((await sendRaw(house.port, `GET / HTTP/1.1\r\nHost: ${cinema}\r\nConnection: close\r\n\r\n`)).status).toBe(401)
})

/** How long an answer takes, in milliseconds. */
async function timed(bytes: string, port: number): Promise<{ ms: number; answer: RawResponse }> {
  const begun = performance.now()
  const answer = await sendRaw(port, bytes)
  return { ms: performance.now() - begun, answer }
}

test('D6: names that are made to collide, in cookies, queries, forms and JSON, take no more than their length', async () => {
  const { host } = new URL(house.door)
  const fields = (count: number) => Array.from({ length: count }, (_, i) => `${i * 65_536}=`).join('&')
  const sent: [string, (count: number) => string][] = [
    ['query', (count) => `GET /sign-in?${fields(count)} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`],
    [
      'cookies',
      (count) =>
        `GET /me HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nCookie: ${fields(count).replaceAll('&', '; ')}\r\n\r\n`,
    ],
    ['form', (count) => form(fields(count), 'application/x-www-form-urlencoded')],
    ['json', (count) => form(`{"${fields(count).replaceAll('=&', '":0,"')}":0}`, 'application/json')],
    ['__proto__', (count) => form('__proto__=x&'.repeat(count / 2), 'application/x-www-form-urlencoded')],
  ]
  function form(body: string, type: string) {
    return `POST /me/revoke HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  }
  for (const [name, make] of sent) {
    await timed(make(10), house.port)
    const small = await timed(make(130), house.port)
    const large = await timed(make(1300), house.port)
    expect([name, large.answer.status < 500, large.answer.status > 0]).toEqual([name, true, true])
    expectQuick(`${name}: 1,300 names, beside ${small.ms.toFixed(0)} ms for 130`, large.ms)
  }
  // A cookie of ours among thousands of others is found, or not, in one pass.
  const header = `${fields(3000).replaceAll('&', '; ')}; entryphone=found`
  const begun = performance.now()
  for (let i = 0; i < 100; i++) expect(readCookie(header, 'entryphone')).toBe('found')
  expectQuick('a cookie among 3,000, a hundred times', performance.now() - begun)
})

test('D7: a user agent of eight kilobytes, however it is spelled, is judged in no time', async () => {
  const spellings = [
    'a',
    ' ',
    '(',
    ')',
    ';',
    '/',
    '1',
    '1.',
    'Mozilla/5.0 ',
    'Android ',
    'Android 9; ',
    'Version/',
    'Safari/',
    'SMART-TV; ',
    'Tizen ',
    'Build/',
    '; wv',
    'Linux; ',
    'AFT',
    'Web0S',
    'HbbTV/1.1.1 (',
    'aB',
    'A-',
    '_',
    'Chrome/1',
    '((((a',
    'x.y.',
    '\u00ff',
  ]
  let slowest = { ms: 0, spelling: '' }
  for (const spelling of spellings) {
    for (const before of ['', 'Mozilla/5.0 (Linux; Android 9; ', 'Mozilla/5.0 (SMART-TV; ', 'Opera/9.80 (']) {
      const userAgent = (before + spelling.repeat(8192)).slice(0, 8192)
      const begun = performance.now()
      classify({
        userAgent,
        requestedWith: undefined,
        platformHint: undefined,
        modelHint: userAgent,
        formFactorsHint: userAgent,
      })
      const ms = performance.now() - begun
      if (ms > slowest.ms) slowest = { ms, spelling: before + spelling }
      expect([spelling, ms < 250]).toEqual([spelling, true])
    }
  }
  console.log(`slowest: ${slowest.ms.toFixed(1)} ms for ${slowest.spelling} …`)
  const answer = parseResponse(
    (await sendRaw(gate.port, gate.anonymous('GET /', 'Accept: text/html', `User-Agent: ${'('.repeat(8192)}`))).bytes,
  )
  expect(answer.status).toBe(401)
})
