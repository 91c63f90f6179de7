import { expect, test } from 'vitest'
import { household } from '../../../src/demo/provider/people.ts'
import { deskInsideHome } from '../../support/contract-home/enter.ts'
import { useContractHouse } from '../../support/contract-home/house.ts'
import { grant } from '../../support/contract-home/state.ts'
import { signInOnDesktop } from '../../support/desktop.ts'
import { sayFirst, wayTo } from '../../support/home-assistant-client.ts'

// A Home Assistant that is for some of its users alone: what the others bring along without a session.

const lines = ['allow: { emails: [robin@home.example] }', 'open_webhooks: [the-doorbell-of-1987]']
const some = useContractHouse({ lines })
const grouped = useContractHouse({ lines: ['allow: { groups: [admins] }'] })
const unlinked = useContractHouse({ lines, signIn: false })

/** What a script with somebody's long-lived token gets: by a request, and on a socket. */
async function script({ house: at, home: there, user: named }: typeof some, name: string): Promise<unknown[]> {
  const token = grant(there().state, named(name).id, 'long-lived').access[0] as string
  const way = wayTo(at.cinema)
  const status = async (headers: Record<string, string>) => (await way.send('/api/states', { headers })).status
  const answers = [
    await status({ authorization: `Bearer ${token}` }),
    await status({ authorization: `Bearer ${token}` }),
  ]
  return [...answers, await sayFirst(way, JSON.stringify({ type: 'auth', access_token: token }))]
}

test("where Home Assistant is for some, a bearer counts for its user's person alone, on a socket too", async () => {
  // Linked when they first come in.
  await deskInsideHome(some.house)
  expect(await script(some, 'Anna')).toEqual([200, 200, 'auth_ok'])
  for (const name of ['Ben', 'Owner']) expect(await script(some, name)).toEqual([401, 401, 'auth_invalid'])
  // Where nobody is linked, nobody's does.
  for (const name of ['Anna', 'Ben', 'Owner']) expect(await script(unlinked, name)).toEqual([401, 401, 'auth_invalid'])
})

test('what the provider says of a person counts from the next sign-in on, for what they hold without a session too', async () => {
  const { house } = grouped
  await deskInsideHome(house)
  expect(await script(grouped, 'Anna')).toEqual([200, 200, 'auth_ok'])
  house.issuer.setOption(
    'people',
    household.map((person) => ({ ...person, groups: ['family'] })),
  )
  await signInOnDesktop(house, house.cinema)
  expect(await script(grouped, 'Anna')).toEqual([401, 401, 'auth_invalid'])
  house.issuer.setOption('people', [...household])
  await signInOnDesktop(house, house.cinema)
  expect(await script(grouped, 'Anna')).toEqual([200, 200, 'auth_ok'])
})

test('where Home Assistant is for some, another spelling of its socket’s address is no way around', async () => {
  const token = grant(some.home().state, some.user('Ben').id, 'long-lived').access[0] as string
  const message = JSON.stringify({ type: 'auth', access_token: token })
  for (const path of ['/%61pi/websocket', '/a%70i/websocket', '/api/web%73ocket'])
    expect([path, await sayFirst(wayTo(some.house.cinema), message, false, path)]).toEqual([path, 'auth_invalid'])
})

test('where Home Assistant is for some, webhooks are those that are listed, and none is learned', async () => {
  for (const { house: at } of [some, unlinked]) {
    const call = async (id: string) =>
      (await wayTo(at.cinema).send(`/api/webhook/${id}`, { method: 'POST', body: '{}' })).status
    expect([await call('the-doorbell-of-1987'), await call('an-app-of-somebody')]).toEqual([200, 401])
  }
})
