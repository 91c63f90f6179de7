import { expect, test } from 'vitest'
import { MINUTE, SECOND } from '../../src/lib/clock.ts'
import { createFakeClock } from '../support/clock.ts'
import { signInOnDesktop } from '../support/desktop.ts'
import { tokenFor } from '../support/jellyfin/administrator.ts'
import { withToken } from '../support/jellyfin/alone.ts'
import { ask } from '../support/jellyfin/ask.ts'
import { enter, letInside, tokenOf, tryToEnter } from '../support/jellyfin/enter.ts'
import { useSignedInHouse } from '../support/jellyfin/house.ts'

// Somebody is made an administrator of Jellyfin while a television and a native app have their account.

const clock = createFakeClock(Date.now())
const users = { 'robin@home.example': 'Robin' }
const { house, jellyfin, made } = useSignedInHouse({ users }, { clock }, { clock })

test('what a television or a native app holds of an account that comes to administer Jellyfin is taken back within minutes', async () => {
  const status = async (headers: Record<string, string>) =>
    (await ask('GET', `${house.cinema}/Users/Me`, { headers })).status
  const television = await letInside(house)
  const { browser } = await signInOnDesktop(house, house.cinema, '/')
  const desk = await enter(house, browser, { _deviceId2: 'desk' })
  const native = await tokenFor(jellyfin(), 'Robin', 'fire-tv')
  expect([await status(television.headers), await status(withToken(native))]).toEqual([200, 200])
  const { inside, sessions } = made().parts
  const device = (await inside.markOf('cinema', native)) ?? ''
  const { policy } = jellyfin().state.users.named('Robin') ?? {}
  if (policy === undefined) throw new Error('there is no Robin')
  policy.IsAdministrator = true

  // Whatever asks with the token alone is refused as soon as Jellyfin has said so.
  await clock.advance(MINUTE + SECOND)
  expect([await status(television.headers), await status(withToken(native))]).toEqual([401, 401])
  await clock.advance(MINUTE)
  for (const token of [tokenOf(television), native])
    await expect.poll(() => jellyfin().state.devices.find(token)).toBeUndefined()
  expect(await sessions.findUnder(device)).toBeUndefined()
  // The television is still let in, and reads why it is not taken in.
  expect(await tryToEnter(house, television.tv.browser)).toEqual({ failed: 'admin' })
  // On their own computer they go on.
  expect(await status({ ...desk.headers, cookie: desk.cookie })).toBe(200)

  policy.IsAdministrator = false
  expect(tokenOf(await enter(house, television.tv.browser))).toMatch(/^[0-9a-f]{32}$/)
  // What was signed out stays out.
  expect(await status(withToken(native))).toBe(401)
})
