import { afterEach, expect, test } from 'vitest'
import { MINUTE } from '../../../src/lib/clock.ts'
import { createFakeClock } from '../../support/clock.ts'
import { ANDROID, codeForApp } from '../../support/contract-home/companion.ts'
import { authorizeTarget, deskInsideHome, letInsideHome, look, redeemAs } from '../../support/contract-home/enter.ts'
import { useContractHouse } from '../../support/contract-home/house.ts'
import { postJson, type Tokens, wayTo } from '../../support/home-assistant-client.ts'
import { letTelevisionIn } from '../../support/let-in.ts'

// Somebody is made an administrator of Home Assistant while screens have their account.

const clock = createFakeClock(Date.now())
const { house, home, user, made } = useContractHouse({}, { clock, trustLoopback: true })

const held = ({ refresh_token }: Partial<Tokens>) => home().state.grants.find(({ token }) => token === refresh_token)
const promote = (name: string) => void user(name).group_ids.push('system-admin')
afterEach(() => {
  for (const { group_ids, name } of home().state.users)
    if (name === 'Anna' || name === 'Ben') group_ids.splice(0, 2, 'system-users')
})

test('what a screen holds of an account that comes to administer Home Assistant is taken back within minutes', async () => {
  const screen = await letInsideHome(house)
  const desk = await deskInsideHome(house)
  const [ofScreen, ofDesk] = [
    await redeemAs(house, undefined, {
      client_id: ANDROID,
      grant_type: 'authorization_code',
      code: await codeForApp(house, screen.browser),
    }),
    await redeemAs(house, undefined, {
      client_id: ANDROID,
      grant_type: 'authorization_code',
      code: await codeForApp(house, desk.browser),
    }),
  ]
  const all = [screen.tokens, desk.tokens, ofScreen.tokens, ofDesk.tokens]
  expect(all.map((tokens) => held(tokens) !== undefined)).toEqual([true, true, true, true])
  promote('Anna')
  // It is looked at as the last thing in this time: whatever Home Assistant takes for its answer, the clock stands.
  await clock.advance(2 * MINUTE)
  await expect.poll(() => all.map((tokens) => held(tokens) !== undefined)).toEqual([false, true, false, true])
  const answer = await look(screen.browser, house.cinema + authorizeTarget(house))
  expect(answer.headers.get('location')).toContain('failed=admin')
  const key = (await made().parts.inside.markOf('cinema', ofScreen.tokens.refresh_token ?? '')) ?? ''
  expect(await made().parts.sessions.findUnder(key)).toBeUndefined()
})

test('so is what was signed in on a screen by a password', async () => {
  const { tv } = await letTelevisionIn(house)
  const way = wayTo(house.cinema, { cookie: tv.browser.cookies(new URL(house.cinema).hostname), origin: house.cinema })
  const flow = { client_id: `${house.cinema}/`, handler: ['homeassistant', null], redirect_uri: `${house.cinema}/` }
  const { flow_id } = await postJson<{ flow_id: string }>(way, '/auth/login_flow', flow)
  const typed = { client_id: `${house.cinema}/`, username: 'ben', password: 'of ben' }
  const { result } = await postJson<{ result: string }>(way, `/auth/login_flow/${flow_id}`, typed)
  const { tokens } = await redeemAs(house, tv.browser, { grant_type: 'authorization_code', code: result })
  expect(held(tokens)).toBeDefined()
  promote('Ben')
  await clock.advance(2 * MINUTE)
  await expect.poll(() => held(tokens)).toBeUndefined()
})
