import { expect, test } from 'vitest'
import { readTarget } from '../../src/traffic/target.ts'
import { openRaw, parseResponse, sendRaw } from '../support/raw.ts'
import { seeded } from '../support/seeded.ts'
import { useTraffic } from '../support/traffic-harness.ts'

const gate = useTraffic()

/** The status that a signed-in GET of `target` gets, and the target that reached the app. */
async function ask(target: string): Promise<{ status: number; reached: string | undefined }> {
  gate.recorder.clear()
  const { status } = await sendRaw(gate.port, gate.signedIn(`GET ${target}`))
  return { status, reached: gate.recorder.requests[0]?.target }
}

async function refusesAll(targets: readonly string[], status = 400): Promise<void> {
  for (const target of targets)
    expect({ target, ...(await ask(target)) }).toEqual({ target, status, reached: undefined })
}

async function passesAll(targets: readonly string[]): Promise<void> {
  for (const target of targets) expect(await ask(target)).toEqual({ status: 200, reached: target })
}

const pieces = [
  '/',
  '/',
  '/',
  '/',
  '//',
  'a',
  'web',
  'secret',
  'public',
  '.',
  '..',
  '...',
  '.a',
  'a.',
  '%2e',
  '%2E',
  '%2e%2e',
  '.%2e',
  '%252e',
  '%2f',
  '%2F',
  '%5c',
  '\\',
  ';',
  ';x=1',
  '..;',
  ';/..',
  '%3b',
  '%00',
  '%0a',
  '%7f',
  '%20',
  '%',
  '%z',
  '%c3%a9',
  '%e9',
  '%c0%ae',
  '%ff',
  '#',
  '?',
  '?q=',
  '&x=..',
  '*',
  ':',
  '@',
  '~',
  '!',
  '$',
  '+',
  ',',
  '=',
  '|',
  '^',
  '`',
  '{',
  '}',
  '"',
  '<',
  '>',
  '.entryphone',
  '.ENTRYPHONE',
  '%2eentryphone',
  '.entry%70hone',
  '.entryphone;x',
  '%252eentryphone',
  '\x7f',
  '\xe9',
]

test('promise 1: the bytes forwarded are the bytes judged', { timeout: 30_000 }, async () => {
  const random = seeded(20_261_126)
  const targets = Array.from({ length: 10_000 }, () => {
    const length = 1 + Math.floor(random() * 9)
    const text = Array.from({ length }, () => pieces[Math.floor(random() * pieces.length)]).join('')
    return random() < 0.9 ? `/${text}` : text
  })
  let passed = 0
  let client = await openRaw(gate.port)
  for (const target of targets) {
    // Every other request has no session: none of those may reach the app at all.
    for (const session of [true, false]) {
      gate.recorder.clear()
      const before = client.received().length
      const cookie = session ? `Cookie: ${gate.cookie}\r\n` : ''
      client.write(`GET ${target} HTTP/1.1\r\nHost: movies.home.example\r\n${cookie}\r\n`)
      const answered = await client.until((all) => complete(all.slice(before)))
      const { status } = parseResponse(answered.slice(before))
      const reached = gate.recorder.requests.map((request) => request.target)
      if (!session) expect({ target, reached }).toEqual({ target, reached: [] })
      else if (reached.length > 0) {
        expect(reached).toEqual([target])
        expect({ target, resolves: resolvesElsewhere(target) }).toEqual({ target, resolves: false })
        passed++
      } else if (!target.startsWith('/.entryphone/')) expect({ target, status }).toEqual({ target, status: 400 })
      if (client.socket.readableEnded || client.socket.destroyed || /Connection: close/.test(answered.slice(before))) {
        client.socket.destroy()
        client = await openRaw(gate.port)
      }
    }
  }
  // A rule that refuses everything would hold the promise as well.
  expect(passed).toBeGreaterThan(1000)
})

/** Another reading of a target than ours, on purpose: by the URL parser, after one decoding and a few foldings. */
function resolvesElsewhere(target: string): boolean {
  const path = target.split('?', 1)[0] as string
  const decoded = decodeURIComponent(path)
  if (/(^|[/\\])\.\.?(;[^/\\]*)?([/\\]|$)/.test(decoded)) return true
  if ([...decoded].some((char) => char === '\\' || char < ' ' || char === '\x7f')) return true
  const url = new URL(target, 'http://movies.home.example')
  if (url.host !== 'movies.home.example' || url.pathname.length < path.length) return true
  return /^\/*\.entryphone(;|\/|$)/i.test(decoded)
}

function complete(bytes: string): boolean {
  const end = bytes.indexOf('\r\n\r\n')
  const length = /Content-Length: (\d+)/i.exec(bytes)?.[1]
  return end >= 0 && bytes.length >= end + 4 + Number(length ?? 0)
}

test('dot segments are refused in every spelling', () =>
  refusesAll([
    '/..',
    '/.',
    '/a/..',
    '/a/../b',
    '/a/./b',
    '/a/%2e%2e/b',
    '/a/.%2e/b',
    '/a/%2E./b',
    '/..%2fb',
    '/a%2f..%2fb',
    '/a/..;/b',
    '/a/.;x=1/b',
    '/a/%2e%2e%3b/b',
    '/public;/../secret',
    '/..?q',
    '/a/..%2F',
  ]))

test('backslashes are refused, raw and encoded', () =>
  refusesAll(['/a\\b', '/\\evil', '/a%5cb', '/..%5C..', '/%5c..%5csecret']))

test('raw fragments, controls and non-ASCII bytes are refused', () =>
  refusesAll(['/secret#/public', '/a?b#c', '/a\x7fb', '/caf\xe9', '/a?\xe9', '/a\x01b', '/a\tb', '/?a\x0bb']))

test('encoded control bytes are refused', () => refusesAll(['/a%00b', '/a%0ab', '/a%0D%0Ab', '/%1f', '/%7F', '/%09']))

test('malformed escapes and invalid UTF-8 are refused in the path and free in the query', async () => {
  await refusesAll(['/%', '/%zz', '/%2', '/%c0%ae', '/%ff', '/%e9', '/%ed%a0%80', '/a%'])
  await passesAll(['/?q=%', '/?q=%zz', '/?q=%ff%00', '/?q=a..b/../c', '/?q=\\', '/?/../x'])
})

test('targets that name another host are refused', () =>
  refusesAll([
    '//evil/x',
    '//',
    '///evil',
    '*',
    'http://other.home.example/x',
    'https://other.home.example/x',
    'ftp://movies.home.example/',
    'http://movies.home.example/x',
    'https://evil@movies.home.example/',
    'https://movies.home.example:444/',
    'movies.home.example:443',
    'a',
    'https:///x',
    'https://movies.home.example\\@evil/',
  ]))

test('absolute-form for the very host passes as its path', async () => {
  expect(await ask('https://movies.home.example/web/?q=1')).toEqual({ status: 200, reached: '/web/?q=1' })
  expect(await ask('HTTPS://MOVIES.home.example:443?q=1')).toEqual({ status: 200, reached: '/?q=1' })
  await refusesAll([
    'https://movies.home.example//evil/x',
    'https://movies.home.example/../x',
    'https://movies.home.example#x',
  ])
})

test('other spellings of the reserved prefix are refused', async () => {
  await refusesAll([
    '/.ENTRYPHONE/auth/start',
    '/.Entryphone/',
    '/%2eentryphone/auth/start',
    '/.entry%70hone/x',
    '/.entryphone%2fauth',
    '/.entryphone;/x',
    '/.entryphone;x=1/auth',
    '/.entryphone',
    '/.entryphone?x',
    '/%2f.entryphone/auth',
    '/%252eentryphone/x',
    '/.entry%2570hone/',
  ])
  expect((await ask('/.entryphone/auth/start?to=x')).reached).toBeUndefined()
  expect((await sendRaw(gate.port, gate.anonymous('GET /.entryphone/auth/start?to=x'))).body).toBe(
    'threshold movies /.entryphone/auth/start?to=x',
  )
  await refusesAll(['/.entryphone/../x', '/.entryphone/%2e%2e/x'])
  await passesAll(['/web/.entryphone/x', '/.entryphones/', '/entryphone/', '/x?/.entryphone/'])
})

test('data in paths passes unchanged', () =>
  passesAll([
    '/',
    '/a//b',
    '/a%2fb',
    '/a%2Fb',
    '/a%252e%252e/b',
    '/%25%32%65',
    '/a;b=c/d',
    '/a/...',
    '/.well-known/x',
    '/file..name',
    '/a/.hidden',
    '/caf%C3%A9',
    '/%20',
    '/a%23b',
    '/a%3fb',
    '/A/%41',
    '/x:y@z',
    "/!$&'()*+,=~",
    '/a|b',
    '/secret::$DATA',
    '/%E2%80%AE',
    '/a%EF%BC%8Fb',
  ]))

test('long targets are answered 414 in linear time', async () => {
  expect((await ask(`/${'a'.repeat(16_384)}`)).status).toBe(414)
  expect((await ask(`/${'a/'.repeat(5000)}`)).status).toBe(200)
  expect((await ask(`/${'a'.repeat(64_000)}`)).status).toBe(431)
  const begun = performance.now()
  for (const text of [
    `/%25${'25'.repeat(8000)}`,
    `/.${'%2e'.repeat(5000)}`,
    `/${'.;'.repeat(8000)}`,
    `/%2f${'/.a'.repeat(5000)}`,
  ]) {
    readTarget(text, 'https', 'movies.home.example')
  }
  expect(performance.now() - begun).toBeLessThan(200)
})
