import { expect, test } from 'vitest'
import { MINUTE } from '../../src/lib/clock.ts'
import type { Knock } from '../../src/recipes/recipe.ts'
import { createFakeClock } from '../support/clock.ts'
import { ask } from '../support/jellyfin/ask.ts'
import { useSignedInHouse } from '../support/jellyfin/house.ts'

// "No" to a native app that shows a code: what becomes of it.

const clock = createFakeClock(Date.now())
const { house, made } = useSignedInHouse({ users: { 'robin@home.example': 'Robin' } }, { clock }, { clock })
const authorization = 'MediaBrowser Client="Android TV", Device="Fire TV", DeviceId="fire-1", Version="0.19"'
const near = { address: '127.0.0.1', certain: true }

function knocks() {
  const { knocks: found } = made().recipe
  if (found === undefined) throw new Error('there are no knocks')
  return found
}

const begin = async () =>
  (await ask('POST', `${house.cinema}/QuickConnect/Initiate`, { headers: { authorization } })).json<{
    Code: string
    Secret: string
  }>()
const look = async (secret: string, name = 'secret') => {
  const { status, text, headers } = await ask('GET', `${house.cinema}/QuickConnect/Connect?${name}=${secret}`)
  return { status, text, type: headers['content-type'] }
}

test('a no is a refusal for everybody, and the app hears at once that its code is none any more', async () => {
  const { Code, Secret } = await begin()
  const knock = (await knocks().byCode(Code)) as Knock
  expect(await knocks().near(near)).toContainEqual(knock)
  // Another one with the same digits is not meant.
  await knocks().refuse({ ...knock, askedAt: knock.askedAt - 1 })
  expect((await look(Secret)).status).toBe(200)
  await knocks().refuse(knock)
  expect(await knocks().byCode(Code)).toBeUndefined()
  expect(await knocks().near(near)).not.toContainEqual(knock)
  // As of a secret that Jellyfin has never heard of, for as long as it would remember this one.
  const unknown = await look('F'.repeat(64))
  expect(unknown.status).toBe(404)
  for (const wait of [0, 5 * MINUTE]) {
    await clock.advance(wait)
    for (const name of ['secret', 'Secret']) expect(await look(Secret, name)).toEqual(unknown)
  }
  // It may show other digits, and those are others.
  const again = await begin()
  expect([(await look(again.Secret)).status, (await knocks().byCode(again.Code))?.code]).toEqual([200, again.Code])
})
