import { createHash } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../../src/lib/clock.ts'
import { createMemoryStore } from '../../../src/store/memory.ts'
import { leaveForProvider, signInOnDesktop } from '../../support/desktop.ts'
import { useHouse } from '../../support/house.ts'
import { letTelevisionIn, signedInPhone } from '../../support/let-in.ts'
import { createPerson, type Person } from '../../support/person.ts'
import { openForm, signInAtProvider } from '../../support/phone.ts'
import { sendRaw } from '../../support/raw.ts'
import { LG_TV, linkIn, openOnTelevision, type WaitingTelevision } from '../../support/television.ts'

// Everything that opens something, put into each place where something else belongs.

const memory = createMemoryStore(systemClock)
const asked = new Set<string>()
const store: typeof memory = {
  ...memory,
  get(key) {
    asked.add(key)
    return memory.get(key)
  },
}
const house = useHouse({ store })
const AUTH = '/.entryphone/auth'

/** What each is, by its name. */
let handles: Record<string, string>
let phone: Person
/** Each person may try ten codes in ten minutes. */
let typists: Person[]
let waiting: WaitingTelevision
let names: { cinema: string; door: string }

const secretIn = (cookies: string, end: string) => new RegExp(`[0-9a-f]{8}${end}=([^;]*)`).exec(cookies)?.[1] ?? ''
const keyOf = (secret: string) => createHash('sha256').update(secret).digest('base64url')

beforeAll(async () => {
  const inside = await letTelevisionIn(house)
  phone = inside.phone
  typists = [await signedInPhone(house, 'Sam'), phone]
  waiting = await openOnTelevision(house)
  const [door, screen] = [phone.cookies('door.localhost'), inside.tv.browser.cookies('cinema.localhost')]
  const binding = secretIn(waiting.browser.cookies('cinema.localhost'), '-login')
  const away = await leaveForProvider(house, house.cinema, '/films/7')
  const ticketed = await leaveForProvider(house, house.cinema, '/films/8')
  const { url: ticket } = await signInAtProvider(ticketed.browser, ticketed.away, 'Robin', (at) =>
    at.pathname.endsWith('/ticket'),
  )
  const stranger = createPerson()
  const to =
    new URL(linkIn(await (await stranger.go(`${house.cinema}/`)).text()), house.cinema).searchParams.get('to') ?? ''
  const started = await stranger.go(`${house.cinema}${AUTH}/start?to=${encodeURIComponent(to)}`)
  const me = await openForm(phone, `${house.door}/me`, 'name="ref"')
  const approve = await openForm(phone, waiting.link, 'decision')
  names = { cinema: screen.split('=')[0] ?? '', door: /(?:^|; )([^=]*[0-9a-f]{8})=/.exec(door)?.[1] ?? '' }
  handles = {
    'door session': secretIn(door, ''),
    'door binding': secretIn(door, '-login'),
    'screen session': secretIn(screen, ''),
    'screen binding': binding,
    'bare binding': binding.split('.')[0] ?? '',
    'login id': binding.split('.')[1] ?? '',
    'link id': waiting.link.slice(-16),
    'user code': waiting.userCode,
    ticket: ticket.searchParams.get('t') ?? '',
    state: away.away.searchParams.get('state') ?? '',
    nonce: away.away.searchParams.get('nonce') ?? '',
    'sealed target': to,
    'sealed visit': new URL(started.headers.get('location') ?? '').searchParams.get('visit') ?? '',
    'form token': approve.fields['token'] ?? '',
    'list token': me.fields['token'] ?? '',
    'list handle': me.fields['ref'] ?? '',
    'known device': secretIn(screen, '-known'),
    'key of a session': keyOf(secretIn(screen, '')),
  }
})

const as = (name: string, value: string) => createPerson({ 'user-agent': LG_TV, cookie: `${name}=${value}` })
const leads = (answer: Response) => answer.headers.get('location') ?? ''

/** Each place with what belongs there, and whether a value opens it. */
const slots: [place: string, belongs: string, opens: (value: string) => Promise<boolean>][] = [
  [
    'session cookie of an app',
    'screen session',
    async (value) => (await as(names.cinema, value).go(`${house.cinema}/`)).status === 200,
  ],
  [
    'session cookie of the door',
    'door session',
    async (value) => (await as(names.door, value).go(`${house.door}/me`)).status === 200,
  ],
  [
    'binding cookie of a screen',
    'screen binding',
    async (value) => (await as(`${names.cinema}-login`, value).go(waiting.page)).status === 200,
  ],
  [
    'address of a login',
    'login id',
    async (value) => (await waiting.browser.go(`${house.cinema}${AUTH}/${encodeURIComponent(value)}/`)).status === 200,
  ],
  [
    'short link',
    'link id',
    async (value) => (await phone.go(`${house.door}/d/${encodeURIComponent(value)}`)).status === 200,
  ],
  [
    'typed code',
    'user code',
    async (value) => {
      const typist = typists.reverse()[0] as Person
      const form = await openForm(typist, `${house.door}/d`, 'code')
      return leads(await typist.go(form.action, { ...form.fields, code: value })).startsWith('/d/')
    },
  ],
  [
    'start link',
    'sealed target',
    async (value) => {
      const visit = new URL(
        leads(await createPerson().go(`${house.cinema}${AUTH}/start?to=${encodeURIComponent(value)}`)),
      )
      return visit.searchParams.get('visit') !== null && value === handles['sealed target']
    },
  ],
  [
    'visit',
    'sealed visit',
    async (value) => (await phone.go(`${house.door}/sign-in?visit=${encodeURIComponent(value)}`)).status === 303,
  ],
  [
    'ref of the list',
    'list handle',
    async (value) => {
      const { action, fields } = await openForm(phone, `${house.door}/me`, 'name="ref"')
      await phone.go(action, { ...fields, ref: value })
      return (await (await phone.go(`${house.door}/me`)).text()).match(/name="ref"/g)?.length !== rows
    },
  ],
  [
    'token of the approve page',
    'form token',
    async (value) => (await phone.go(waiting.link, { token: value, decision: 'deny' })).status === 200,
  ],
  [
    'token of the list',
    'list token',
    async (value) => (await phone.go(`${house.door}/me/revoke`, { token: value, ref: 'x' })).status === 303,
  ],
]
let rows = 0

test('E5: whatever opens one thing opens nothing in the place of another', async () => {
  rows = (await (await phone.go(`${house.door}/me`)).text()).match(/name="ref"/g)?.length ?? 0
  for (const [place, belongs, opens] of slots) {
    for (const [name, value] of Object.entries(handles)) {
      // Two spellings of one thing: the secret alone binds, too.
      if (name === belongs || (belongs === 'screen binding' && name === 'bare binding')) continue
      expect([name, value]).toEqual([name, expect.stringMatching(/.{8}/)])
      expect([place, name, await opens(value)]).toEqual([place, name, false])
    }
  }
  // What belongs there opens it.
  for (const [place, belongs, opens] of slots) {
    expect([place, await opens(handles[belongs] ?? '')]).toEqual([place, true])
  }
})

test('E5 J15: nothing of ours is a state, a ticket or a credential', async () => {
  for (const [name, value] of Object.entries(handles)) {
    const { browser } = await leaveForProvider(house, house.cinema, '/')
    const query = new URLSearchParams({ state: value, code: value, iss: house.issuer.issuer })
    const before = house.issuer.requests.length
    const back = await browser.go(`${house.door}/callback?${query}`)
    // Another browser's state leads where that one was going, as a link there would; its code goes nowhere.
    expect([name, back.status, leads(back).split('=')[0]]).toEqual(
      name === 'state' ? [name, 303, '/sign-in?visit'] : [name, 400, ''],
    )
    expect([name, back.headers.getSetCookie()]).toEqual([name, []])
    expect([name, house.issuer.requests.length]).toEqual([name, before])
    if (name !== 'ticket') {
      const ticket = await browser.go(`${house.cinema}${AUTH}/ticket?t=${encodeURIComponent(value)}`)
      expect([name, ticket.status, ticket.headers.getSetCookie()]).toEqual([name, 403, []])
    }
    for (const field of [`Bearer ${value}`, `Entryphone ${value}`, `Basic ${btoa(`x:${value}`)}`]) {
      const asked = await browser.go(`${house.cinema}/?access_token=${encodeURIComponent(value)}`, undefined, {
        authorization: field,
      })
      expect([name, field, asked.status]).toEqual([name, field, 401])
      expect((await browser.go(`${house.door}/me`, undefined, { authorization: field })).status).toBe(303)
    }
  }
})

test('E2: ids that are no ids reach the store as nothing but hashes', async () => {
  asked.clear()
  const odd = [
    ':',
    '*',
    '{}',
    '%0d%0a',
    '%00',
    '../../session/x',
    '__proto__',
    'constructor',
    'x'.repeat(10_000),
    '%ff',
    'session/',
    "' OR 1=1--",
  ]
  for (const text of odd) {
    const header = text.replace(/[\s;,]/g, '_')
    for (const [host, path] of [
      [house.cinema, `${AUTH}/${text}/`],
      [house.cinema, `${AUTH}/ticket?t=${text}`],
      [house.cinema, `${AUTH}/start?to=${text}`],
      [house.cinema, '/'],
      [house.door, `/d/${text}`],
      [house.door, `/callback?state=${text}&code=${text}`],
      [house.door, `/sign-in?visit=${text}`],
      [house.door, '/me'],
    ]) {
      const cookies = [names.cinema, names.door].flatMap((name) => [`${name}=${header}`, `${name}-login=${header}`])
      const fields = [
        `Host: ${new URL(host ?? '').host}`,
        `Cookie: ${cookies.join('; ')}`,
        'Accept: text/html',
        'Connection: close',
      ]
      const answer = await sendRaw(house.port, `GET ${path} HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n`)
      expect([path?.slice(0, 60), answer.status < 500]).toEqual([path?.slice(0, 60), true])
    }
  }
  const form = await openForm(phone, `${house.door}/d`, 'code')
  for (const code of odd.slice(0, 9)) await phone.go(form.action, { ...form.fields, code })
  expect(asked.size).toBeGreaterThan(10)
  for (const key of asked) expect(key).toMatch(/^[a-z]+\/(?:link-|code-)?[A-Za-z0-9_-]{22,43}$/)
})

test('K8: a session cookie that differs in one character, or is cut, opens nothing', async () => {
  const { browser } = await signInOnDesktop(house, house.cinema)
  const right = secretIn(browser.cookies('cinema.localhost'), '')
  const opens = async (value: string) => (await as(names.cinema, value).go(`${house.cinema}/`)).status
  expect(await opens(right)).toBe(200)
  const bits = Buffer.from(right, 'base64url')
  const flipped = Array.from({ length: 256 }, (_, bit) => {
    const other = Buffer.from(bits)
    other[bit >> 3] = (other[bit >> 3] as number) ^ (1 << (bit & 7))
    return other.toString('base64url')
  })
  // The last character has two bits that mean nothing.
  const twins = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].map(
    (c) => right.slice(0, -1) + c,
  )
  const cut = [
    right.slice(1),
    right.slice(0, -1),
    `${right}A`,
    `${right}=`,
    right.toLowerCase(),
    right.toUpperCase(),
    `${right}.`,
  ]
  const wrong = [...flipped, ...twins, ...cut].filter((value) => value !== right)
  expect((await Promise.all(wrong.map(opens))).filter((status) => status !== 401)).toEqual([])
})
