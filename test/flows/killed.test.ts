import { once } from 'node:events'
import { expect, test } from 'vitest'
import { useHouse } from '../support/house.ts'
import { letTelevisionIn } from '../support/let-in.ts'
import { createPhone, openForm, pressYes, scan } from '../support/phone.ts'
import { openSocket } from '../support/socket.ts'
import { openOnTelevision } from '../support/television.ts'

const house = useHouse({ process: true })

test('killed between approval and collection: the television still gets in, once', async () => {
  const tv = await openOnTelevision(house)
  const phone = createPhone()
  expect((await pressYes(phone, await scan(phone, tv.link))).status).toBe(200)
  await house.killAndRestart()
  const answers = await Promise.all(Array.from({ length: 50 }, () => tv.browser.go(new URL('collect', tv.page))))
  const sessions = answers
    .flatMap((answer) => answer.headers.getSetCookie())
    .filter((line) => /=[A-Za-z0-9_-]{43};/.test(line))
  expect(new Set(sessions.map((line) => line.split(';')[0])).size).toBe(1)
  expect((await tv.browser.go(`${house.cinema}/films/42?t=90`)).status).toBe(200)
  const me = await (await phone.go(`${house.door}/me`)).text()
  expect(me.match(/name="ref"/g)).toHaveLength(1)
})

test('killed after collection: the television stays signed in, and so does the phone', async () => {
  const { tv, phone } = await letTelevisionIn(house)
  await house.killAndRestart()
  expect((await tv.browser.go(`${house.cinema}/`)).status).toBe(200)
  expect((await phone.go(`${house.door}/me`)).status).toBe(200)
})

test('collecting, signing out and a kill in between: in the end it is signed out, and asking again brings nothing back', async () => {
  const tv = await openOnTelevision(house)
  const phone = createPhone()
  await pressYes(phone, await scan(phone, tv.link))
  const cookie = tv.browser.cookies('cinema.localhost')
  const collect = () => tv.browser.go(new URL('collect', tv.page), undefined, { cookie })
  expect((await collect()).status).toBe(303)
  const address = new URL(`${house.door}/me`)
  const form = await openForm(phone, address, 'name="ref"')
  await Promise.all([...Array.from({ length: 49 }, collect), phone.go(form.action, form.fields)])
  await house.killAndRestart()
  const late = await collect()
  expect(late.headers.getSetCookie().filter((line) => /=[A-Za-z0-9_-]{43};/.test(line))).toEqual([])
  expect((await tv.browser.go(`${house.cinema}/`)).status).toBe(401)
})

test('told to stop, it ends what is open and is gone; what was signed in stays so', async () => {
  const { tv } = await letTelevisionIn(house)
  const socket = await openSocket(tv.browser, house.cinema)
  const closed = once(socket, 'close')
  const waiting = (await openOnTelevision(house)).wait()
  // One round trip later the long poll has arrived as well.
  expect((await tv.browser.go(`${house.cinema}/`)).status).toBe(200)
  await house.restart()
  await closed
  expect(await waiting).toMatchObject({ state: 'waiting' })
  expect((await tv.browser.go(`${house.cinema}/`)).status).toBe(200)
})

test('L1: nothing secret of a whole run stands in the log', async () => {
  const { tv, phone } = await letTelevisionIn(house)
  await tv.browser.go(`${house.cinema}/films/42?api_key=a-secret-of-the-app`)
  const secrets = [tv.browser.cookies('cinema.localhost'), phone.cookies('door.localhost')]
    .flatMap((cookies) => cookies.split('; '))
    .map((pair) => pair.slice(pair.indexOf('=') + 1))
  const [, id = ''] = /\/d\/([A-Z2-7]{16})/.exec(tv.link) ?? []
  const log = house.log().join('\n')
  for (const secret of [
    ...secrets,
    tv.userCode,
    tv.userCode.replace('-', ''),
    house.issuer.clientSecret,
    'a-secret-of-the-app',
  ]) {
    expect([secret, log.includes(secret)]).toEqual([secret, false])
  }
  expect(log).toContain('"event":"device_approved"')
  expect(log).toContain('"event":"session_created"')
  expect([id.length, log.includes(id)]).toEqual([16, false])
})
