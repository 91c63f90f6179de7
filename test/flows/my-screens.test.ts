import { once } from 'node:events'
import { expect, test } from 'vitest'
import { useHouse } from '../support/house.ts'
import { letTelevisionIn } from '../support/let-in.ts'
import { openForm, readForm } from '../support/phone.ts'
import { openSocket } from '../support/socket.ts'

const house = useHouse()

test('U22: signing a screen out closes its socket, refuses its next request and takes it off the list', async () => {
  const { tv, phone } = await letTelevisionIn(house)
  const socket = await openSocket(tv.browser, house.cinema)
  const closed = once(socket, 'close')
  const address = new URL(`${house.door}/me`)
  const me = await (await phone.go(address)).text()
  expect(me).toContain('LG TV')
  const form = readForm(address, me, 'name="ref"')
  const began = performance.now()
  expect((await phone.go(form.action, form.fields)).status).toBe(303)
  await closed
  // A few milliseconds on an idle machine; five seconds are promised.
  expect(performance.now() - began).toBeLessThan(5000)
  expect((await tv.browser.go(`${house.cinema}/`)).status).toBe(401)
  expect(await (await phone.go(address)).text()).not.toContain('name="ref"')
  // The former address of the login brings nothing back.
  expect((await tv.collect()).headers.getSetCookie().join()).not.toMatch(/=[A-Za-z0-9_-]{43};/)
})

test('a person sees and signs out only their own screens', async () => {
  const mine = await letTelevisionIn(house, { person: 'Sam' })
  const theirs = await letTelevisionIn(house, { person: 'Robin' })
  const address = new URL(`${house.door}/me`)
  const form = await openForm(theirs.phone, address, 'name="ref"')
  const own = await openForm(mine.phone, address, 'name="ref"')
  expect(form.fields['ref']).not.toBe(own.fields['ref'])
  await mine.phone.go(form.action, { token: own.fields['token'] ?? '', ref: form.fields['ref'] ?? '' })
  expect((await theirs.tv.browser.go(`${house.cinema}/`)).status).toBe(200)
})

test('K12: signing everything out leaves the phone in the hand signed in, and nothing else', async () => {
  const { tv, phone } = await letTelevisionIn(house)
  const second = await letTelevisionIn(house)
  const address = new URL(`${house.door}/me`)
  const form = await openForm(phone, address, 'revoke-all')
  const answer = await phone.go(`${house.door}/me/revoke-all`, { token: form.fields['token'] ?? '' })
  expect(answer.status).toBe(303)
  expect((await tv.browser.go(`${house.cinema}/`)).status).toBe(401)
  expect((await second.tv.browser.go(`${house.cinema}/`)).status).toBe(401)
  expect((await second.phone.go(address)).status).toBe(303)
  expect((await phone.go(address)).status).toBe(200)
})
