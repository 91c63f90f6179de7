import { expect, test } from 'vitest'
import { createFakeClock } from '../../support/clock.ts'
import { inside, redeemAs } from '../../support/contract-home/enter.ts'
import { useContractHouse } from '../../support/contract-home/house.ts'
import { signInOnDesktop } from '../../support/desktop.ts'
import { postJson, type Tokens, wayTo } from '../../support/home-assistant-client.ts'
import type { House } from '../../support/house.ts'
import { letTelevisionIn } from '../../support/let-in.ts'
import type { Person } from '../../support/person.ts'
import { signOutFirst } from '../../support/phone.ts'

// What somebody gets who types a name and a password into Home Assistant's own form, behind the gate.

const clock = createFakeClock(Date.now())
const { house, home } = useContractHouse({}, { clock, trustLoopback: true })
const plain = useContractHouse({ signIn: false }, { clock, trustLoopback: true })

/** Somebody signs in by Home Assistant's own form. */
async function typeAt({ cinema }: Pick<House, 'cinema'>, browser: Person, username: string, password: string) {
  const { cookie } = inside({ cinema }, browser, {} as Tokens)
  const way = wayTo(cinema, { cookie, origin: cinema })
  const client_id = `${cinema}/`
  const begin = { client_id, handler: ['homeassistant', null], redirect_uri: client_id }
  const { flow_id } = await postJson<{ flow_id: string }>(way, '/auth/login_flow', begin)
  const filled = { client_id, username, password }
  const { result } = await postJson<{ result: string }>(way, `/auth/login_flow/${flow_id}`, filled)
  return redeemAs({ cinema }, browser, { grant_type: 'authorization_code', code: result })
}

test("an administrator's password, typed on a screen, opens nothing", async () => {
  const { tv } = await letTelevisionIn(house)
  const before = home().state.grants.length
  expect((await typeAt(house, tv.browser, 'owner', 'of the owner')).status).toBe(400)
  expect(home().state.grants.length).toBe(before)
  expect((await typeAt(house, tv.browser, 'ben', 'of ben')).status).toBe(200)
  const { browser } = await signInOnDesktop(house, house.cinema, '/')
  expect((await typeAt(house, browser, 'owner', 'of the owner')).status).toBe(200)
})

test("without sign_in, what is typed into Home Assistant's own form on a screen is its own matter, and ends with the session", async () => {
  const { house, home } = plain
  const { tv, phone } = await letTelevisionIn(house)
  const { status, tokens } = await typeAt(house, tv.browser, 'owner', 'of the owner')
  expect(status).toBe(200)
  const isHeld = () => home().state.grants.some(({ token }) => token === tokens.refresh_token)
  expect(isHeld()).toBe(true)
  await signOutFirst(house.door, phone)
  await expect.poll(isHeld).toBe(false)
})
