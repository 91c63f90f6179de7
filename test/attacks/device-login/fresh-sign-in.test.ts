import { expect, test } from 'vitest'
import { useHouse } from '../../support/house.ts'
import { createPerson, type Person } from '../../support/person.ts'
import { openForm, pressYes, scan, signInAtProvider } from '../../support/phone.ts'
import { openOnTelevision, PHONE } from '../../support/television.ts'

const house = useHouse({ trustLoopback: true })

type Headers = Record<string, string>
const at = (address: string, more: Headers = {}): Headers => ({ 'x-forwarded-for': address, ...more })
const TV = '192.168.1.20'
const HAND = '192.168.1.31'

/** A phone whose person signed in a quarter of an hour and more ago. */
async function phoneWithOldSignIn(headers: Headers): Promise<Person> {
  const phone = createPerson({ 'user-agent': PHONE, ...headers })
  house.issuer.setOption('signedInSecondsAgo', 1000)
  await signInAtProvider(phone, new URL(`${house.door}/me`))
  house.issuer.setOption('signedInSecondsAgo', 0)
  return phone
}

test('U6b: no header and no shared address makes an old sign-in do for a screen that was let in before', async () => {
  const first = await openOnTelevision(house, { headers: at(TV) })
  const phone = createPerson({ 'user-agent': PHONE, ...at(HAND) })
  expect((await pressYes(phone, await scan(phone, first.link))).status).toBe(200)

  const press = async (screen: Headers, hand: Headers) => {
    const tv = await openOnTelevision(house, { headers: screen })
    const old = await phoneWithOldSignIn(hand)
    const page = await openForm(old, tv.link)
    return (await pressYes(old, page, { stay: 'tonight', here: 'yes' })).status
  }
  // The provider is asked again (303), but for the screen at home and a phone at home.
  const cases: [string, number, Headers, Headers][] = [
    ['both at home', 200, at(TV), at(HAND)],
    ['the screen has another address of the same home', 200, at('192.168.1.77'), at(HAND)],
    ['the phone is elsewhere', 303, at(TV), at('198.51.100.9')],
    ['such a screen elsewhere, the phone with it', 303, at('192.168.2.20'), at('192.168.2.31')],
    ['both come from one address', 303, at(TV), at(TV)],
    ['neither can be told apart from the proxy', 303, at('127.0.0.1'), at('127.0.0.1')],
    ['the phone names another client besides', 303, at(TV), at(HAND, { 'x-real-ip': '203.0.113.9' })],
    ['so does the screen', 303, at(TV, { forwarded: 'for=203.0.113.9' }), at(HAND)],
    ['a screen elsewhere that claims the home', 303, at('198.51.100.9', { 'cf-connecting-ip': TV }), at(HAND)],
    ['claims it first in the list', 303, at(`${TV}, 198.51.100.9`), at(HAND)],
  ]
  for (const [what, status, screen, hand] of cases) expect([what, await press(screen, hand)]).toEqual([what, status])
})
