import { expect, test } from 'vitest'
import { createDesktop, leaveForProvider, signInOnDesktop } from '../../support/desktop.ts'
import { useHouse } from '../../support/house.ts'
import { letTelevisionIn } from '../../support/let-in.ts'
import { createPhone, openForm, pressYes, scan, signInAtProvider } from '../../support/phone.ts'
import { linkIn, openOnTelevision } from '../../support/television.ts'

const house = useHouse()
const foreign = [
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
]

test('C1: a page of another site cannot approve', async () => {
  const tv = await openOnTelevision(house)
  const phone = createPhone()
  const page = await scan(phone, tv.link)
  const yes = { ...page.fields, decision: 'approve', stay: 'tonight' }
  for (const headers of foreign) expect((await phone.go(page.action, yes, headers)).status).toBe(403)
  // Without our page's token, a sibling host of the same site gets no further.
  for (const token of ['', 'x', 'A'.repeat(43)]) {
    expect((await phone.go(page.action, { ...yes, token })).status).toBe(403)
  }
  expect((await tv.collect()).headers.get('set-cookie')).toBeNull()
  expect((await pressYes(phone, page)).status).toBe(200)
})

test("C1: another person's token is nothing in this browser", async () => {
  const tv = await openOnTelevision(house)
  const attacker = createPhone()
  const theirs = await scan(attacker, tv.link, 'Sam')
  const victim = createPhone()
  await signInAtProvider(victim, new URL(`${house.door}/me`))
  expect((await victim.go(theirs.action, { ...theirs.fields, decision: 'approve', stay: 'ours' })).status).toBe(403)
})

test('C2: a page of another site cannot sign anybody out', async () => {
  const { browser } = await signInOnDesktop(house, house.cinema)
  for (const headers of foreign) {
    expect((await browser.go(`${house.cinema}/.entryphone/auth/sign-out`, {}, headers)).status).toBe(403)
  }
  expect((await browser.go(`${house.cinema}/`)).status).toBe(200)
})

test('C2: a page of another site cannot sign out screens or the phone', async () => {
  const { tv, phone } = await letTelevisionIn(house)
  const me = await openForm(phone, `${house.door}/me`)
  for (const path of ['/me/revoke', '/me/revoke-all', '/me/sign-out']) {
    const token = me.fields['token'] ?? ''
    for (const headers of foreign)
      expect((await phone.go(house.door + path, { token, ref: 'x' }, headers)).status).toBe(403)
    expect((await phone.go(house.door + path, { token: 'A'.repeat(43), ref: 'x' })).status).toBe(403)
  }
  expect((await tv.browser.go(`${house.cinema}/`)).status).toBe(200)
  expect((await phone.go(`${house.door}/me`)).status).toBe(200)
})

test('C3: a callback opened in another browser signs nobody in', async () => {
  const attacker = await leaveForProvider(house, house.cinema, '/')
  // The attacker stops before the callback and gives its URL to somebody else.
  const { url } = await signInAtProvider(attacker.browser, attacker.away, 'Sam', (at) => at.pathname === '/callback')
  const victim = createDesktop()
  await victim.go(`${house.door}/me`)
  const opened = await victim.go(url)
  // It is sent where the attacker was going, as any link there would, and is nobody.
  expect(opened.headers.get('location')).toMatch(/^\/sign-in\?visit=/)
  expect(opened.headers.getSetCookie()).toEqual([])
  expect((await createDesktop().go(url)).status).toBe(400)
  // J2: nor does it count twice, or without its state, or with two of them.
  const own = await attacker.browser.go(url)
  expect(own.status).toBe(303)
  expect((await attacker.browser.go(url)).status).toBe(400)
  for (const edit of [(u: URL) => u.searchParams.delete('state'), (u: URL) => u.searchParams.append('state', 'x')]) {
    const changed = new URL(url)
    edit(changed)
    expect((await attacker.browser.go(changed)).status).toBe(400)
  }
})

test('J3 and J5: a response with two codes, with a foreign issuer or with none signs nobody in', async () => {
  for (const edit of [
    (u: URL) => u.searchParams.append('code', 'x'),
    (u: URL) => u.searchParams.set('iss', 'https://evil.example'),
    (u: URL) => u.searchParams.delete('iss'),
    (u: URL) => u.searchParams.set('code', 'stolen'),
  ]) {
    const { browser, away } = await leaveForProvider(house, house.cinema, '/')
    const callback = new URL(away.searchParams.get('redirect_uri') ?? '')
    callback.search = new URLSearchParams({
      code: 'made-up',
      state: away.searchParams.get('state') ?? '',
      iss: house.issuer.issuer,
    }).toString()
    edit(callback)
    const answer = await browser.go(callback)
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([400, []])
  }
})

/** The ticket URL that a browser is sent to when it comes back from the provider. */
async function ticketFor(browser = createDesktop()) {
  const { away } = await leaveForProvider(house, house.cinema, '/films/7', browser)
  const { url } = await signInAtProvider(browser, away, 'Robin', (at) => at.pathname.endsWith('/ticket'))
  return { browser, ticket: url }
}

test('C3: a ticket planted in another browser signs nobody in', async () => {
  const { ticket } = await ticketFor()
  const victim = createDesktop()
  await leaveForProvider(house, house.cinema, '/', victim)
  const planted = await victim.go(ticket)
  expect([planted.status, planted.headers.getSetCookie()]).toEqual([303, []])
  const onward = await victim.go(new URL(planted.headers.get('location') ?? '', house.cinema))
  expect(new URL(onward.headers.get('location') ?? '').pathname).toBe('/sign-in')
  const bare = await createDesktop().go(ticket)
  expect([bare.status, bare.headers.getSetCookie()]).toEqual([403, []])
})

test('C3: a ticket that was shown in another browser is void', async () => {
  // The attacker begins a visit and gets somebody who is signed in at the door to open its link.
  const attacker = createDesktop()
  const challenge = await attacker.go(`${house.cinema}/`)
  const start = new URL(linkIn(await challenge.text()), house.cinema)
  const { url: visit } = await attacker.follow(start, (at) => at.origin === house.door)
  const { browser: victim } = await signInOnDesktop(house, house.library)
  const { url: ticket } = await victim.follow(visit, (at) => at.pathname.endsWith('/ticket'))
  expect((await victim.go(ticket)).status).toBe(403)
  // However its URL leaks afterwards, from a history, a log or a worker, it is worth nothing.
  const late = await attacker.go(ticket)
  expect([late.status, late.headers.getSetCookie()]).toEqual([403, []])
  expect((await attacker.go(`${house.cinema}/`)).status).toBe(401)
})

test('K10: a ticket works once', async () => {
  const { browser, ticket } = await ticketFor()
  const first = await browser.go(ticket)
  expect([first.status, first.headers.get('location')]).toEqual([303, '/films/7'])
  expect((await browser.go(ticket)).status).toBe(403)
})

test('a ticket for one app is nothing on another', async () => {
  const { browser, ticket } = await ticketFor()
  const secret = /login=([A-Za-z0-9_-]{43})/.exec(browser.cookies('cinema.localhost'))?.[1] ?? ''
  const probe = createDesktop()
  await leaveForProvider(house, house.library, '/', probe)
  const name = probe.cookies('library.localhost').split('=')[0] ?? ''
  const moved = await createDesktop().go(house.library + ticket.pathname + ticket.search, undefined, {
    cookie: `${name}=${secret}`,
  })
  expect([moved.status, moved.headers.getSetCookie()]).toEqual([403, []])
})

test('R: the page after sign-in is always one of this app, whatever the link was made into', async () => {
  const browser = createDesktop()
  for (const to of [
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '',
    'x'.repeat(5000),
  ]) {
    const started = await browser.go(`${house.cinema}/.entryphone/auth/start?to=${encodeURIComponent(to)}`)
    expect(new URL(started.headers.get('location') ?? '').origin).toBe(house.door)
  }
  // A target that was sealed for one app is only "/" on another.
  const challenge = await browser.go(`${house.cinema}/films/7`)
  const link = /href="([^"]*\/start[^"]*)"/.exec(await challenge.text())?.[1]?.replaceAll('&amp;', '&') ?? ''
  const { url } = await signInOnDesktop(house, house.library, '/').then(({ browser: signedIn }) =>
    signedIn.follow(new URL(link, house.library), () => false),
  )
  expect(url.href).toBe(`${house.library}/`)
})
