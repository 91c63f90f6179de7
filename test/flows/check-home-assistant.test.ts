import { expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { askOnline } from '../../src/online.ts'
import { ADMIN_TOKEN, useContractHouse } from '../support/contract-home/house.ts'

const { house, home } = useContractHouse()

/** What is said of Home Assistant, besides that it answers. */
async function said(token = ADMIN_TOKEN) {
  const loaded = loadConfig(house.configFile, { CLIENT_SECRET: house.issuer.clientSecret, HOME_TOKEN: token })
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems))
  const found = await askOnline(loaded.config)
  return found.filter(({ path }) => path === 'apps.cinema').slice(1)
}

test('a Home Assistant that has all that it needs is said to', async () => {
  const found = await said()
  expect(found.filter(({ level }) => level === 'problem')).toEqual([])
  expect(found.map(({ text }) => text).join()).toContain('believes what Entryphone says of where people come from')
})

test('one that does not know its proxy is told the exact lines', async () => {
  home().trusts = false
  try {
    expect((await said())[0]).toMatchObject({
      level: 'problem',
      remedy: expect.stringContaining('http:\n  use_x_forwarded_for: true\n  trusted_proxies:\n    - 127.0.0.1'),
    })
  } finally {
    home().trusts = true
  }
})

test('a token that is not taken is told from something that is no Home Assistant, and neither token is shown', async () => {
  const refused = await said('not-the-token')
  expect(refused.map(({ text }) => text)).toContain('The token is not accepted.')
  expect(JSON.stringify(refused)).not.toContain('not-the-token')
  home().interfere = () => ({ status: 200, body: '<h1>Hello</h1>', type: 'text/html' })
  try {
    const other = await said()
    expect(other.at(-1)?.text).toContain('is no Home Assistant.')
    expect(JSON.stringify(other)).not.toContain(ADMIN_TOKEN)
  } finally {
    home().interfere = undefined
  }
})
