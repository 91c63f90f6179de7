import { request } from 'undici'
import { expect, test } from 'vitest'
import { useHouse } from '../../support/house.ts'
import { signedInPhone } from '../../support/let-in.ts'
import { createPerson } from '../../support/person.ts'
import { createPhone, pressYes, scan } from '../../support/phone.ts'
import { LG_TV, openOnTelevision } from '../../support/television.ts'

const house = useHouse()

test('promise 3: opening a link never signs a TV in', async () => {
  const tv = await openOnTelevision(house)
  const phone = await signedInPhone(house)
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

test('U4: a hundred looks of every kind at the link leave the login pending', async () => {
  const tv = await openOnTelevision(house)
  const phone = await signedInPhone(house)
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

test('promise 7: no URL, log or page holds anything that by itself opens a session', async () => {
  const tv = await openOnTelevision(house)
  const phone = createPhone()
  const page = await scan(phone, tv.link)
  await pressYes(phone, page)
  const collected = await tv.collect()
  const secrets = [
    ...tv.browser.cookies('cinema.localhost').split('; '),
    ...phone.cookies('door.localhost').split('; '),
  ].flatMap((pair) =>
    pair
      .slice(pair.indexOf('=') + 1)
      .split('.')
      .filter((piece) => piece.length > 10),
  )
  const shown = [tv.html, page.html, tv.page, tv.link, collected.headers.get('location') ?? '']
  for (const secret of secrets) for (const text of shown) expect(text).not.toContain(secret)
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
