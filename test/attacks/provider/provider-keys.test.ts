import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { createDesktop, leaveForProvider } from '../../support/desktop.ts'
import { useHouse } from '../../support/house.ts'
import { type LyingProvider, startLyingProvider } from '../../support/lying-provider.ts'

// The library tells the age of a key set by the machine's own clock.
beforeAll(() => vi.useFakeTimers({ toFake: ['Date'] }))
afterAll(() => vi.useRealTimers())

let provider: LyingProvider
const house = useHouse({
  async startProvider(options) {
    provider = await startLyingProvider(options)
    return provider
  },
})
afterEach(() => {
  provider.lies = {}
})

const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000)
const fetches = () => provider.requests.filter(({ path }) => path === '/jwks').length

/** Signs in; the status of where a browser stands afterwards. */
async function signIn(): Promise<number | undefined> {
  const { browser, away } = await leaveForProvider(house, house.cinema, '/films/7', createDesktop())
  return (await browser.follow(away, () => false)).response?.status
}

test('J9: a new key counts without a restart, and is asked for once', async () => {
  expect([await signIn(), fetches()]).toEqual([200, 1])
  expect([await signIn(), fetches()]).toEqual([200, 1])
  later(61)
  provider.publishes = ['k', 'second']
  provider.signsWith = 'second'
  expect([await signIn(), fetches()]).toEqual([200, 2])
  // The old one has gone, and the newest has come just before it signs.
  later(61)
  provider.publishes = ['third']
  provider.signsWith = 'third'
  expect([await signIn(), fetches()]).toEqual([200, 3])
  provider.signsWith = 'k'
  expect(await signIn()).toBe(400)
})

test('J9: keys that do not exist are looked for once a minute, however many are named', async () => {
  provider.signsWith = 'third'
  later(61)
  const before = fetches()
  for (let i = 0; i < 30; i++) {
    provider.lies = { header: { kid: `made-up-${i}` } }
    expect(await signIn()).toBe(400)
  }
  expect(fetches()).toBe(before + 1)
})

test('J9: a token without the name of its key counts while there is one key alone', async () => {
  later(301)
  provider.lies = { header: { kid: undefined } }
  expect(await signIn()).toBe(200)
  later(301)
  provider.publishes = ['third', 'k']
  expect(await signIn()).toBe(400)
})

test('J9: a token that says where its key is to be found is not listened to', async () => {
  const elsewhere = `${house.issuer.issuer}/elsewhere`
  for (const signed of ['by-a-stranger', undefined] as const) {
    const header = { jku: elsewhere, x5u: elsewhere, jwk: { kty: 'oct', k: 'AA' }, x5c: ['AA'] }
    provider.lies = { header, ...(signed && { signed }) }
    expect(await signIn()).toBe(signed === undefined ? 200 : 400)
  }
  expect(provider.requests.filter(({ path }) => path === '/elsewhere')).toEqual([])
})

test('J9: while the keys cannot be had, those of the last five minutes count, and nobody gets in by others', async () => {
  const broken = [{ status: 500 }, { body: '<html>' }, { body: '{"keys":"none"}' }, { body: '{"keys":[{}]}' }]
  for (const keys of broken) {
    provider.lies = {}
    later(301)
    expect(await signIn()).toBe(200)
    provider.lies = { keys }
    later(200)
    expect(await signIn()).toBe(200)
    later(200)
    expect([400, 503]).toContain(await signIn())
  }
})
