import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import { homeAssistant as kind } from '../../src/recipes/home-assistant/home-assistant.ts'
import { type ContractHome, startContractHome } from '../support/contract-home/server.ts'
import { addUser, grant, type HomeUser } from '../support/contract-home/state.ts'
import { homePort, useFurnishedHome } from '../support/furnished-home.ts'
import { signIn, wayTo } from '../support/home-assistant-client.ts'
import { people } from '../support/home-assistant-people.ts'
import { needPart } from '../support/parts.ts'
import { freePort } from '../support/ports.ts'
import { appOf } from '../support/traffic-harness.ts'

// What `check --online` says of a Home Assistant.

const options = { passwordSignIn: false, imagesByAddress: false, openWebhooks: [], learnWebhooks: false }
const app = (port: number) => appOf('home', new URL(`http://127.0.0.1:${port}`), {})

async function said(port: number, secret: string | undefined, users: Record<string, string> = {}) {
  const asked = { secret, rules: { users, createUsers: false, screenAdmin: false }, options }
  const all = (await kind.check?.({ app: app(port), signIn: asked, clock: systemClock, log: silentLog })) ?? []
  expect(JSON.stringify(all)).not.toContain(secret ?? 'unthinkable')
  return all
}

const brief = async (...given: Parameters<typeof said>) =>
  (await said(...given)).map(({ level, text }) => `${level}: ${text}`)

const home = useFurnishedHome()

describe.skipIf(needPart('home-assistant') === undefined)('of a real one', () => {
  test('that is set up as the page says all is well', async () => {
    expect(await brief(homePort ?? 0, home.adminToken, { robin: 'Anna', sam: home.users.ben })).toEqual([
      'fine: Home Assistant believes what Entryphone says of where people come from.',
      'fine: Home Assistant 2025.4.4 answers, and takes the token.',
    ])
  })

  test('a token of the owner, of an ordinary user, and of nobody is told', async () => {
    const tokens = await signIn(wayTo(home.origin), people.owner)
    expect((await said(homePort ?? 0, tokens.access_token)).at(-1)).toMatchObject({
      level: 'warning',
      text: 'The token is the owner’s.',
      remedy: expect.stringContaining('Long-lived access tokens'),
    })
    const ben = await signIn(wayTo(home.origin), people.ben)
    for (const token of [ben.access_token, 'no.token.at-all'])
      expect((await said(homePort ?? 0, token)).at(-1)).toMatchObject({
        level: 'problem',
        text: 'The token is not accepted.',
      })
  })
})

describe('of one that is not well', () => {
  let contract: ContractHome
  let gate: HomeUser
  const token = 'a-token-of-the-gate'
  beforeEach(async () => {
    contract = await startContractHome({ port: 0 })
    gate = addUser(contract.state, 'Entryphone', { group_ids: ['system-admin'], local_only: true })
    grant(contract.state, gate.id, 'long-lived').access.push(token)
    addUser(contract.state, 'Anna')
    addUser(contract.state, 'Anna')
  })
  afterEach(() => contract.close())

  test('each thing that is wrong, with the lines to write', async () => {
    contract.trusts = false
    gate.local_only = false
    const all = await said(contract.port, token, { robin: 'Anna', sam: 'Nobody' })
    expect(all).toMatchObject([
      {
        level: 'problem',
        remedy: expect.stringContaining('use_x_forwarded_for: true\n  trusted_proxies:\n    - 127.0.0.1'),
      },
      { level: 'fine' },
      { level: 'warning', text: expect.stringContaining('may come from anywhere') },
      { level: 'problem', text: expect.stringContaining('more than one user "Anna"') },
      { level: 'problem', text: expect.stringContaining('no user "Nobody"') },
    ])
    contract.state.users = contract.state.users.map((one) => (one.id === gate.id ? { ...one, is_owner: true } : one))
    expect(await brief(contract.port, token)).toContain('warning: The token is the owner’s.')
  })

  test('500, nonsense, or nothing is told as what it is', async () => {
    for (const instead of ['hang up', { status: 500 }, { status: 200, body: '{"' }] as const) {
      contract.interfere = () => instead
      expect((await brief(contract.port, token)).at(-1)).toContain('is no Home Assistant')
    }
    expect((await brief(await freePort(), token)).at(-1)).toContain('problem')
  })
})
