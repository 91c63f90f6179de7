import { describe, expect, test } from 'vitest'
import type { RecipePeople } from '../../src/recipes/recipe.ts'
import { createFakeClock } from '../support/clock.ts'
import { tokenFor } from '../support/jellyfin/administrator.ts'
import { withToken } from '../support/jellyfin/alone.ts'
import { ask } from '../support/jellyfin/ask.ts'
import { enter, letInside, tryToEnter } from '../support/jellyfin/enter.ts'
import { idOf, password, useSignedInHouse } from '../support/jellyfin/house.ts'
import type { Version } from '../support/jellyfin/server/version.ts'
import { letTelevisionIn } from '../support/let-in.ts'

// How somebody becomes somebody inside: by the config, by showing it once on their phone, or as a new user.

const place = { address: '192.168.7.99', certain: true }

describe.each<Version>(['10.9', '12.0'])('showing it once, at %s', (version) => {
  const { house, jellyfin, made } = useSignedInHouse({}, { version })
  const people = () => made().recipe.people as RecipePeople

  test('somebody who is nobody there yet is told so', async () => {
    const { tv } = await letTelevisionIn(house)
    expect(await tryToEnter(house, tv.browser)).toEqual({ failed: 'not-linked' })
  })

  test('by a code that they approve where they are signed in, and nothing is left of that', async () => {
    const begun = await people().begin?.()
    if (begun === undefined) throw new Error('no code')
    const { digits, handle } = begun
    expect(digits).toMatch(/^\d{6}$/)
    expect(await people().prove('code', { handle }, place)).toBeUndefined()
    const token = await tokenFor(jellyfin(), 'Kim', 'kims-phone')
    const approved = await ask('POST', `${jellyfin().origin}/QuickConnect/Authorize?code=${digits}`, {
      headers: withToken(token),
    })
    expect(approved.status).toBe(200)
    expect(await people().prove('code', { handle }, place)).toEqual({
      id: idOf(jellyfin(), 'Kim'),
      name: 'Kim',
      admin: false,
      disabled: false,
    })
    expect(
      jellyfin()
        .state.devices.all()
        .map(({ deviceId }) => deviceId),
    ).toEqual(['kims-phone'])
  })

  test('what a proof is gone on with opens nothing at Jellyfin', async () => {
    const begun = await people().begin?.()
    const looked = await ask('GET', `${jellyfin().origin}/QuickConnect/Connect?secret=${begun?.handle}`)
    expect(looked.status).toBe(404)
    for (const handle of ['', 'x', 'F'.repeat(64)])
      expect(await people().prove('code', { handle }, place)).toBeUndefined()
  })

  test('by their password, which signs nobody in', async () => {
    const before = jellyfin().state.devices.all().length
    expect(await people().prove('password', { name: 'robin', password }, place)).toMatchObject({ name: 'Robin' })
    for (const wrong of [
      { name: 'Robin', password: 'wrong' },
      { name: 'Robin', password: '' },
      { name: '', password },
      {},
    ])
      expect(await people().prove('password', wrong as Record<string, string>, place)).toBeUndefined()
    expect(jellyfin().state.devices.all().length).toBe(before)
  })

  test('an account without a password shows nobody', async () => {
    jellyfin().state.users.create('Empty')
    expect(await people().prove('password', { name: 'Empty', password: '' }, place)).toBeUndefined()
  })

  test('while Jellyfin cannot be asked nobody is taken for nobody', async () => {
    jellyfin().interfere = () => 'hang up'
    await expect(people().byId(idOf(jellyfin(), 'Kim'))).rejects.toMatchObject({ reason: 'app-down' })
    await expect(people().byName('Kim')).rejects.toMatchObject({ reason: 'app-down' })
    await expect(people().prove('password', { name: 'Robin', password }, place)).rejects.toMatchObject({
      reason: 'app-down',
    })
  })

  test('names are looked up as Jellyfin compares them, ids in any spelling, and neither leads to another address', async () => {
    const id = idOf(jellyfin(), 'Kim')
    const spelled = id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-').toUpperCase()
    for (const one of [id, spelled]) expect(await people().byId(one)).toMatchObject({ name: 'Kim' })
    expect(await people().byName('KIM')).toMatchObject({ id })
    for (const odd of ['', '..', 'Me', `${id}/Policy`, 'New', 'f'.repeat(32)])
      expect(await people().byId(odd)).toBeUndefined()
    expect(await people().byName('nobody')).toBeUndefined()
  })
})

describe('create_users', () => {
  const clock = createFakeClock(Date.now())
  const { house, jellyfin, made } = useSignedInHouse({ lines: ['  create_users: true'] }, { clock }, { clock })

  test('makes an ordinary user once, and finds another name where that one is taken', async () => {
    const first = await letInside(house)
    const [server] = first.servers
    const user = jellyfin().state.users.find(server?.UserId ?? '')
    expect(user).toMatchObject({ name: 'Robin 2', policy: { IsAdministrator: false } })
    const again = await enter(house, first.tv.browser)
    expect(again.servers[0]?.UserId).toBe(server?.UserId)
    const sam = await letInside(house, 'Sam', 'sams-tv')
    expect(jellyfin().state.users.find(sam.servers[0]?.UserId ?? '')?.name).toBe('Sam')
  })

  test('a user that is made has a password that nobody knows', async () => {
    const made_ = await made().recipe.people?.create('Nobody knows')
    expect(jellyfin().state.users.find(made_?.id ?? '')?.password).toMatch(/^[\w-]{43}$/)
  })
})
