import { expect, test } from 'vitest'
import { household } from '../../../src/demo/provider/people.ts'
import { createDesktop, leaveForProvider, signInOnDesktop } from '../../support/desktop.ts'
import { useHouse } from '../../support/house.ts'
import { letTelevisionIn, signedInPhone } from '../../support/let-in.ts'
import { createPerson, type Person } from '../../support/person.ts'
import { createPhone, openForm, pressYes, scan, signInAtProvider } from '../../support/phone.ts'
import { openSocket } from '../../support/socket.ts'
import { LG_TV, linkIn, openOnTelevision } from '../../support/television.ts'

// On plain http, where nothing but the value and the name of a cookie says that it is ours.
const house = useHouse()
const AUTH = '/.entryphone/auth'

const pairsOf = (person: Person, host: string) =>
  new Map(
    person
      .cookies(host)
      .split('; ')
      .map((pair) => pair.split('=') as [string, string]),
  )
const sessionOf = (person: Person, host: string) =>
  [...pairsOf(person, host)].find(([name]) => /-[0-9a-f]{8}$/.test(name)) ?? ['', '']
const withCookie = (cookie: string, more: Record<string, string> = {}) => createPerson({ cookie, ...more })
const isIn = async (cookie: string, url: string) => (await withCookie(cookie).go(url)).status === 200

test('K2 J30: each sign-in has a new session, and the one before it is over', async () => {
  const phone = await signedInPhone(house)
  const seen: string[] = []
  for (const person of ['Robin', 'Robin', 'Sam']) {
    const [name, value] = sessionOf(phone, 'door.localhost')
    expect([value.length, seen.includes(value)]).toEqual([43, false])
    seen.push(value)
    // "Not you?" and a sign-in anew, by the same person and by another.
    const page = await openForm(phone, (await openOnTelevision(house)).link, 'Not you?')
    const left = await phone.go(page.action, page.fields)
    await signInAtProvider(phone, new URL(left.headers.get('location') ?? ''), person)
    expect(await isIn(`${name}=${value}`, `${house.door}/me`)).toBe(false)
  }
  const { browser } = await signInOnDesktop(house, house.cinema)
  const [, first] = sessionOf(browser, 'cinema.localhost')
  await browser.go(`${house.cinema}${AUTH}/sign-out`, {})
  await signInOnDesktop(house, house.cinema, '/', 'Robin', browser)
  expect(sessionOf(browser, 'cinema.localhost')[1]).not.toBe(first)
})

test('K3: a session or a pending login that was planted is not made anybody’s', async () => {
  const planted = 'A'.repeat(43)
  const probe = createDesktop()
  await leaveForProvider(house, house.cinema, '/', probe)
  const [binding = ''] = [...pairsOf(probe, 'cinema.localhost').keys()]
  const name = binding.replace('-login', '')
  const victim = createPerson({ 'user-agent': LG_TV })
  const challenge = await victim.go(`${house.cinema}/`, undefined, { cookie: `${name}=${planted}` })
  const start = await victim.go(new URL(linkIn(await challenge.text()), house.cinema), undefined, {
    cookie: `${name}=${planted}; ${name}-login=${planted}`,
  })
  // A login has a secret of its own, whatever the browser came with.
  const given = start.headers.getSetCookie().find((line) => line.startsWith(`${name}-login=`)) ?? ''
  expect([given.length > 100, given.includes(planted)]).toEqual([true, false])
  const tv = await openOnTelevision(house)
  const phone = createPhone()
  await pressYes(phone, await scan(phone, tv.link))
  const collected = await tv.browser.go(new URL('collect', tv.page), undefined, {
    cookie: `${tv.browser.cookies('cinema.localhost')}; ${name}=${planted}`,
  })
  expect(collected.headers.getSetCookie().join()).not.toContain(`${name}=${planted}`)
  expect(await isIn(`${name}=${planted}`, `${house.cinema}/`)).toBe(false)
})

test('K4: of two cookies of one name with different values neither counts', async () => {
  const { browser } = await signInOnDesktop(house, house.cinema)
  const phone = await signedInPhone(house)
  const other = 'B'.repeat(43)
  for (const [person, host, url] of [
    [browser, 'cinema.localhost', `${house.cinema}/`],
    [phone, 'door.localhost', `${house.door}/me`],
  ] as const) {
    const [name, value] = sessionOf(person, host)
    const right = `${name}=${value}`
    for (const [header, inside] of [
      [right, true],
      [`${right}; ${right}`, true],
      [`x=1; ${right}; y=2`, true],
      [`${name}=${other}; ${right}`, false],
      [`${right}; ${name}=${other}`, false],
      [`${right}; ${name}=`, false],
      [`${name}="${value}"`, false],
      [`${name.toUpperCase()}=${value}`, false],
      [`__Host-${name}=${value}`, false],
      [`${right}=x`, false],
      [`${right},${name}=${other}`, false],
      [`${name}=${value} ${other}`, false],
      [`x="; ${name}=${other}; y="; ${right}`, false],
    ] as const) {
      expect([header, await isIn(header, url)]).toEqual([header, inside])
    }
    // Tossed in beside a pending login, it is no login either.
    const binding = `${name}-login`
    const answer = await withCookie(`${binding}=${other}; ${binding}=${'C'.repeat(43)}`).go(
      `${house.cinema}${AUTH}/ticket?t=x`,
    )
    expect(answer.status).toBe(403)
  }
})

test('K5 K9: whatever the browser brings, each host keeps a handful of names, and a login begins', async () => {
  const many = Array.from({ length: 170 }, (_, i) => `c${i}=${'x'.repeat(20)}`).join('; ')
  const crowded = withCookie(many, { 'user-agent': LG_TV })
  expect((await crowded.go(`${house.cinema}/`)).status).toBe(401)
  const odd = withCookie('a=\u00e4; b; =c; ;;; d="x; e=%00; f=\\', { 'user-agent': LG_TV })
  expect((await odd.go(`${house.cinema}/`)).status).toBe(401)
  // A browser that begins again and again, as one that reloads all night.
  const restless = createPerson({ 'user-agent': LG_TV })
  for (let i = 0; i < 100; i++) {
    const challenge = await restless.go(`${house.cinema}/films/${i}`)
    const answer = await restless.go(new URL(linkIn(await challenge.text()), house.cinema))
    expect(answer.status).toBe(303)
    if (i % 10 === 9) await restless.go(`${house.cinema}${AUTH}/way/phone`, {})
  }
  expect(pairsOf(restless, 'cinema.localhost').size).toBeLessThanOrEqual(3)
})

test('K5b: what a pending sign-in or a waiting screen holds is nothing anywhere else', async () => {
  const tv = await openOnTelevision(house)
  const { browser } = await leaveForProvider(house, house.cinema, '/')
  const pending = `${tv.browser.cookies('cinema.localhost')}; ${browser.cookies('door.localhost')}`
  const half = withCookie(pending, { 'user-agent': LG_TV })
  expect((await half.go(`${house.cinema}/`)).status).toBe(401)
  expect((await half.go(`${house.cinema}/`, { a: 'b' })).status).toBe(401)
  for (const path of ['/me', '/d']) {
    expect((await half.go(house.door + path)).headers.get('location')).toContain(house.issuer.issuer)
  }
  for (const path of ['/me/revoke', '/me/revoke-all', '/me/sign-out']) {
    expect((await half.go(house.door + path, { token: 'x', ref: 'x' })).status).toBe(403)
  }
  const page = await openForm(half, tv.link, 'decision')
  expect(page.html).not.toContain('value="approve"')
  expect((await pressYes(half, page)).headers.get('location')).toContain(house.issuer.issuer)
  expect((await tv.collect()).headers.get('set-cookie')).toBeNull()
})

test('K6: a cookie that was copied is worth nothing after the sign-out, on pages and on sockets', async () => {
  const { tv, phone } = await letTelevisionIn(house)
  const { browser } = await signInOnDesktop(house, house.cinema)
  const copies: [string, string][] = [
    [sessionOf(browser, 'cinema.localhost').join('='), `${house.cinema}/`],
    [sessionOf(tv.browser, 'cinema.localhost').join('='), `${house.cinema}/`],
    [sessionOf(phone, 'door.localhost').join('='), `${house.door}/me`],
  ]
  for (const [cookie, url] of copies) expect(await isIn(cookie, url)).toBe(true)
  await browser.go(`${house.cinema}${AUTH}/sign-out`, {})
  await tv.browser.go(`${house.cinema}${AUTH}/sign-out`, {})
  const me = await openForm(phone, `${house.door}/me`, 'Sign out here')
  expect((await phone.go(me.action, me.fields)).status).toBe(200)
  for (const [cookie, url] of copies) expect([url, await isIn(cookie, url)]).toEqual([url, false])
  await expect(openSocket(withCookie(copies[0]?.[0] ?? ''), house.cinema)).rejects.toThrow()
  // Nothing that we showed may be kept for the key "Back".
  for (const url of [`${house.door}/me`, `${house.cinema}/`]) {
    expect((await phone.go(url)).headers.get('cache-control')).toBe('no-store')
  }
})

test('K14: the page that asks to sign in is shown to dead sessions alone, and a sign-in replaces them', async () => {
  const { browser } = await signInOnDesktop(house, house.cinema)
  const [name, dead] = sessionOf(browser, 'cinema.localhost')
  const { tv: _, phone } = await letTelevisionIn(house)
  const me = await openForm(phone, `${house.door}/me`, 'revoke-all')
  await phone.go(`${house.door}/me/revoke-all`, me.fields)
  expect((await browser.go(`${house.cinema}/`)).status).toBe(401)
  await signInOnDesktop(house, house.cinema, '/', 'Robin', browser)
  const [, fresh] = sessionOf(browser, 'cinema.localhost')
  expect(fresh).not.toBe(dead)
  expect(await isIn(`${name}=${dead}`, `${house.cinema}/`)).toBe(false)
})

test('K16: what the provider says of a person counts from the next sign-in on', async () => {
  await house.restart('    allow: { groups: [admins] }')
  const withGroups = (groups: string[]) => household.map((person) => ({ ...person, groups }))
  const { browser } = await signInOnDesktop(house, house.cinema)
  expect((await browser.go(`${house.cinema}/`)).status).toBe(200)
  house.issuer.setOption('people', withGroups(['family']))
  // Sessions live on as long as they were given; whoever runs the house ends them by the rule.
  expect((await browser.go(`${house.cinema}/`)).status).toBe(200)
  const again = await signInOnDesktop(house, house.cinema)
  expect((await again.browser.go(`${house.cinema}/`)).status).toBe(401)
  house.issuer.setOption('people', [...household])
  await house.restart('    allow: { groups: [nobody] }')
  expect((await browser.go(`${house.cinema}/`)).status).toBe(403)
  await house.restart('')
})
