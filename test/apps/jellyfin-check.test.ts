import { afterEach, expect, test } from 'vitest'
import { silentLog } from '../../src/lib/log.ts'
import { jellyfin as kind } from '../../src/recipes/jellyfin/jellyfin.ts'
import { useAlone } from '../support/jellyfin/alone.ts'
import { freePort } from '../support/ports.ts'
import { appOf } from '../support/traffic-harness.ts'

// What `check --online` says of a Jellyfin.

const { start, jellyfin, clock } = useAlone()
let key = ''
afterEach(() => {
  key = ''
})

async function findings(
  secret: string | undefined = key,
  users: Record<string, string> = {},
  origin = jellyfin().origin,
) {
  const options = { passwordSignIn: false, imagesByAddress: false, openWebhooks: [], learnWebhooks: false }
  const signIn = { secret, rules: { users, createUsers: false, screenAdmin: false }, options }
  const app = appOf('jellyfin', new URL(origin), {})
  return (await kind.check?.({ app, signIn, clock, log: silentLog })) ?? []
}

const said = async (...given: Parameters<typeof findings>) =>
  (await findings(...given)).map(({ level, text }) => `${level}: ${text}`)

test('all is well', async () => {
  key = await start({ knownProxies: ['127.0.0.1'] })
  expect(await said(key, { 'robin@home.example': 'Robin', sub: 'kim' })).toEqual([
    'fine: Jellyfin 10.11.11 answers.',
    'fine: The API key has the rights that it needs.',
    'fine: Quick Connect is on.',
    'fine: Known proxies are set.',
  ])
})

test('without sign_in, whether it is there and new enough', async () => {
  await start()
  const options = { passwordSignIn: false, imagesByAddress: false, openWebhooks: [], learnWebhooks: false }
  const signIn = { secret: undefined, rules: { users: {}, createUsers: false, screenAdmin: false }, options }
  const app = appOf('jellyfin', new URL(jellyfin().origin), {})
  expect(await kind.check?.({ app, signIn, clock, log: silentLog })).toMatchObject([{ level: 'fine' }])
})

test('each thing that is wrong, with where to put it right', async () => {
  key = await start()
  expect(await findings('0'.repeat(32))).toMatchObject([
    { level: 'fine' },
    { level: 'problem', text: 'The API key is not accepted.', remedy: expect.stringContaining('Dashboard, API Keys') },
  ])
  jellyfin().state.settings.QuickConnectAvailable = false
  const { users } = jellyfin().state
  const kim = users.named('Kim')
  if (kim !== undefined) kim.policy.IsDisabled = true
  const all = await findings(key, { 'robin@home.example': 'Robbin', 'kim@home.example': 'Kim', anna: 'admin' })
  expect(all.filter(({ level }) => level !== 'fine')).toMatchObject([
    {
      level: 'problem',
      text: expect.stringContaining('Quick Connect is off'),
      remedy: expect.stringContaining('Dashboard, General'),
    },
    {
      level: 'warning',
      text: expect.stringContaining('knows no proxies'),
      remedy: expect.stringContaining('Known proxies'),
    },
    { level: 'problem', text: 'Jellyfin has no user "Robbin".' },
    { level: 'warning', text: '"Kim" is disabled in Jellyfin.' },
    { level: 'warning', text: expect.stringContaining('"admin" administers Jellyfin') },
  ])
  // Nothing of the key is in what is said.
  expect(JSON.stringify(all)).not.toContain(key)
})

test('a base URL, an old server, one that is not set up, something else, and nothing at all', async () => {
  key = await start({ baseUrl: '/films' })
  expect(await said(key, {}, new URL(jellyfin().origin).origin)).toEqual([
    'problem: Something answers, but no Jellyfin at its root.',
  ])
  const answers = (body: object | string) => {
    jellyfin().interfere = () => ({ status: 200, headers: {}, body: JSON.stringify(body) })
  }
  answers({ Version: '10.8.13' })
  expect(await said()).toEqual(['problem: Jellyfin 10.8.13 is too old.'])
  answers({ Version: '12.0.0', StartupWizardCompleted: false })
  expect(await said()).toEqual(['problem: Jellyfin has not been set up yet.'])
  answers('hello')
  expect(await said()).toEqual(['problem: What answers is no Jellyfin.'])
  jellyfin().interfere = () => 'hang up'
  expect(await said()).toEqual([`problem: Jellyfin does not answer at ${jellyfin().origin.replace('/films', '')}.`])
  expect(await said(key, {}, `http://127.0.0.1:${await freePort()}`)).toHaveLength(1)
})

test('asking changes nothing', async () => {
  key = await start()
  await findings(key, { 'robin@home.example': 'Robin' })
  expect(jellyfin().asked.every(({ method }) => method === 'GET')).toBe(true)
  expect(jellyfin().state.devices.all()).toEqual([])
})
