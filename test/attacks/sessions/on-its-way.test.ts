import { expect, test } from 'vitest'
import { createDesktop, signInOnDesktop } from '../../support/desktop.ts'
import { useHouse } from '../../support/house.ts'
import { signedInPhone } from '../../support/let-in.ts'
import { openForm, pressYes, scan } from '../../support/phone.ts'
import { linkIn, openOnTelevision } from '../../support/television.ts'

// Whoever holds a stolen cookie of the door begins something, and finishes it when everything has been signed out.

const house = useHouse()

async function signEverythingOut(): Promise<void> {
  const phone = await signedInPhone(house)
  const form = await openForm(phone, new URL(`${house.door}/me`), 'revoke-all')
  expect((await phone.go(form.action, form.fields)).status).toBe(303)
}

test('K12: a ticket that is on its way when everything is signed out signs nobody in', async () => {
  const { browser: thief } = await signInOnDesktop(house, house.cinema)
  const challenge = await thief.go(`${house.library}/films/7`)
  const start = new URL(linkIn(await challenge.text()), house.library)
  const { url: ticket } = await thief.follow(start, (at) => at.searchParams.has('t'))
  await signEverythingOut()
  expect((await thief.go(ticket)).status).toBe(403)
  expect((await thief.go(`${house.library}/films/7`)).status).toBe(401)
})

test('K12: a screen that was let in and has not gone on when everything is signed out stays outside', async () => {
  const tv = await openOnTelevision(house)
  const thief = createDesktop()
  expect((await pressYes(thief, await scan(thief, tv.link, 'Robin'), { stay: 'ours' })).status).toBe(200)
  await signEverythingOut()
  expect((await tv.collect()).status).toBe(401)
  expect((await tv.browser.go(`${house.cinema}/`)).status).toBe(401)
})
