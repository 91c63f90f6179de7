import { expect, test } from 'vitest'
import { systemClock } from '../../../src/lib/clock.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { isSamePerson } from '../../../src/logins/login.ts'
import { identityFromClaims } from '../../../src/provider/identity.ts'
import { judge } from '../../../src/sessions/allow.ts'
import { createLiveSessions } from '../../../src/sessions/live.ts'
import { createSessions } from '../../../src/sessions/sessions.ts'
import { createIndex } from '../../../src/store/index-record.ts'
import { createKeyring } from '../../../src/store/keyring.ts'
import { createMemoryStore } from '../../../src/store/memory.ts'
import { createRecords } from '../../../src/store/records.ts'
import { signInOnDesktop } from '../../support/desktop.ts'
import { useHouse } from '../../support/house.ts'
import { createPhone, openForm, pressYes, readForm, scan, signInAtProvider } from '../../support/phone.ts'
import { sampleSession } from '../../support/sample-session.ts'
import { openOnTelevision } from '../../support/television.ts'

const onlyAdmins = '    allow: { groups: [admins] }'
const house = useHouse({ cinemaLines: onlyAdmins, trustLoopback: true })

test('U16: a person who may not open an app cannot let a screen into it', async () => {
  const tv = await openOnTelevision(house)
  const phone = createPhone()
  const answer = await pressYes(phone, await scan(phone, tv.link, 'Sam'))
  expect(answer.status).toBe(403)
  expect(await answer.text()).toContain('Sam')
  expect((await tv.collect()).headers.get('set-cookie')).toBeNull()
  // The code stays alive for somebody who may.
  const other = createPhone()
  expect((await pressYes(other, await scan(other, tv.link, 'Robin'))).status).toBe(200)
})

test('a browser of a person who may not open the app gets no session', async () => {
  const { browser, url, html } = await signInOnDesktop(house, house.cinema, '/', 'Sam')
  expect(url.pathname).toBe('/.entryphone/auth/ticket')
  expect(html).toContain('Sam')
  expect((await browser.go(`${house.cinema}/`)).status).toBe(401)
})

test('a person who may not open the app can let the screen in with another account', async () => {
  const tv = await openOnTelevision(house)
  const phone = createPhone()
  const scanned = await scan(phone, tv.link, 'Sam')
  const refused = await (await pressYes(phone, scanned)).text()
  const other = readForm(scanned.action, refused, 'Use another account')
  const away = new URL((await phone.go(other.action, other.fields)).headers.get('location') ?? '', house.door)
  const { url, html } = await signInAtProvider(phone, away, 'Robin')
  expect((await pressYes(phone, readForm(url, html, 'decision'))).status).toBe(200)
})

test('a person who had to sign in again, and may not open the app, can take another account', async () => {
  house.issuer.setOption('signedInSecondsAgo', 1000)
  const phone = createPhone()
  await signInAtProvider(phone, new URL(`${house.door}/me`), 'Sam')
  house.issuer.setOption('signedInSecondsAgo', 0)
  const tv = await openOnTelevision(house)
  const pressed = await pressYes(phone, await scan(phone, tv.link))
  const { url, html } = await signInAtProvider(phone, new URL(pressed.headers.get('location') ?? ''), 'Sam')
  const other = readForm(url, html, 'Use another account')
  expect((await phone.go(other.action, other.fields)).status).toBe(303)
})

test('a person who may not open the app can come into a browser with another account', async () => {
  const { browser, html } = await signInOnDesktop(house, house.cinema, '/films/42?t=90', 'Sam')
  const other = /href="([^"]*)">Use another account/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? ''
  const { url } = await signInAtProvider(browser, new URL(other), 'Robin')
  expect(url.href).toBe(`${house.cinema}/films/42?t=90`)
})

test('U14: a person who may no longer open the app gets no session', async () => {
  const tv = await openOnTelevision(house)
  const phone = createPhone()
  expect((await pressYes(phone, await scan(phone, tv.link))).status).toBe(200)
  await house.restart('    allow: { groups: [nobody] }')
  const refused = await tv.collect()
  expect([refused.status, refused.headers.get('set-cookie')]).toEqual([403, null])
  await house.restart(onlyAdmins)
})

test('U14: a person who may no longer open the app is refused with the session that they have', async () => {
  const { browser } = await signInOnDesktop(house, house.cinema, '/', 'Robin')
  expect((await browser.go(`${house.cinema}/`)).status).toBe(200)
  await house.restart('    allow: {}')
  expect((await browser.go(`${house.cinema}/`)).status).toBe(403)
  await house.restart(onlyAdmins)
})

test('U18: from another network an approval says that the screen is in front of the person', async () => {
  const tv = await openOnTelevision(house, { headers: { 'x-forwarded-for': '203.0.113.7' } })
  const phone = createPhone()
  await signInAtProvider(phone, new URL(`${house.door}/me`))
  const elsewhere = { 'x-forwarded-for': '198.51.100.9' }
  const page = await openForm(phone, tv.link)
  const yes = { ...page.fields, decision: 'approve', stay: 'tonight' }
  const unsaid = await phone.go(page.action, yes, elsewhere)
  expect([unsaid.status, (await unsaid.text()).includes('name="here"')]).toEqual([200, true])
  expect((await tv.collect()).headers.get('set-cookie')).toBeNull()
  const said = await phone.go(page.action, { ...yes, here: 'yes' }, elsewhere)
  expect(said.status).toBe(200)
  expect((await tv.collect()).headers.get('location')).toBe('/films/42?t=90')
})

test('U18: the page says what can be known of the network, and preselects the longer stay only at home', async () => {
  const cases = [
    ['192.168.1.20', '192.168.1.31', 'same', 'ours'],
    ['203.0.113.7', '203.0.113.7', 'same', 'ours'],
    ['2001:db8:1:2::7', '2001:db8:1:2::9', 'same', 'ours'],
    ['203.0.113.7', '198.51.100.9', 'different', 'tonight'],
    ['2001:db8:1:2::7', '2001:db8:1:3::9', 'different', 'tonight'],
    ['192.168.1.20', '198.51.100.9', 'unknown', 'tonight'],
    ['203.0.113.7', '2001:db8::1', 'unknown', 'tonight'],
    ['100.64.1.1', '100.64.1.1', 'unknown', 'tonight'],
  ] as const
  const phone = createPhone()
  await signInAtProvider(phone, new URL(`${house.door}/me`))
  for (const [screen, hand, network, stay] of cases) {
    const tv = await openOnTelevision(house, { headers: { 'x-forwarded-for': screen } })
    const html = await (await phone.go(tv.link, undefined, { 'x-forwarded-for': hand })).text()
    expect([screen, hand, /<b class="(same|different|unknown)"/.exec(html)?.[1]]).toEqual([screen, hand, network])
    expect(/value="(\w+)" id="\w+" checked/.exec(html)?.[1]).toBe(stay)
  }
})

test('J20: an e-mail that only looks like a listed one, in letters of another alphabet, is not listed', () => {
  const allow = { emails: ['Kim@home.example'] }
  const person = (email: string) => ({ issuer: 'https://id.home.example', sub: 's', name: 'Kim', email })
  expect(judge(allow, person('kim@HOME.example')).allowed).toBe(true)
  for (const email of [
    '\u212aim@home.example',
    'k\u0131m@home.example',
    'kim@home.examp\u217ce',
    'kim@home.example.evil',
    'kim@evil@home.example',
    'kim@home.example@evil.example',
    '"kim@home.example"@evil.example',
    '"kim"@home.example',
    ' kim@home.example',
    'kim@home.example.',
    'kim@home.example\n',
    'kim+x@home.example',
    'kim@xn--home-.example',
    '',
  ]) {
    expect([email, judge(allow, person(email)).allowed]).toEqual([email, false])
  }
})

test('J19: a session of a provider that is no longer configured opens nothing', async () => {
  const store = createMemoryStore(systemClock)
  const keyring = createKeyring(new Map([[1, Buffer.alloc(32, 1)]]))
  const startWith = (...issuers: string[]) =>
    createSessions({
      clock: systemClock,
      log: silentLog,
      keyring,
      records: createRecords(store, keyring, 'session'),
      people: createIndex({
        clock: systemClock,
        records: createRecords(store, keyring, 'person'),
        exists: async () => true,
      }),
      live: createLiveSessions(),
      issuers,
      announceEnd: async () => undefined,
      onEnd: () => undefined,
    })
  const session = sampleSession('cinema')
  const [secret, { issuer }] = ['A'.repeat(43), session.approvedBy]
  const before = startWith(issuer)
  await before.create(secret, session)
  expect(await before.find(secret)).toBeDefined()
  // The people of the new provider may have the same names.
  for (const other of ['https://id.other.example', `${issuer}/`, issuer.toUpperCase()]) {
    const moved = startWith(other)
    expect([other, await moved.find(secret), await moved.listOf(session.approvedBy)]).toEqual([other, undefined, []])
    await moved.close()
  }
  await before.close()
})

test('J19 J20: a person is who one issuer calls so, and an e-mail counts only when it is said to be verified', () => {
  const claims = { sub: 'kim', name: 'Kim', email: 'kim@home.example' }
  const allow = { emails: ['kim@home.example'] }
  for (const email_verified of [false, undefined, 'true', 1, null]) {
    const person = identityFromClaims('https://id.home.example', { ...claims, email_verified }, 'groups')
    expect([email_verified, judge(allow, person).allowed]).toEqual([email_verified, false])
  }
  const kim = identityFromClaims('https://id.home.example', { ...claims, email_verified: true }, 'groups')
  expect(judge(allow, kim).allowed).toBe(true)
  const moved = identityFromClaims('https://id.home.example', { ...claims, email: 'k@home.example' }, 'groups')
  const namesake = identityFromClaims('https://id.other.example', { ...claims, email_verified: true }, 'groups')
  expect([isSamePerson(kim, moved), isSamePerson(kim, namesake), isSamePerson(kim, { ...kim, sub: 'KIM' })]).toEqual([
    true,
    false,
    false,
  ])
})
