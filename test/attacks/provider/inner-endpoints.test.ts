import { expect, test } from 'vitest'
import { createDesktop, leaveForProvider } from '../../support/desktop.ts'
import { useHouse } from '../../support/house.ts'
import { startInner } from '../../support/inner.ts'
import { type Lies, startLyingProvider } from '../../support/lying-provider.ts'

let lying: { lies: Lies }
const house = useHouse({
  async startProvider(options) {
    const started = await startLyingProvider(options)
    lying = started
    return started
  },
})

test('B5: endpoints on other hosts are never asked', async () => {
  const inner = await startInner()
  for (const endpoint of ['token_endpoint', 'jwks_uri', 'userinfo_endpoint']) {
    lying.lies = { metadata: { [endpoint]: `${inner.origin}/admin?do=it` }, claims: { name: undefined } }
    await house.restart()
    const { browser, away } = await leaveForProvider(house, house.cinema, '/films/7', createDesktop())
    const { response } = await browser.follow(away, () => false)
    expect([endpoint, response?.status]).toEqual([endpoint, 400])
    expect((await browser.go(`${house.cinema}/`)).status).toBe(401)
  }
  expect(inner.asked).toEqual([])
})
