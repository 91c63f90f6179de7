import { expect, test } from 'vitest'
import { tokenFor } from '../support/jellyfin/administrator.ts'
import { withToken } from '../support/jellyfin/alone.ts'
import { ask } from '../support/jellyfin/ask.ts'
import { enter, tryToEnter } from '../support/jellyfin/enter.ts'
import { idOf, password, useSignedInHouse } from '../support/jellyfin/house.ts'
import { letTelevisionIn } from '../support/let-in.ts'
import { openForm, readForm } from '../support/phone.ts'

// Saying on the phone who one is in Jellyfin, from the page at the door to the television that is in.

const { house, jellyfin } = useSignedInHouse({ lines: ['  create_users: false'] })
const page = () => `${house.door}/me/apps/cinema`
const textOf = (html: string) => html.replace(/<(style|script)>[\s\S]*?<\/\1>/g, '')

test('with digits that are typed in Jellyfin, and nothing is left there of asking', async () => {
  const { tv, phone } = await letTelevisionIn(house, { person: 'Sam' })
  expect(await tryToEnter(house, tv.browser)).toEqual({ failed: 'not-linked' })
  const form = await openForm(phone, page(), '/code">')
  const led = await phone.go(form.action, form.fields)
  const shown = new URL(led.headers.get('location') ?? '', house.door)
  const digits =
    /(\d{3}) (\d{3})<\/div>/
      .exec(await (await phone.go(shown)).text())
      ?.slice(1)
      .join('') ?? ''
  const kim = await tokenFor(jellyfin(), 'Kim', 'kims-phone')
  const typed = await ask('POST', `${jellyfin().origin}/QuickConnect/Authorize?code=${digits}`, {
    headers: withToken(kim),
  })
  expect(typed.status).toBe(200)
  const { url, response } = await phone.follow(shown, () => false)
  const confirm = readForm(url, (await response?.text()) ?? '')
  expect((await phone.go(confirm.action, confirm.fields)).status).toBe(200)
  const devices = jellyfin().state.devices.all()
  expect(devices.map(({ deviceId }) => deviceId)).toEqual(['kims-phone'])
  expect((await enter(house, tv.browser)).servers[0]?.UserId).toBe(idOf(jellyfin(), 'Kim'))
})

test('with a password, once; an administrator gives their screens an ordinary account', async () => {
  const { tv, phone } = await letTelevisionIn(house)
  const by = async (name: string, secret: string, use: string) => {
    const form = await openForm(phone, page(), '/password">')
    return phone.go(form.action, { ...form.fields, use, name, secret })
  }
  expect((await by('Robin', 'wrong', 'own')).status).toBe(422)
  expect((await by('admin', 'only for emergencies', 'own')).status).toBe(303)
  expect(await tryToEnter(house, tv.browser)).toEqual({ failed: 'admin' })
  expect(textOf(await (await phone.go(page())).text())).toContain('Screens do not get that account')
  expect((await by('Robin', password, 'screens')).status).toBe(303)
  expect((await enter(house, tv.browser)).servers[0]?.UserId).toBe(idOf(jellyfin(), 'Robin'))
})
