import { describe, expect, test, vi } from 'vitest'
import { useChromium } from '../support/chromium.ts'
import { homePort, useFurnishedHome } from '../support/furnished-home.ts'
import { lamp, signInByHand } from '../support/home-assistant-page.ts'
import { people } from '../support/home-assistant-people.ts'
import { useHouse } from '../support/house.ts'
import { needPart } from '../support/parts.ts'

// A real Home Assistant behind the gate: what people see, with its own login still to come behind ours.

vi.setConfig({ testTimeout: 90_000 })
const chromium = needPart('chromium')
const missing = chromium === undefined || needPart('home-assistant') === undefined
useFurnishedHome()
const house = useHouse({ https: true, homePort })

describe.skipIf(missing)('in front of Home Assistant', () => {
  const browser = useChromium(chromium)

  const atItsLogin = (url: URL) => url.pathname === '/auth/authorize'

  test('an ordinary browser signs in at the provider and then at Home Assistant, and a second tab needs neither', async () => {
    const desktop = await browser().newContext({ ignoreHTTPSErrors: true })
    const page = await desktop.newPage()
    await page.goto(`${house.home}/`)
    await page.getByRole('button', { name: 'Continue as Robin' }).click()
    await page.waitForURL(atItsLogin)
    await signInByHand(page, people.ben)
    await lamp(page).waitFor()
    const tab = await desktop.newPage()
    await tab.goto(`${house.home}/lovelace/0`)
    await lamp(tab).waitFor()
    expect(tab.url()).toBe(`${house.home}/lovelace/0`)
    await desktop.close()
  })
})
