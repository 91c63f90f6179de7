import { randomBytes } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createDesktop, leaveForProvider, signInOnDesktop } from '../support/desktop.ts'
import { useHouse } from '../support/house.ts'
import { letTelevisionIn } from '../support/let-in.ts'
import { openForm, pressYes, signInAtProvider } from '../support/phone.ts'
import { openOnTelevision } from '../support/television.ts'

const house = useHouse()

test('a new key in the key file ends nothing: sessions, codes, approvals and sign-ins under way go on, and can be ended', async () => {
  const { tv: inside, phone } = await letTelevisionIn(house)
  const { browser } = await signInOnDesktop(house, house.library)
  const waiting = await openOnTelevision(house)
  const approved = await openOnTelevision(house)
  expect((await pressYes(phone, await openForm(phone, approved.link))).status).toBe(200)
  const away = await leaveForProvider(house, house.cinema, '/films/3')
  const back = await leaveForProvider(house, house.cinema, '/films/4', createDesktop())
  const { url: ticket } = await signInAtProvider(back.browser, back.away, 'Robin', (at) =>
    at.pathname.endsWith('/ticket'),
  )

  appendFileSync(join(house.dataDir, 'key'), `2:${randomBytes(32).toString('base64')}\n`)
  await house.restart()

  const open = async () =>
    Promise.all([
      ...[inside, waiting, approved].map(async (tv) => (await tv.browser.go(`${house.cinema}/`)).status),
      browser.go(`${house.library}/`).then(({ status }) => status),
    ])
  expect(await open()).toEqual([200, 401, 401, 200])
  expect((await approved.collect()).headers.get('location')).toBe('/films/42?t=90')
  expect((await pressYes(phone, await openForm(phone, waiting.link))).status).toBe(200)
  expect((await waiting.collect()).headers.get('location')).toBe('/films/42?t=90')
  expect((await back.browser.go(ticket)).headers.get('location')).toBe('/films/4')
  expect((await signInAtProvider(away.browser, away.away)).url.href).toBe(`${house.cinema}/films/3`)
  expect(await open()).toEqual([200, 200, 200, 200])

  // What was let in under either key is on the one list.
  const me = await openForm(phone, `${house.door}/me`)
  expect(me.html.match(/name="ref"/g)).toHaveLength(6)
  await phone.go(`${house.door}/me/revoke-all`, { token: me.fields['token'] ?? '' })
  expect(await open()).toEqual([401, 401, 401, 401])
})
