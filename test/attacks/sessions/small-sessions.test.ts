import { once } from 'node:events'
import { expect, test } from 'vitest'
import { useHouse } from '../../support/house.ts'
import { letTelevisionIn, signedInPhone } from '../../support/let-in.ts'
import { createPerson } from '../../support/person.ts'
import { readForm } from '../../support/phone.ts'
import { openSocket } from '../../support/socket.ts'
import { LG_TV, linkIn, openOnTelevision } from '../../support/television.ts'

const house = useHouse()

test('promise 5: a TV session opens its app, approves and administers nothing, and ends with its sockets within 5 s', async () => {
  const { tv, phone } = await letTelevisionIn(house)
  const socket = await openSocket(tv.browser, house.cinema)
  const closed = once(socket, 'close')
  expect((await tv.browser.go(`${house.cinema}/`)).status).toBe(200)
  expect((await tv.browser.go(`${house.library}/`)).status).toBe(401)
  // At the door it is nobody, whatever it asks for there.
  const secret = /=([A-Za-z0-9_-]{43})/.exec(tv.browser.cookies('cinema.localhost'))?.[1] ?? ''
  const doorName = /(?:^|; )([^=;]*[0-9a-f]{8})=/.exec(phone.cookies('door.localhost'))?.[1] ?? ''
  const screen = createPerson({ 'user-agent': LG_TV, cookie: `${doorName}=${secret}` })
  const other = await openOnTelevision(house)
  for (const [path, form] of [
    ['/me', undefined],
    ['/me/revoke', { ref: 'x', token: 'x' }],
    ['/me/revoke-all', { token: 'x' }],
    [new URL(other.link).pathname, { token: 'x', decision: 'approve', stay: 'ours' }],
    ['/d', { token: 'x', code: other.userCode }],
  ] as const) {
    const answer = await screen.go(house.door + path, form)
    expect([path, answer.status === 303 || answer.status === 403]).toEqual([path, true])
  }
  expect(await (await other.reload()).text()).toContain(other.userCode)
  // Its person ends it: so do the socket that is open, and the next request; the phone's own session goes on.
  const me = readForm(new URL(`${house.door}/me`), await (await phone.go(`${house.door}/me`)).text(), 'name="ref"')
  const begun = performance.now()
  await phone.go(me.action, me.fields)
  await closed
  expect(performance.now() - begun).toBeLessThan(5000)
  expect((await tv.browser.go(`${house.cinema}/`)).status).toBe(401)
  await expect(openSocket(tv.browser, house.cinema)).rejects.toThrow(/401/)
  expect((await phone.go(`${house.door}/me`)).status).toBe(200)
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

test('E5: a session of the door or of another app neither opens nor ends anything on this host', async () => {
  const { tv, phone } = await letTelevisionIn(house)
  const secretOf = (cookies: string) => /(?:^|; )[^=]*[0-9a-f]{8}=([A-Za-z0-9_-]{43})/.exec(cookies)?.[1] ?? ''
  const name = await cookieNameAt(house.library)
  for (const secret of [secretOf(phone.cookies('door.localhost')), secretOf(tv.browser.cookies('cinema.localhost'))]) {
    const planted = createPerson({ 'user-agent': LG_TV, cookie: `${name}=${secret}` })
    expect(secret).not.toBe('')
    expect((await planted.go(`${house.library}/`)).status).toBe(401)
    const shown = await planted.go(`${house.library}/.entryphone/auth/sign-out`)
    expect([shown.status, shown.headers.get('location')]).toEqual([303, '/'])
    await planted.go(`${house.library}/.entryphone/auth/sign-out`, {})
  }
  expect((await phone.go(`${house.door}/me`)).status).toBe(200)
  expect((await tv.browser.go(`${house.cinema}/`)).status).toBe(200)
})

test('E5: no cookie of ours is worth anything under the name of another', async () => {
  const tv = await openOnTelevision(house)
  const phone = await signedInPhone(house)
  const pairs = [...phone.cookies('door.localhost').split('; '), ...tv.browser.cookies('cinema.localhost').split('; ')]
  const values = pairs.map((pair) => pair.slice(pair.indexOf('=') + 1))
  const doorName = phone.cookies('door.localhost').match(/(\S+?)-login=/)?.[1] ?? ''
  const cinemaName = tv.browser.cookies('cinema.localhost').match(/(\S+?)-login=/)?.[1] ?? ''
  const doorSession = phone.cookies('door.localhost').match(/[0-9a-f]{8}=([^;]*)/)?.[1] ?? ''
  for (const value of values.flatMap((one) => [one, one.split('.')[0] ?? ''])) {
    const atCinema = createPerson({ 'user-agent': LG_TV, cookie: `${cinemaName}=${value}` })
    expect((await atCinema.go(`${house.cinema}/`)).status).toBe(401)
    const asWay = createPerson({ 'user-agent': LG_TV, cookie: `${cinemaName}-way=${value}` })
    expect((await asWay.go(`${house.cinema}/`)).status).toBe(401)
    if (value === doorSession) continue
    const atDoor = createPerson({ 'user-agent': LG_TV, cookie: `${doorName}=${value}` })
    expect((await atDoor.go(`${house.door}/me`)).status).toBe(303)
  }
})

test("U17: a screen's session cannot approve, list or sign out others", async () => {
  const { tv } = await letTelevisionIn(house)
  const value = /=([A-Za-z0-9_-]{43})/.exec(tv.browser.cookies('cinema.localhost'))?.[1] ?? ''
  const probe = await signedInPhone(house)
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
