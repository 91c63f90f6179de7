import { request } from 'undici'
import { expect, test } from 'vitest'
import { useHouse } from '../support/house.ts'
import { letTelevisionIn } from '../support/let-in.ts'
import { createPerson } from '../support/person.ts'
import { createPhone, openForm, pressNo, pressYes, readForm, scan, signInAtProvider } from '../support/phone.ts'
import { LG_TV, linkIn, openOnTelevision } from '../support/television.ts'

const house = useHouse()

/** Sets that nobody of the house has let in before. */
const SAMSUNG =
  'Mozilla/5.0 (SMART-TV; LINUX; Tizen 5.5) AppleWebKit/537.36 (KHTML, like Gecko) 69.0.3497.106.1/5.5 TV Safari/537.36'
const SONY =
  'Mozilla/5.0 (Linux; BRAVIA 4K 2015 Build/LMY48E.S265) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/50.0.2661.102 Safari/537.36'

/** A phone that is signed in at the door. */
async function signedInPhone(person = 'Robin') {
  const phone = createPhone()
  await signInAtProvider(phone, new URL(`${house.door}/me`), person)
  return phone
}

test('promise 3: opening a link never signs a TV in', async () => {
  const tv = await openOnTelevision(house)
  const phone = await signedInPhone()
  for (let i = 0; i < 5; i++) expect((await phone.go(tv.link)).status).toBe(200)
  expect((await tv.reload()).status).toBe(200)
  expect((await tv.collect()).headers.get('set-cookie')).toBeNull()
})

test('promise 4: a stolen code, QR or link cannot collect a session', async () => {
  const tv = await openOnTelevision(house)
  const phone = createPhone()
  await pressYes(phone, await scan(phone, tv.link))
  // The thief knows everything that is on the screen and in its address bar.
  const thief = createPerson({ 'user-agent': LG_TV })
  const page = await thief.go(tv.page)
  expect(page.headers.get('location')).toBeNull()
  const collected = await thief.go(new URL('collect', tv.page))
  expect(collected.headers.get('set-cookie')).toBeNull()
  const wait = await thief.go(new URL('wait', tv.page), { seen: 'x' })
  expect(await wait.json()).toEqual({ state: 'reload' })
  // With another television's cookie it is no better.
  const other = await openOnTelevision(house)
  const mixed = await other.browser.go(new URL('collect', tv.page))
  expect(mixed.headers.get('set-cookie')).toBeNull()
  expect((await tv.collect()).headers.get('location')).toBe('/films/42?t=90')
})

test('U1: a binding cookie copied after the collection gives nothing once a minute is over, and no second session before', async () => {
  const tv = await openOnTelevision(house)
  const phone = createPhone()
  await pressYes(phone, await scan(phone, tv.link))
  const cookie = tv.browser.cookies(new URL(house.cinema).hostname)
  const first = (await tv.collect()).headers.getSetCookie()[0]?.split(';')[0]
  const copied = await createPerson({ 'user-agent': LG_TV, cookie }).go(new URL('collect', tv.page))
  expect(copied.headers.getSetCookie()[0]?.split(';')[0]).toBe(first)
})

test('U2: the QR and the printed address are always the configured ones', async () => {
  const evil = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', forwarded: 'host=evil.example' }
  const tv = await openOnTelevision(house, { headers: evil })
  expect(tv.link.startsWith(`${house.door}/d/`)).toBe(true)
  expect(tv.html).not.toContain('evil.example')
  const asked = await request(`http://127.0.0.1:${house.port}/`, {
    headers: { host: 'evil.example', accept: 'text/html' },
  })
  expect(asked.statusCode).toBe(421)
  expect(await asked.body.text()).not.toContain('/start')
})

test('U3: the approve page shows app, device, age, code, network and person, says no first, and submits nothing by itself', async () => {
  const tv = await openOnTelevision(house)
  const { html } = await openForm(await signedInPhone(), tv.link)
  for (const shown of ['Cinema', 'LG TV', tv.userCode, 'Robin', 'door.localhost']) expect(html).toContain(shown)
  expect(html).toMatch(/second|just now|now/i)
  expect(html.indexOf('value="deny"')).toBeLessThan(html.indexOf('value="approve"'))
  expect(html).not.toMatch(/http-equiv="?refresh/i)
  expect(html).not.toMatch(/\.submit\s*\(/)
})

test('U4: a hundred looks of every kind at the link leave the login pending', async () => {
  const tv = await openOnTelevision(house)
  const phone = await signedInPhone()
  const kinds = [{}, { 'sec-purpose': 'prefetch' }, { purpose: 'prefetch' }, { 'sec-fetch-mode': 'no-cors' }]
  for (let i = 0; i < 100; i++) await phone.go(tv.link, undefined, kinds[i % kinds.length])
  const cookie = phone.cookies('door.localhost')
  for (const method of ['HEAD', 'OPTIONS'] as const) {
    const { pathname } = new URL(tv.link)
    const looked = await request(`http://127.0.0.1:${house.port}${pathname}`, {
      method,
      headers: { host: `door.localhost:${house.port}`, cookie },
    })
    await looked.body.dump()
  }
  expect((await tv.reload()).status).toBe(200)
  expect((await tv.collect()).headers.get('set-cookie')).toBeNull()
})

test('U4: prefetches and previews do not even count as opened', async () => {
  const tv = await openOnTelevision(house)
  await createPhone().go(tv.link, undefined, { 'sec-purpose': 'prefetch;prerender' })
  expect(await (await tv.reload()).text()).toContain(tv.html.match(/data-seen="([^"]*)"/)?.[1])
})

test('U5: an approval with a field missing, added, doubled, empty or of another type changes nothing', async () => {
  const tv = await openOnTelevision(house)
  const phone = await signedInPhone()
  const page = await openForm(phone, tv.link)
  const { token = '' } = page.fields
  const good = { ...page.fields, decision: 'approve', stay: 'tonight' }
  const bad: Record<string, string>[] = [
    {},
    { decision: 'approve', stay: 'tonight' },
    { ...good, token: '' },
    { ...good, token: `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}` },
    { ...good, extra: '1' },
    { ...good, stay: 'forever' },
    { ...good, stay: 'until', until: '2020-01-01' },
    { ...good, stay: 'until', until: '9999-01-01' },
    { ...good, decision: 'APPROVE' },
    { ...good, decision: '' },
  ]
  for (const form of bad) {
    const { status } = await phone.go(page.action, form)
    expect([status, JSON.stringify(form)]).toEqual([
      expect.toSatisfy((s: number) => s >= 400 && s < 500),
      JSON.stringify(form),
    ])
  }
  const raw = (body: string, type: string) =>
    phone.go(`${page.action.href}?decision=approve&token=${token}`, undefined, { 'content-type': type, 'x-body': body })
  await raw('', 'text/plain')
  const cookie = phone.cookies('door.localhost')
  for (const [body, type] of [
    [`token=${token}&decision=approve&decision=deny&stay=tonight`, 'application/x-www-form-urlencoded'],
    [JSON.stringify(good), 'application/json'],
    [new URLSearchParams(good).toString(), 'text/plain'],
    [new URLSearchParams(good).toString(), 'multipart/form-data; boundary=x'],
  ]) {
    const answer = await request(`http://127.0.0.1:${house.port}${page.action.pathname}`, {
      method: 'POST',
      headers: { host: `door.localhost:${house.port}`, cookie, 'content-type': type as string },
      body: body as string,
    })
    await answer.body.dump()
    expect([answer.statusCode >= 400 && answer.statusCode < 500, type]).toEqual([true, type])
  }
  expect((await tv.reload()).status).toBe(200)
  expect((await pressYes(phone, page)).status).toBe(200)
})

test('U6: there is no way to an approval but the press of a person who signed in lately', async () => {
  const tv = await openOnTelevision(house)
  const phone = createPhone()
  const page = await openForm(phone, tv.link)
  // Nobody is signed in: the very form of an approval leads to the provider and nowhere else.
  const pressed = await pressYes(phone, page)
  expect([pressed.status, pressed.headers.get('location')?.startsWith(house.issuer.issuer)]).toEqual([303, true])
  expect((await tv.collect()).headers.get('set-cookie')).toBeNull()
  // Every other address of ours, in the screen's own hands, approves nothing either.
  for (const path of ['', 'wait', 'again', 'collect', '../start', '../ticket', '../ticket?t=x', '../way/phone']) {
    await tv.browser.go(new URL(path, tv.page))
    await tv.browser.go(new URL(path, tv.page), {})
  }
  expect((await tv.collect()).headers.get('set-cookie')).toBeNull()
})

test('U6b: a sign-in that is too old is asked for again at the provider', async () => {
  house.issuer.setOption('signedInSecondsAgo', 1000)
  const phone = await signedInPhone()
  house.issuer.setOption('signedInSecondsAgo', 0)
  const tv = await openOnTelevision(house, { headers: { 'user-agent': SAMSUNG } })
  const pressed = await pressYes(phone, await openForm(phone, tv.link))
  const away = new URL(pressed.headers.get('location') ?? '')
  expect([away.origin, away.searchParams.get('max_age')]).toEqual([house.issuer.issuer, '900'])
  expect((await tv.collect()).headers.get('set-cookie')).toBeNull()
  const back = await signInAtProvider(phone, away)
  expect(back.url.pathname).toBe('/callback')
  expect(await tv.wait()).toMatchObject({ state: 'go' })
})

test('U6b: at home, a screen that this person let in before needs no new sign-in, and still the one press', async () => {
  await letTelevisionIn(house)
  house.issuer.setOption('signedInSecondsAgo', 1000)
  const phone = await signedInPhone()
  house.issuer.setOption('signedInSecondsAgo', 0)
  const tv = await openOnTelevision(house)
  const page = await openForm(phone, tv.link)
  expect((await tv.collect()).headers.get('set-cookie')).toBeNull()
  expect((await pressYes(phone, page)).status).toBe(200)
})

test('U6: a press is completed only by the person who pressed, in time', async () => {
  house.issuer.setOption('signedInSecondsAgo', 1000)
  const phone = await signedInPhone('Robin')
  house.issuer.setOption('signedInSecondsAgo', 0)
  const tv = await openOnTelevision(house, { headers: { 'user-agent': SONY } })
  const pressed = await pressYes(phone, await openForm(phone, tv.link))
  const back = await signInAtProvider(phone, new URL(pressed.headers.get('location') ?? ''), 'Sam')
  // Sam gets the approve page, as Sam; Robin's press is void.
  expect(back.url.href).toBe(tv.link)
  expect(back.html).toContain('Sam')
  expect((await tv.collect()).headers.get('set-cookie')).toBeNull()
})

test('U7: one phone decides: a second yes is refused, and so is a late no', async () => {
  const tv = await openOnTelevision(house)
  const anna = await signedInPhone('Robin')
  const ben = await signedInPhone('Sam')
  const pageOfBen = await openForm(ben, tv.link)
  const pageOfAnna = await openForm(anna, tv.link)
  expect((await pressYes(anna, pageOfAnna)).status).toBe(200)
  expect((await pressYes(ben, pageOfBen)).status).toBe(410)
  expect((await pressNo(ben, pageOfBen)).status).toBe(410)
  expect((await tv.collect()).headers.get('location')).toBe('/films/42?t=90')
})

test('U8: nothing of one login works on another app or another login', async () => {
  const tv = await openOnTelevision(house)
  const phone = createPhone()
  await pressYes(phone, await scan(phone, tv.link))
  const cookie = tv.browser.cookies('cinema.localhost')
  const atLibrary = createPerson({ 'user-agent': LG_TV, cookie })
  for (const path of ['', 'collect']) {
    const answer = await atLibrary.go(house.library + new URL(path, tv.page).pathname)
    expect(answer.headers.getSetCookie().filter((line) => !line.includes('-login='))).toEqual([])
  }
  // A form token of one invitation is nothing on another.
  const second = await openOnTelevision(house)
  const page = await openForm(phone, second.link)
  const third = await openOnTelevision(house)
  expect((await pressYes(phone, { ...page, action: new URL(third.link) })).status).toBe(403)
})

test('U10: a code that is wrong, used, expired or never was is answered alike', async () => {
  const phone = await signedInPhone()
  const used = await letTelevisionIn(house)
  const entry = async (code: string) => {
    const form = readForm(new URL(`${house.door}/d`), await (await phone.go(`${house.door}/d`)).text(), 'code')
    const answer = await phone.go(form.action, { ...form.fields, code })
    return `${answer.status} ${(await answer.text()).replaceAll(form.fields['token'] ?? '', '')}`
  }
  const answers = [
    await entry('BCDF-GHJK'),
    await entry(used.tv.userCode),
    await entry('aeiou'),
    await entry('ＢＣＤＦ ＧＨＪＫ'),
    await entry('x'.repeat(5000)),
  ]
  expect(new Set(answers).size).toBe(1)
  expect(answers[0]?.startsWith('422 ')).toBe(true)
})

test('U10: full-width, lower-case and spaced letters find the same code and count on the same counter', async () => {
  const tv = await openOnTelevision(house)
  const phone = await signedInPhone('Sam')
  const wide = [...tv.userCode]
    .map((c) => (c === '-' ? '–' : String.fromCodePoint((c.codePointAt(0) ?? 0) + 0xfee0)))
    .join(' ')
  const form = readForm(new URL(`${house.door}/d`), await (await phone.go(`${house.door}/d`)).text(), 'code')
  expect((await phone.go(form.action, { ...form.fields, code: wide })).status).toBe(303)
  for (let i = 0; i < 10; i++)
    await phone.go(form.action, { ...form.fields, code: `${'bcdf'.slice(0, 4)}  ghj${i % 2 ? 'k' : 'K'}` })
  expect((await phone.go(form.action, { ...form.fields, code: tv.userCode })).status).toBe(429)
})

test('U11: a screen that asks ten times as often reaches nobody but us', async () => {
  const tv = await openOnTelevision(house)
  const before = house.issuer.requests.length
  const asked = Array.from({ length: 50 }, () => tv.browser.go(new URL('wait', tv.page), { seen: '' }))
  for (const answer of await Promise.all(asked)) expect(answer.status).toBe(200)
  expect(house.issuer.requests.length).toBe(before)
})

test('U16: a screen that is let into one app is nothing on another', async () => {
  const { tv } = await letTelevisionIn(house)
  const cookie = tv.browser.cookies('cinema.localhost')
  // Under the name that the other host uses for its own.
  const renamed = await createPerson().go(`${house.library}/`)
  expect(renamed.status).toBe(401)
  const value = /=([A-Za-z0-9_-]{43})/.exec(cookie)?.[1] ?? ''
  const name = await cookieNameAt(house.library)
  const answer = await createPerson({ 'user-agent': LG_TV, cookie: `${name}=${value}` }).go(`${house.library}/`)
  expect(answer.status).toBe(401)
})

/** The session cookie's name on a host, from our own sign-out. */
async function cookieNameAt(origin: string): Promise<string> {
  const answer = await createPerson().go(`${origin}/.entryphone/auth/sign-out`, {})
  return answer.headers.getSetCookie()[0]?.split('=')[0] ?? ''
}

test("U17: a screen's session cannot approve, list or sign out others", async () => {
  const { tv } = await letTelevisionIn(house)
  const value = /=([A-Za-z0-9_-]{43})/.exec(tv.browser.cookies('cinema.localhost'))?.[1] ?? ''
  const probe = await signedInPhone()
  const pairs = probe.cookies('door.localhost').split('; ')
  const doorName = pairs.map((pair) => pair.split('=')[0] ?? '').find((name) => !name.endsWith('-login')) ?? ''
  const screen = createPerson({ 'user-agent': LG_TV, cookie: `${doorName}=${value}` })
  const me = await screen.go(`${house.door}/me`)
  expect(me.headers.get('location')?.startsWith(house.issuer.issuer)).toBe(true)
  const other = await openOnTelevision(house)
  const page = await (await screen.go(other.link)).text()
  expect(page).not.toContain('value="approve"')
  expect(page).toContain('value="sign-in"')
})

test('U23: a page of another site cannot choose how a device signs in', async () => {
  const browser = createPerson({ 'user-agent': LG_TV })
  const challenge = await browser.go(`${house.cinema}/`)
  const to = new URL(linkIn(await challenge.text()), house.cinema).searchParams.get('to') ?? ''
  const way = `${house.cinema}/.entryphone/auth/way/here?to=${encodeURIComponent(to)}`
  for (const headers of [
    { origin: 'https://evil.example' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'null' },
  ]) {
    const answer = await browser.go(way, {}, headers)
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([403, null])
  }
  // A query on the app's own address chooses nothing either.
  const started = await browser.go(
    `${house.cinema}/.entryphone/auth/start?kind=pc&way=here&to=${encodeURIComponent(to)}`,
  )
  expect(started.headers.get('location')).toMatch(/^\/\.entryphone\/auth\/[A-Za-z0-9_-]{22}\/$/)
  expect((await browser.go(way, {}, { origin: house.cinema })).headers.get('set-cookie')).toContain('-way=here')
})

test('promise 7: no URL, log or page holds anything that by itself opens a session', async () => {
  const tv = await openOnTelevision(house)
  const phone = createPhone()
  const page = await scan(phone, tv.link)
  await pressYes(phone, page)
  const collected = await tv.collect()
  const secrets = [
    ...tv.browser.cookies('cinema.localhost').split('; '),
    ...phone.cookies('door.localhost').split('; '),
  ].map((pair) => pair.slice(pair.indexOf('=') + 1))
  const shown = [tv.html, page.html, tv.page, tv.link, collected.headers.get('location') ?? '']
  for (const secret of secrets) for (const text of shown) expect(text.includes(secret.split('.')[0] ?? '')).toBe(false)
  // Every URL that was on a page, opened by somebody else, signs nobody in.
  const stranger = createPerson({ 'user-agent': LG_TV })
  const urls = shown.flatMap((text) =>
    [...text.matchAll(/(?:href|src|action|data-wait|data-self)="([^"]+)"/g)].map(([, url]) => url ?? ''),
  )
  for (const url of urls) {
    const answer = await stranger.go(
      new URL(url.replaceAll('&amp;', '&'), url.startsWith('/d') ? house.door : house.cinema),
    )
    for (const line of answer.headers.getSetCookie()) expect(line).toMatch(/-(login|way)=/)
  }
  expect((await stranger.go(`${house.cinema}/`)).status).toBe(401)
})
