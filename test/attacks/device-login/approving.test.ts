import { request } from 'undici'
import { expect, test } from 'vitest'
import { useHouse } from '../../support/house.ts'
import { letTelevisionIn, signedInPhone } from '../../support/let-in.ts'
import { createPerson } from '../../support/person.ts'
import { createPhone, openForm, pressNo, pressYes, scan, signInAtProvider } from '../../support/phone.ts'
import { LG_TV, openOnTelevision } from '../../support/television.ts'

const house = useHouse()

/** Sets that nobody of the house has let in before. */
const SAMSUNG =
  'Mozilla/5.0 (SMART-TV; LINUX; Tizen 5.5) AppleWebKit/537.36 (KHTML, like Gecko) 69.0.3497.106.1/5.5 TV Safari/537.36'
const SONY =
  'Mozilla/5.0 (Linux; BRAVIA 4K 2015 Build/LMY48E.S265) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/50.0.2661.102 Safari/537.36'

test('U3: the approve page shows app, device, age, code, network and person, says no first, and submits nothing by itself', async () => {
  const tv = await openOnTelevision(house)
  const { html } = await openForm(await signedInPhone(house), tv.link)
  for (const shown of ['Cinema', 'LG TV', tv.userCode, 'Robin', 'door.localhost']) expect(html).toContain(shown)
  expect(html).toMatch(/second|just now|now/i)
  expect(html.indexOf('value="deny"')).toBeLessThan(html.indexOf('value="approve"'))
  expect(html).not.toMatch(/http-equiv="?refresh/i)
  expect(html).not.toMatch(/\.submit\s*\(/)
})

test('U5: an approval with a field missing, added, doubled, empty or of another type changes nothing', async () => {
  const tv = await openOnTelevision(house)
  const phone = await signedInPhone(house)
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
  const phone = await signedInPhone(house)
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
  const phone = await signedInPhone(house)
  house.issuer.setOption('signedInSecondsAgo', 0)
  const tv = await openOnTelevision(house)
  const page = await openForm(phone, tv.link)
  expect((await tv.collect()).headers.get('set-cookie')).toBeNull()
  expect((await pressYes(phone, page)).status).toBe(200)
})

test('U6: a press is completed only by the person who pressed, in time', async () => {
  house.issuer.setOption('signedInSecondsAgo', 1000)
  const phone = await signedInPhone(house, 'Robin')
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
  const anna = await signedInPhone(house, 'Robin')
  const ben = await signedInPhone(house, 'Sam')
  const pageOfBen = await openForm(ben, tv.link)
  const pageOfAnna = await openForm(anna, tv.link)
  expect((await pressYes(anna, pageOfAnna)).status).toBe(200)
  expect((await pressYes(ben, pageOfBen)).status).toBe(410)
  expect((await pressNo(ben, pageOfBen)).status).toBe(410)
  expect((await tv.collect()).headers.get('location')).toBe('/films/42?t=90')
})

test('U7: a no holds for its link, also when the screen asks again', async () => {
  const tv = await openOnTelevision(house)
  const phone = createPhone()
  const page = await scan(phone, tv.link)
  expect((await pressNo(phone, page)).status).toBe(200)
  // Whoever sits at the screen asks again at once.
  expect((await tv.browser.go(new URL('again', tv.page), {})).status).toBe(303)
  expect((await phone.go(tv.link)).status).toBe(404)
  expect((await pressYes(phone, page)).status).toBe(404)
  expect((await tv.collect()).headers.get('set-cookie')).toBeNull()
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

test('C6: a press that is no plain form is refused, whatever it says it is', async () => {
  const tv = await openOnTelevision(house)
  const phone = await signedInPhone(house)
  const page = await openForm(phone, tv.link, 'decision')
  const good = { ...page.fields, decision: 'approve', stay: 'tonight' }
  const urlencoded = new URLSearchParams(good).toString()
  const json = JSON.stringify(good)
  const cookie = phone.cookies('door.localhost')
  for (const [type, body] of [
    ['application/json', json],
    ['application/json; charset=utf-8', json],
    ['text/plain', json],
    ['text/plain;application/x-www-form-urlencoded', urlencoded],
    ['application/json\tapplication/x-www-form-urlencoded', urlencoded],
    ['application/x-www-form-urlencoded\t', json],
    [
      'multipart/form-data; boundary=x',
      `--x\r\nContent-Disposition: form-data; name="decision"\r\n\r\napprove\r\n--x--`,
    ],
    ['', urlencoded],
    ['x', urlencoded],
    ['application/x-www-form-urlencoded', `${urlencoded}&decision=approve`],
    ['application/x-www-form-urlencoded', urlencoded.replace('decision=', 'decision[]=')],
    ['application/x-www-form-urlencoded', urlencoded.replace('decision=', 'decision[0]=')],
    ['application/x-www-form-urlencoded', `${urlencoded}&__proto__=x`],
    ['application/x-www-form-urlencoded', urlencoded.replace('&', ';')],
    ['application/x-www-form-urlencoded', `${urlencoded}&${'x'.repeat(17_000)}=`],
  ] as const) {
    const { statusCode, body: answer } = await request(`http://127.0.0.1:${house.port}${page.action.pathname}`, {
      method: 'POST',
      headers: { host: new URL(house.door).host, cookie, ...(type !== '' && { 'content-type': type }) },
      body,
    })
    await answer.dump()
    expect([type, body.slice(-30), statusCode >= 400 && statusCode < 500]).toEqual([type, body.slice(-30), true])
  }
  expect((await tv.collect()).headers.get('set-cookie')).toBeNull()
  expect((await pressYes(phone, page)).status).toBe(200)
})
