import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createDesktop, leaveForProvider } from '../../support/desktop.ts'
import { useHouse } from '../../support/house.ts'
import { type LyingProvider, startLyingProvider } from '../../support/lying-provider.ts'
import type { Person } from '../../support/person.ts'
import { createPhone, openForm, pressYes } from '../../support/phone.ts'
import { openRaw, sendRaw } from '../../support/raw.ts'
import { openOnTelevision } from '../../support/television.ts'

let provider: LyingProvider
const house = useHouse({
  process: true,
  topLines: () => 'log: { level: debug }',
  async startProvider(options) {
    provider = await startLyingProvider(options)
    return provider
  },
})

/** Everything that went to a browser on the way, addresses included. */
const shown: string[] = []

/** Notes what a browser gets. */
function watched(person: Person): Person {
  const go: Person['go'] = async (url, form, headers) => {
    const answer = await person.go(url, form, headers)
    const lines = [...answer.headers].filter(([name]) => name !== 'set-cookie').map((line) => line.join(': '))
    shown.push(`${url}\n${lines.join('\n')}\n${await answer.clone().text()}`)
    return answer
  }
  async function follow(start: string | URL, stopAt: (url: URL) => boolean) {
    let url = new URL(start)
    for (let hop = 0; hop < 12 && !stopAt(url); hop++) {
      const response = await go(url)
      const location = response.headers.get('location')
      if (location === null) return { url, response }
      url = new URL(location, url)
    }
    return { url, response: undefined }
  }
  return { ...person, go, follow }
}

/** A television that is let in, a browser that signs in, and both list and sign-outs; the cookies that came of it. */
async function wholeRun(): Promise<{ cookies: string[]; codes: string[] }> {
  const tv = await openOnTelevision(house)
  const phone = watched(createPhone())
  await phone.follow(`${house.door}/me`, () => false)
  const done = await pressYes(phone, await openForm(phone, tv.link, 'decision'))
  expect(done.status).toBe(200)
  expect((await tv.collect()).headers.get('location')).toBe('/films/42?t=90')
  shown.push(tv.html)
  const browser = watched(createDesktop())
  const { away } = await leaveForProvider(house, house.cinema, '/films/7?api_key=of-the-app&token=of-the-app', browser)
  expect((await browser.follow(away, () => false)).url.pathname).toBe('/films/7')
  await browser.go(`${house.cinema}/films/8?access_token=of-the-app#of-the-app`)
  for (const path of ['/me', '/d', '/nothing']) await phone.go(house.door + path)
  await browser.go(`${house.cinema}/.entryphone/auth/sign-out`)
  const cookies = [
    phone.cookies('door.localhost'),
    browser.cookies('cinema.localhost'),
    tv.browser.cookies('cinema.localhost'),
  ].flatMap((header) => header.split('; ').map((pair) => pair.slice(pair.indexOf('=') + 1)))
  const codes = [tv.userCode, tv.userCode.replace('-', ''), tv.link.slice(-16), tv.page.split('/').at(-2) ?? '']
  return { cookies: cookies.flatMap((value) => value.split('.')), codes }
}

test('L1 L2 L7 J39: of a whole run at the level debug, neither the log nor any answer holds a secret', async () => {
  const { cookies, codes } = await wholeRun()
  // Sign-ins that fail are where secrets are told by mistake.
  for (const lies of [
    { signed: 'by-a-stranger' },
    { claims: { nonce: 'x' } },
    { idToken: 'x.y.z' },
    { userinfo: [], claims: { name: undefined } },
  ] as const) {
    provider.lies = lies
    const { browser, away } = await leaveForProvider(house, house.cinema, '/', watched(createDesktop()))
    expect((await browser.follow(away, () => false)).url.pathname).toBe('/callback')
  }
  provider.lies = {}
  const log = house.log().join('\n')
  const secrets = [...provider.secrets, ...cookies].filter((secret) => secret.length > 7)
  expect(secrets.length).toBeGreaterThan(30)
  for (const secret of [...secrets, ...codes, 'of-the-app'])
    expect([secret, log.includes(secret)]).toEqual([secret, false])
  // The address of the provider's way back is the one place that holds a code and a state; tokens are in none.
  const seen = shown
    .filter((text) => !/^\S*(?:\/callback|\/authorize)\?/.test(text))
    .join('\n')
    .replace(/^location: .*$/gm, '')
  for (const secret of secrets) expect([secret, seen.includes(secret)]).toEqual([secret, false])
  for (const [, event] of [
    ['1', 'device_approved'],
    ['2', 'session_created'],
    ['3', 'sign_in_success'],
    ['4', 'sign_in_fail'],
  ]) {
    expect(log).toContain(`"event":"${event}"`)
  }
  for (const line of house.log().filter((text) => text.startsWith('{'))) {
    expect(JSON.parse(line)).toMatchObject({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      event: expect.any(String),
    })
  }
})

test('L3: whatever is sent, each line of the log is one line of plain JSON', async () => {
  const before = house.log().length
  const odd = [
    '%0a%0d{"event":"forged"}',
    '%1b[31m',
    '"}\\n{"event":"forged"}',
    "'; DROP TABLE x",
    '%c2%9b31m',
    '$(id)',
    '%s%n',
  ]
  for (const text of odd) {
    const head = `GET /${text} HTTP/1.1\r\nHost: ${new URL(house.cinema).host}\r\nConnection: close\r\n`
    await sendRaw(
      house.port,
      `${head}User-Agent: ${text}\x9b31m\r\nReferer: ${text}\r\nOrigin: ${text}\r\nX-Forwarded-For: ${text}\r\n\r\n`,
    )
  }
  // What the provider sends somebody back with is said in the log as well.
  const { browser, away } = await leaveForProvider(house, house.cinema, '/')
  const state = away.searchParams.get('state') ?? ''
  const error = 'made_up\n{"event":"forged"}\u001b[31m\u009b31m\u2028'
  await browser.go(`${house.door}/callback?${new URLSearchParams({ state, error, iss: house.issuer.issuer })}`)
  const lines = house.log().slice(before)
  expect(lines.length).toBeGreaterThan(odd.length)
  for (const line of lines) {
    expect(line).toMatch(/^[\x20-\x7e]*$/)
    expect(JSON.parse(line).event).not.toBe('forged')
  }
})

test('L4: no address that we make holds the secret of the client, a token or a cookie', async () => {
  const { cookies } = await wholeRun()
  const addresses = shown.flatMap((text) => [
    text.split('\n')[0] ?? '',
    ...[...text.matchAll(/^location: (.*)$/gm), ...text.matchAll(/(?:href|src|action)="([^"]*)"/g)].map(
      ([, url]) => url ?? '',
    ),
  ])
  expect(addresses.length).toBeGreaterThan(50)
  const [clientSecret = ''] = provider.secrets
  const tokens = [...provider.secrets].filter((secret) => secret.startsWith('eyJ'))
  for (const secret of [clientSecret, encodeURIComponent(clientSecret), ...tokens, ...cookies].filter(
    (one) => one.length > 7,
  )) {
    expect([secret, addresses.filter((url) => url.includes(secret))]).toEqual([secret, []])
  }
})

test('K11: a copy of the store opens nothing, and names nobody', async () => {
  const { cookies, codes } = await wholeRun()
  const bytes = ['entryphone.sqlite', 'entryphone.sqlite-wal']
    .map((file) => readFileSync(join(house.dataDir, file), 'latin1'))
    .join('')
  const secrets = [...provider.secrets, ...cookies.filter((one) => one.length > 7), ...codes.slice(0, 3)]
  // A login is found by its id, which opens nothing without the cookie that began it.
  for (const secret of [...secrets, 'Robin', '"sub"', 'films/42'])
    expect([secret, bytes.includes(secret)]).toEqual([secret, false])
  // Nor is anything that stands there a cookie, a ticket, a state or a link.
  const words = new Set(bytes.match(/[A-Za-z0-9_-]{43}/g))
  expect(words.size).toBeGreaterThan(5)
  const name = (await createDesktop().go(`${house.cinema}/.entryphone/auth/sign-out`, {})).headers
    .getSetCookie()[0]
    ?.split('=')[0]
  const ask = async (origin: string, path: string, cookie: string) => {
    const fields = [`Host: ${new URL(origin).host}`, `Cookie: ${cookie}`, 'Accept: text/html', 'Connection: close']
    return (await sendRaw(house.port, `GET ${path} HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n`)).status
  }
  for (const word of words) {
    const tried = await Promise.all([
      ask(house.cinema, '/', `${name}=${word}; ${name}-login=${word}`),
      ask(house.cinema, `/.entryphone/auth/ticket?t=${word}`, `${name}-login=${word}`),
      ask(house.door, `/callback?state=${word}&code=x`, 'x=y'),
    ])
    expect([word, tried]).toEqual([word, [401, 403, 400]])
  }
})

test('L5: the process shows no secret in its arguments or its title, and broken requests put none into its output', async () => {
  const connection = await openRaw(house.port)
  connection.write(`GET / HTTP/1.1\r\nHost: x\r\nCookie: a-secret-of-mine\r\nbroken line\r\n\r\n`)
  await connection.closed()
  await sendRaw(
    house.port,
    `POST /d HTTP/1.1\r\nHost: ${new URL(house.door).host}\r\nContent-Length: 17\r\nConnection: close\r\n\r\na-secret-of-mine=`,
  )
  const pid = house.pid()
  const shownByKernel = ['cmdline', 'comm'].map((file) => readFileSync(`/proc/${pid}/${file}`, 'latin1')).join('\n')
  expect(shownByKernel).toContain('serve')
  for (const secret of [...provider.secrets, 'a-secret-of-mine']) {
    expect([secret, shownByKernel.includes(secret), house.log().join('\n').includes(secret)]).toEqual([
      secret,
      false,
      false,
    ])
  }
})
