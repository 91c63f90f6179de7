import { afterEach, describe, expect, test } from 'vitest'
import { createFakeClock } from '../support/clock.ts'
import { signInOnDesktop } from '../support/desktop.ts'
import { tokenFor } from '../support/jellyfin/administrator.ts'
import { withToken } from '../support/jellyfin/alone.ts'
import { ask } from '../support/jellyfin/ask.ts'
import { enter, letInside, tokenOf, tryToEnter } from '../support/jellyfin/enter.ts'
import { idOf, useSignedInHouse } from '../support/jellyfin/house.ts'
import { letTelevisionIn } from '../support/let-in.ts'

// Who is taken in as whom, and what is told when a Jellyfin is not itself.

const clock = createFakeClock(Date.now())
const users = { 'robin@home.example': 'Robin', 'sam@home.example': 'Kim' }
const { house, jellyfin, made } = useSignedInHouse({ users }, { clock }, { clock })
afterEach(() => {
  for (const { policy } of jellyfin().state.users.all()) policy.IsDisabled = false
})

function policyOf(name: string) {
  const user = jellyfin().state.users.named(name)
  if (user === undefined) throw new Error(`nobody is called ${name}`)
  return user.policy
}

describe('people', () => {
  test('a disabled user is not taken in, and gets no token', async () => {
    policyOf('Robin').IsDisabled = true
    const before = jellyfin().state.devices.all().length
    const { tv } = await letTelevisionIn(house)
    expect(await tryToEnter(house, tv.browser)).toEqual({ failed: 'disabled' })
    expect(jellyfin().state.devices.all().length).toBe(before)
  })

  test('a token of a user who is switched off meanwhile is taken off its device all the same', async () => {
    const inside = await letInside(house, 'Robin', 'of-robin-alone')
    policyOf('Robin').IsDisabled = true
    const { parts } = made()
    await parts.sessions.end((await parts.inside.markOf('cinema', tokenOf(inside))) ?? '', 'revoked')
    await expect.poll(() => jellyfin().state.devices.find(tokenOf(inside))).toBeUndefined()
  })

  test('whoever takes a linked user’s name, or the administrator’s, changes nothing', async () => {
    const { users: all } = jellyfin().state
    const [robin, admin] = [idOf(jellyfin(), 'Robin'), idOf(jellyfin(), 'admin')]
    await letInside(house)
    all.rename(robin, 'Robin of before')
    all.rename(admin, 'Robin')
    try {
      const inside = await letInside(house)
      expect(inside.servers[0]?.UserId).toBe(robin)
    } finally {
      all.rename(admin, 'admin')
      all.rename(robin, 'Robin')
    }
  })

  test('somebody who administers Jellyfin is taken in at a desk, and not on a screen', async () => {
    policyOf('Robin').IsAdministrator = true
    try {
      const { tv } = await letTelevisionIn(house)
      expect(await tryToEnter(house, tv.browser)).toEqual({ failed: 'admin' })
      const { browser } = await signInOnDesktop(house, house.cinema, '/web/')
      expect((await enter(house, browser)).servers[0]?.UserId).toBe(idOf(jellyfin(), 'Robin'))
    } finally {
      policyOf('Robin').IsAdministrator = false
    }
  })

  test('an administrator’s password, typed on a television, opens nothing', async () => {
    const { cookie } = await letInside(house)
    const authorization = 'MediaBrowser Client="Jellyfin Web", Device="TV", DeviceId="typed", Version="1"'
    const answer = await ask('POST', `${house.cinema}/Users/AuthenticateByName`, {
      headers: { cookie, authorization },
      body: { Username: 'admin', Pw: 'only for emergencies' },
    })
    expect([answer.status, answer.text.includes('AccessToken')]).toEqual([403, false])
    expect(
      jellyfin()
        .state.devices.all()
        .filter(({ deviceId }) => deviceId === 'typed'),
    ).toEqual([])
  })

  test('of two people who say at once that they are one user, one is', async () => {
    const { recipe, parts } = made()
    const user = jellyfin().state.users.create('Shared', 'shared')
    const person = (sub: string) => ({ issuer: house.issuer.issuer, sub, name: sub })
    const place = { address: '192.0.2.1', certain: true }
    const prove = async (sub: string) => {
      const proved = await recipe.people?.prove('password', { name: 'shared', password: 'shared' }, place)
      if (proved === undefined) throw new Error('not proved')
      return parts.links.make('cinema', person(sub), { userId: proved.id, name: proved.name, how: 'proved' })
    }
    const both = await Promise.all([prove('one'), prove('two')])
    expect(both.filter((one) => one === 'taken')).toHaveLength(1)
    expect(await parts.links.personsOf('cinema', user?.id ?? '')).toHaveLength(1)
    expect(
      jellyfin()
        .state.devices.all()
        .filter(({ userId }) => userId === user?.id),
    ).toEqual([])
  })
})

describe('a Jellyfin that is not itself', () => {
  const nonsense = { status: 200, headers: { 'content-type': 'application/json' }, body: '{"Id":' }
  const html = { status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>It works!</h1>' }
  const huge = { status: 200, headers: { 'content-type': 'application/json' }, body: `"${'x'.repeat(5_000_000)}"` }
  const odd = [
    ['500', { status: 500 }],
    ['nonsense', nonsense],
    ['a page', html],
    ['too much', huge],
    ['nothing', 'hang up'],
    ['an empty list', { ...nonsense, body: '[]' }],
  ] as const

  test.each(odd)('%s is told as what it is, at every step', async (_name, answer) => {
    const { tv } = await letTelevisionIn(house)
    const steps = [/^\/Users\/[0-9a-f]{32}$/, /^\/QuickConnect\/Initiate/, /^\/Users\/AuthenticateWithQuickConnect/]
    for (const step of steps) {
      jellyfin().interfere = (_method, target) => (step.test(target) ? answer : undefined)
      expect([String(step), await tryToEnter(house, tv.browser)]).toEqual([String(step), { failed: 'app-down' }])
    }
    jellyfin().interfere = undefined
    expect((await tryToEnter(house, tv.browser)).write).toBeDefined()
  })

  test('a key that is no good any more, and Quick Connect that is off, are told apart from being down', async () => {
    const { tv } = await letTelevisionIn(house)
    jellyfin().interfere = (_method, target) => (/^\/Users\/[0-9a-f]{32}$/.test(target) ? { status: 401 } : undefined)
    expect(await tryToEnter(house, tv.browser)).toEqual({ failed: 'app-refuses' })
    jellyfin().interfere = undefined
    jellyfin().state.settings.QuickConnectAvailable = false
    try {
      expect(await tryToEnter(house, tv.browser)).toEqual({ failed: 'app-refuses' })
    } finally {
      jellyfin().state.settings.QuickConnectAvailable = true
    }
  })

  test('a limit of the user’s own in Jellyfin holds', async () => {
    const policy = policyOf('Robin')
    policy.EnableAllDevices = false
    try {
      const { tv } = await letTelevisionIn(house)
      expect(await tryToEnter(house, tv.browser)).toEqual({ failed: 'app-refuses' })
    } finally {
      policy.EnableAllDevices = true
    }
  })

  test('a token of another user than the linked one is given to nobody', async () => {
    const wrong = await tokenFor(jellyfin(), 'Kim', 'mixed-up')
    const { tv } = await letTelevisionIn(house)
    const kim = { Id: idOf(jellyfin(), 'Kim'), Name: 'Kim', Policy: { IsAdministrator: false, IsDisabled: false } }
    const mixedUp = { AccessToken: wrong, ServerId: jellyfin().state.serverId, User: kim }
    jellyfin().interfere = (_method, target) =>
      target.includes('AuthenticateWithQuickConnect') ? { ...nonsense, body: JSON.stringify(mixedUp) } : undefined
    expect(await tryToEnter(house, tv.browser)).toEqual({ failed: 'app-refuses' })
    expect(jellyfin().state.devices.find(wrong)).toBeUndefined()
  })

  test('while it cannot be asked, a token that is not known yet is neither believed nor refused', async () => {
    const token = await tokenFor(jellyfin(), 'Robin', 'native')
    jellyfin().interfere = () => 'hang up'
    // Some clients forget their token at a 401.
    expect((await ask('GET', `${house.cinema}/Users/Me`, { headers: withToken(token) })).status).toBe(503)
    jellyfin().interfere = undefined
    expect((await ask('GET', `${house.cinema}/Users/Me`, { headers: withToken(token) })).status).toBe(200)
  })
})
