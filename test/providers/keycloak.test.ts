import { describe, expect, test } from 'vitest'
import { MINUTE } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import { createGrantPolls } from '../../src/logins/grant-polls.ts'
import { isAlive } from '../../src/logins/invitation.ts'
import { type LoginEvent, reduce } from '../../src/logins/reduce.ts'
import { screenState } from '../../src/logins/screen-state.ts'
import { createOpenIdProvider } from '../../src/provider/openid.ts'
import { createDeviceGrant } from '../../src/provider/openid-device-grant.ts'
import { createFakeClock } from '../support/clock.ts'
import { complaints, goodConfig } from '../support/config-file.ts'
import { oauthError, requestCode, startFakeProvider } from '../support/fake-provider.ts'
import { useHouse } from '../support/house.ts'
import { invitationAt, loginAt } from '../support/login.ts'
import { createPhone } from '../support/phone.ts'

// Seen on Keycloak 26.7.3, beside what `requests`, `polls` and `identities` replay.

test.each([
  ['Keycloak: it knows no choice of accounts, so "Not you?" has the person sign in again', ['none', 'login'], 'login'],
  [
    'Authelia and Pocket ID: "Not you?" leads to their choice of accounts',
    ['login', 'select_account'],
    'select_account',
  ],
  ['a provider that does not say what it knows is asked for its choice of accounts', undefined, 'select_account'],
])('%s', async (_title, known, prompt) => {
  const { settings } = await startFakeProvider({ metadata: { prompt_values_supported: known } })
  const { url } = await createOpenIdProvider(settings(), createFakeClock()).authorizationRequest({
    chooseAccount: true,
  })
  expect(new URL(url).searchParams.get('prompt')).toBe(prompt)
})

const withGroups = `${goodConfig}    allow: { groups: [family] }\n`.replace(
  'provider:',
  'provider:\n  profile: keycloak',
)

test('Keycloak: groups come by a mapper, so nobody is told to ask for a scope that it would refuse', async () => {
  expect(await complaints(withGroups)).toEqual({ problems: [], warnings: [] })
})

const factsOf = (line: string): unknown => (line.startsWith('{') ? JSON.parse(line) : undefined)

describe('a sign-in', () => {
  const house = useHouse({ process: true, profile: 'keycloak' })

  test('Keycloak: a scope that it does not have refuses every sign-in, and the log says what to do', async () => {
    const phone = createPhone()
    const away = new URL((await phone.go(`${house.door}/me`)).headers.get('location') ?? '')
    const state = away.searchParams.get('state') ?? ''
    const answer = { error: 'invalid_scope', state, iss: house.issuer.issuer }
    const page = await phone.go(`${house.door}/callback?${new URLSearchParams(answer)}`)
    expect(page.status).toBe(500)
    expect(await page.text()).toContain('Signing in is not set up right')
    const told = expect.objectContaining({ error: 'invalid_scope', remedy: expect.stringContaining('scopes') })
    await expect.poll(() => house.log().map(factsOf)).toContainEqual(told)
  })
})

/** A login that shows the code of a provider that says no. */
async function startRefused() {
  const provider = await startFakeProvider({ token: [oauthError('access_denied')] })
  const clock = createFakeClock(Date.now())
  const deviceGrant = createDeviceGrant(provider.settings({ profile: 'keycloak' }), clock)
  const grant = await requestCode(deviceGrant)
  const providerGrant = { grant, mustApproveHere: false, nextPollAt: clock.now(), serverErrors: 0, silences: 0 }
  const invitation = { ...invitationAt(clock.now()), expiresAt: grant.expiresAt, providerGrant }
  return { clock, deviceGrant, login: { ...loginAt(clock.now()), invitations: [invitation] }, invitation }
}

test('Keycloak: a no on its page is in the log', async () => {
  let { clock, deviceGrant, login } = await startRefused()
  const noted: unknown[] = []
  const log = { ...silentLog, notice: (event: string, fields?: object) => void noted.push([event, fields]) }
  async function apply(_id: string, event: LoginEvent) {
    const reduced = reduce(login, event, clock.now())
    if ('login' in reduced) login = reduced.login as typeof login
    return reduced
  }
  const parts = { clock, log, logins: { apply }, deviceGrant, mayOpen: () => true, describe: async () => undefined }
  await createGrantPolls(parts).poll(login)
  expect(noted).toEqual([['device_denied', { app: 'cinema', device: 'tv', way: 'provider' }]])
})

test('Keycloak: a code that has run out there leads no phone to its page any more, as on the screen', async () => {
  const { clock, invitation, login } = await startRefused()
  const opened = reduce(login, { kind: 'opened', invitation: invitation.id, phone: 'p' }, clock.now() + 9 * MINUTE)
  const [kept] = 'login' in opened ? opened.login.invitations : []
  const end = invitation.expiresAt
  expect([end - 1, end].map((now) => kept && isAlive(kept, 'p', now))).toEqual([true, false])
  expect('login' in opened && screenState(opened.login, end)).toEqual({ show: 'tired' })
})
