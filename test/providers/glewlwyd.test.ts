import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ProviderSettings } from '../../src/provider/discovery.ts'
import { createDeviceGrant } from '../../src/provider/openid-device-grant.ts'
import { profiles } from '../../src/provider/profiles.ts'
import { createFakeClock } from '../support/clock.ts'
import { requestCode } from '../support/fake-provider.ts'
import { type Glewlwyd, startGlewlwyd } from '../support/glewlwyd.ts'
import { needPart } from '../support/parts.ts'

const glewlwyd = needPart('glewlwyd')

describe.skipIf(glewlwyd === undefined)('Glewlwyd', () => {
  let provider: Glewlwyd

  beforeAll(async () => {
    provider = await startGlewlwyd()
  })
  afterAll(() => provider.close())

  function startTalking(more: Partial<ProviderSettings> = {}, to = provider) {
    const clock = createFakeClock(Date.now())
    const settings: ProviderSettings = {
      issuer: to.issuer,
      clientId: to.clientId,
      clientSecret: to.clientSecret,
      clientAuth: 'auto',
      profile: 'glewlwyd',
      scopes: ['openid', 'profile', 'email'],
      groupsClaim: 'groups',
      redirectUri: 'https://door.home.example/callback',
      insecureHttp: true,
      ...more,
    }
    return { clock, grant: createDeviceGrant(settings, clock) }
  }

  test('a screen signs in: pending, a real slow_down, approved on the phone, known by (issuer, sub)', async () => {
    const { grant } = startTalking()
    const code = await requestCode(grant)
    expect(code.userCode).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/)
    expect(code.verificationUriComplete).toContain(code.userCode)
    expect([code.intervalMs, code.codeVerifier !== undefined]).toEqual([5000, true])
    expect(await grant.poll(code)).toEqual({ kind: 'pending' })
    expect(await grant.poll(code)).toEqual({ kind: 'slow-down' })
    expect(await provider.approve(await provider.signIn(), code.userCode)).toBe('deviceComplete')
    const outcome = await grant.poll(code)
    expect(outcome).toMatchObject({
      kind: 'identity',
      identity: { issuer: provider.issuer, sub: expect.stringMatching(/./), name: 'Robin' },
      authTime: expect.any(Number),
    })
    expect(await grant.poll(code)).toEqual({ kind: 'denied' })
  })

  test('two screens of one person are one person', async () => {
    const cookie = await provider.signIn()
    const people = []
    for (let screen = 0; screen < 2; screen++) {
      const { grant } = startTalking()
      const code = await requestCode(grant)
      await provider.approve(cookie, code.userCode)
      people.push(await grant.poll(code))
    }
    expect(people[0]).toMatchObject({ kind: 'identity' })
    expect(people.map((one) => one.kind === 'identity' && one.identity.sub)).toHaveLength(2)
    expect(new Set(people.map((one) => one.kind === 'identity' && one.identity.sub)).size).toBe(1)
  })

  test('an address with the code lets the screen in without a question: its profile says so', async () => {
    const { grant } = startTalking()
    const code = await requestCode(grant)
    const cookie = await provider.signIn()
    // One GET, as a link in a message makes it. Nothing has been granted to the client before.
    expect(await provider.approve(cookie, code.userCode)).toBe('deviceComplete')
    expect(await grant.poll(code)).toMatchObject({ kind: 'identity' })
    expect(profiles.glewlwyd.asks).toBe('not every time')
  })

  test('its codes are compared letter by letter', async () => {
    const { grant } = startTalking()
    const code = await requestCode(grant)
    const folded = code.userCode.replace('-', '')
    expect(await provider.approve(await provider.signIn(), folded)).toBe('deviceCodeError')
    expect(await grant.poll(code)).toEqual({ kind: 'pending' })
  })

  test('a code is over when our clock says so', async () => {
    const { clock, grant } = startTalking()
    const code = await requestCode(grant)
    await clock.advance(code.expiresAt - clock.now())
    expect(await grant.poll(code)).toEqual({ kind: 'expired' })
  })

  test('a wrong secret is refused', async () => {
    const { grant } = startTalking({ clientSecret: 'wrong' })
    expect(await grant.request()).toMatchObject({ kind: 'refused' })
  })

  test('a client without the grant is refused', async () => {
    const other = await startGlewlwyd({ grants: ['code'] })
    const { grant } = startTalking({}, other)
    expect(await grant.request()).toMatchObject({ kind: 'refused' })
    await other.close()
  })
})
