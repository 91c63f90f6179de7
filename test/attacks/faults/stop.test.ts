import { once } from 'node:events'
import { expect, test } from 'vitest'
import { createDesktop, leaveForProvider } from '../../support/desktop.ts'
import { useFaultHouse } from '../../support/fault-house.ts'
import { letTelevisionIn } from '../../support/let-in.ts'
import { createPhone, openForm, pressYes, scan, signInAtProvider } from '../../support/phone.ts'
import { openSocket } from '../../support/socket.ts'
import { openOnTelevision } from '../../support/television.ts'

const stage = await useFaultHouse()
const { house } = stage

const sessionsIn = (answers: Response[]) =>
  new Set(answers.flatMap((answer) => answer.headers.getSetCookie()).filter((line) => /=[A-Za-z0-9_-]{43};/.test(line)))

test('N7: told to stop in the middle of sign-ins, approvals and a socket: nothing is lost, and nothing happens twice', async () => {
  // At the provider; with a ticket in hand; approved and not collected; pressing just now; on a socket.
  const atProvider = await leaveForProvider(house, house.library, '/')
  const onWayBack = await leaveForProvider(house, house.library, '/', createDesktop())
  const { url: ticket } = await signInAtProvider(onWayBack.browser, onWayBack.away, 'Robin', (at) =>
    at.pathname.endsWith('/ticket'),
  )
  const { tv: inside, phone } = await letTelevisionIn(house)
  const approved = await openOnTelevision(house)
  expect((await pressYes(phone, await openForm(phone, approved.link))).status).toBe(200)
  const pressed = await openOnTelevision(house)
  const otherPhone = createPhone()
  const page = await scan(otherPhone, pressed.link)
  const socket = await openSocket(inside.browser, house.cinema)
  const closed = once(socket, 'close')

  let press: Response | undefined
  const losses = await stage.traffic.count('told to stop and started again', async () => {
    const pressing = pressYes(otherPhone, page).catch(() => undefined)
    await house.restart()
    press = await pressing
  })
  expect(losses.unauthorised).toBe(0)
  await closed

  expect((await signInAtProvider(atProvider.browser, atProvider.away)).url.origin).toBe(house.library)
  const twice = await Promise.all([onWayBack.browser.go(ticket), onWayBack.browser.go(ticket)])
  expect(sessionsIn(twice).size).toBe(1)
  expect(sessionsIn(await Promise.all([approved.collect(), approved.collect()])).size).toBe(1)
  // Either the press was heard, and then said so, or the page still asks.
  if (press?.status !== 200) {
    const again = await openForm(otherPhone, pressed.link).catch(() => undefined)
    if (again !== undefined) expect((await pressYes(otherPhone, again)).status).toBe(200)
  }
  expect(sessionsIn([await pressed.collect()]).size).toBe(1)
  expect((await inside.browser.go(`${house.cinema}/`)).status).toBe(200)
  expect(await house.process().close()).toBe(0)
})
