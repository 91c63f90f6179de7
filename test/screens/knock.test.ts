import { mkdirSync } from 'node:fs'
import { describe, expect, test, vi } from 'vitest'
import { newPhone, press } from '../support/browser-phone.ts'
import { useChromium } from '../support/chromium.ts'
import { useHouse } from '../support/house.ts'
import { createKnockingApp } from '../support/knocking-recipe.ts'
import { needPart } from '../support/parts.ts'

// A native app that asks to be let in, as somebody with a phone in their hand sees it.

vi.setConfig({ testTimeout: 60_000 })
const chromium = needPart('chromium')

describe.skipIf(chromium === undefined)("in today's Chromium", () => {
  const app = createKnockingApp()
  const house = useHouse({ trustLoopback: true, recipes: new Map([['cinema', app.kind]]) })
  const home = { address: '192.168.1.20', certain: true, via: '127.0.0.1' }
  const browser = useChromium(chromium)

  test('the digits come up on a page that is open, and one press lets the device in, or keeps it out', async () => {
    await app.link({ issuer: house.issuer.issuer, sub: 'robin', name: 'Robin' }, 'anna')
    const phone = await newPhone(browser())
    await phone.setExtraHTTPHeaders({ 'x-forwarded-for': '192.168.1.31' })
    const page = await phone.newPage()
    const faults: string[] = []
    page.on('console', (line) => /content security policy/i.test(line.text()) && faults.push(line.text()))
    page.on('pageerror', (error) => faults.push(error.message))
    await page.goto(`${house.door}/me`)
    await page.getByRole('button', { name: 'Continue as Robin' }).click()
    await page.waitForURL(`${house.door}/me`)
    expect(await page.getByText('Asking to come in').count()).toBe(0)
    app.knock('482913', home)
    await page.getByText('482 913').waitFor({ timeout: 15_000 })
    await press(page.getByRole('button', { name: 'Yes, let Fire TV in' }), page.getByText('Done.'))
    expect(app.letIn.map(({ code }) => code)).toEqual(['482913'])
    await page.getByRole('link', { name: 'My screens' }).click()
    await page.getByRole('button', { name: 'Sign out Fire TV' }).waitFor()
    expect(await page.getByText('482 913').count()).toBe(0)
    app.knock('517204', home, { device: 'Strange TV' })
    await page.getByText('517 204').waitFor({ timeout: 15_000 })
    mkdirSync('out', { recursive: true })
    await page.screenshot({ path: 'out/knock-near.png', fullPage: true })
    await press(page.getByRole('button', { name: 'No, stop Strange TV' }), page.getByText('stays outside'))
    expect(app.refused).toEqual(['517204'])
    expect(faults).toEqual([])
    await phone.close()
  })
})
