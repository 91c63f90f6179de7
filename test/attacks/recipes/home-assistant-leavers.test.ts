import { expect, test } from 'vitest'
import { ANDROID, codeForApp } from '../../support/contract-home/companion.ts'
import { authorizeTarget, look, redeemAs } from '../../support/contract-home/enter.ts'
import { useContractHouse } from '../../support/contract-home/house.ts'
import { signInOnDesktop } from '../../support/desktop.ts'
import { letTelevisionIn, signedInPhone } from '../../support/let-in.ts'

// What somebody begins in a session is no way back in when the session is over, and no way to stay longer than it may.

const { house, home, made } = useContractHouse({}, { trustLoopback: true })

const redeem = (code: string) =>
  redeemAs(house, undefined, { client_id: ANDROID, grant_type: 'authorization_code', code })

test('a code for an app is nothing when the session that it was made in is over', async () => {
  const { browser } = await signInOnDesktop(house, house.cinema, '/', 'Robin')
  const code = await codeForApp(house, browser)
  const out = `${house.cinema}/.entryphone/auth/sign-out`
  expect((await browser.go(out, {}, { origin: house.cinema, 'sec-fetch-site': 'same-origin' })).status).toBe(200)
  expect((await redeem(code)).status).toBe(400)
  const phone = await signedInPhone(house)
  expect(await (await phone.go(`${house.door}/me`)).text()).not.toContain('Home Assistant')
})

test('an app that a screen lets in stays no longer than the screen', async () => {
  const { tv } = await letTelevisionIn(house, { stay: { stay: 'tonight' } })
  const { status, tokens } = await redeem(await codeForApp(house, tv.browser))
  expect(status).toBe(200)
  const { inside, sessions } = made().parts
  const key = (await inside.markOf('cinema', tokens.refresh_token ?? '')) ?? ''
  const app = (await sessions.findUnder(key))?.session
  expect([app?.kind, app?.stay]).toEqual(['native', 'tonight'])
  expect((app?.absoluteUntil ?? 0) - Date.now()).toBeLessThan(13 * 3_600_000)
})

test('a site that leads a browser to the sign-in again and again keeps Home Assistant busy for a moment only', async () => {
  const { browser } = await signInOnDesktop(house, house.cinema, '/', 'Robin')
  const before = home().state.everCreated.length
  for (let i = 0; i < 40; i++)
    await look(browser, house.cinema + authorizeTarget(house), { 'sec-fetch-site': 'cross-site' })
  expect(home().state.everCreated.length - before).toBeLessThan(30)
  expect(home().state.everCreated.length - before).toBeGreaterThan(5)
})
