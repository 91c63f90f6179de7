import { expect, test } from 'vitest'
import { useHouse } from '../support/house.ts'
import { createPhone, openForm, pressNo, pressYes, readForm, scan } from '../support/phone.ts'
import { openOnTelevision } from '../support/television.ts'

const house = useHouse()

test('a television opens an app, is scanned, is approved, and stands on the page it first asked for', async () => {
  const tv = await openOnTelevision(house)
  expect(tv.link).toMatch(new RegExp(`^${house.door}/d/[A-Z2-7]{16}$`))
  const phone = createPhone()
  const page = await scan(phone, tv.link)
  expect(page.html).toContain(tv.userCode)
  expect(page.html).toContain('LG TV')
  expect((await pressYes(phone, page)).status).toBe(200)
  expect(await tv.wait()).toMatchObject({ state: 'go' })
  const collected = await tv.collect()
  expect([collected.status, collected.headers.get('location')]).toEqual([303, '/films/42?t=90'])
  const film = await tv.browser.go(`${house.cinema}/films/42?t=90`)
  expect(film.status).toBe(200)
  expect(await film.text()).toContain('/films/42?t=90')
})

test('the screen learns at once that a phone has opened the link, and at once that it is approved', async () => {
  const tv = await openOnTelevision(house)
  const phone = createPhone()
  const opened = tv.wait()
  const page = await scan(phone, tv.link)
  expect(await opened).toMatchObject({ state: 'opened' })
  const approved = tv.wait()
  await pressYes(phone, page)
  expect(await approved).toMatchObject({ state: 'go' })
})

test('without script the page itself leads on when it is reloaded', async () => {
  const tv = await openOnTelevision(house)
  const phone = createPhone()
  await pressYes(phone, await scan(phone, tv.link))
  const reloaded = await tv.reload()
  expect(reloaded.status).toBe(303)
  const { url, response } = await tv.browser.follow(
    new URL(reloaded.headers.get('location') ?? '', tv.page),
    () => false,
  )
  expect([url.href, response?.status]).toEqual([`${house.cinema}/films/42?t=90`, 200])
})

test('a no on the phone is said on the screen, and one press there begins anew with a new code', async () => {
  const tv = await openOnTelevision(house)
  const phone = createPhone()
  expect((await pressNo(phone, await scan(phone, tv.link))).status).toBe(200)
  expect(await tv.wait()).toMatchObject({ state: 'reload' })
  const denied = await (await tv.reload()).text()
  expect(denied).not.toContain(tv.userCode)
  expect((await tv.collect()).headers.get('set-cookie')).toBeNull()
  const again = readForm(new URL(tv.page), denied, '/again')
  expect((await tv.browser.go(again.action, again.fields)).status).toBe(303)
  const fresh = await (await tv.reload()).text()
  expect(fresh).toMatch(/[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}/)
  expect(fresh).not.toContain(tv.userCode)
})

test('a person without a camera types the code, in any spelling', async () => {
  const tv = await openOnTelevision(house)
  const phone = createPhone()
  await scan(phone, (await openOnTelevision(house)).link)
  const form = await openForm(phone, `${house.door}/d`, 'code')
  const spelled = ` ${tv.userCode.toLowerCase().replace('-', '. ')} `
  const found = await phone.go(form.action, { ...form.fields, code: spelled })
  expect(found.headers.get('location')).toBe(new URL(tv.link).pathname)
})

test('the same television asking again keeps its login, and goes to what it asked for last', async () => {
  const tv = await openOnTelevision(house)
  const challenge = await tv.browser.go(`${house.cinema}/films/7`)
  const link = /href="([^"]*\/start[^"]*)"/.exec(await challenge.text())?.[1]?.replaceAll('&amp;', '&') ?? ''
  const started = await tv.browser.go(new URL(link, house.cinema))
  expect(new URL(started.headers.get('location') ?? '', house.cinema).href).toBe(tv.page)
  const phone = createPhone()
  await pressYes(phone, await scan(phone, tv.link))
  expect((await tv.collect()).headers.get('location')).toBe('/films/7')
})

test('"not us": the screen says who let it in, and one press there signs it out', async () => {
  const tv = await openOnTelevision(house)
  const phone = createPhone()
  await pressYes(phone, await scan(phone, tv.link, 'Sam'))
  await tv.collect()
  const page = await tv.browser.go(`${house.cinema}/.entryphone/auth/sign-out`)
  const html = await page.text()
  expect(html).toContain('Sam')
  const form = readForm(new URL(`${house.cinema}/.entryphone/auth/sign-out`), html, 'sign-out')
  expect((await tv.browser.go(form.action, form.fields)).status).toBe(200)
  expect((await tv.browser.go(`${house.cinema}/films/42`)).status).toBe(401)
})
