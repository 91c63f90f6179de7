import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { newPhone } from '../support/browser-phone.ts'
import { useChromium } from '../support/chromium.ts'
import { type Glewlwyd, startGlewlwyd } from '../support/glewlwyd.ts'
import { type HouseOptions, useHouse } from '../support/house.ts'
import type { startIssuer } from '../support/issuer.ts'
import { needPart } from '../support/parts.ts'
import { decodeQr } from '../support/qr-decode.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { LG_TV } from '../support/television.ts'

// A television let in by the provider's own device grant, chosen by configuration alone, on two providers and two stores.

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
const chromium = needPart('chromium')
const DEEP_LINK = '/films/42?t=90'

/** Approves at the provider from our context page on. */
type Approve = (page: Page) => Promise<void>

function describeProviderWay(name: string, missing: boolean, options: HouseOptions, approve: Approve): void {
  describe.skipIf(chromium === undefined || missing)(name, () => {
    const house = useHouse({ process: true, grant: 'provider', ...options })
    const browser = useChromium(chromium)

    async function openTelevision(
      javaScriptEnabled: boolean,
    ): Promise<{ tv: Page; context: BrowserContext; text: string }> {
      const context = await browser().newContext({
        userAgent: LG_TV,
        viewport: { width: 1280, height: 720 },
        javaScriptEnabled,
      })
      const tv = await context.newPage()
      await tv.goto(house.cinema + DEEP_LINK)
      await tv.waitForURL(/\/\.entryphone\/auth\/[^/]+\/$/)
      await tv.locator('img').waitFor()
      return { tv, context, text: await decodeQr(await tv.screenshot()) }
    }

    async function scanAndApproveThere(text: string): Promise<BrowserContext> {
      const phone = await newPhone(browser())
      const page = await phone.newPage()
      await page.goto(text)
      await approve(page)
      return phone
    }

    async function arrives(tv: Page): Promise<void> {
      const began = performance.now()
      await tv.waitForURL(house.cinema + DEEP_LINK, { timeout: 40_000 })
      console.log(`${name}: inside ${(performance.now() - began).toFixed(0)} ms after the yes at the provider`)
      expect(await tv.locator('body').textContent()).toContain(DEEP_LINK)
    }

    test('with script off, the television stands on the page that it first asked for', async () => {
      const { tv, context, text } = await openTelevision(false)
      expect(await tv.locator('ol').textContent()).toContain('Sign in there and say yes')
      const phone = await scanAndApproveThere(text)
      await arrives(tv)
      await phone.close()
      await context.close()
    })

    test('killed between the approval and the collection, the gateway lets the television in all the same', async () => {
      const { tv, context, text } = await openTelevision(true)
      const phone = await scanAndApproveThere(text)
      await house.killAndRestart()
      await arrives(tv)
      await phone.close()
      await context.close()
    })
  })
}

describeProviderWay('oidc-provider, on SQLite', false, { profile: 'oidc-provider' }, async (page) => {
  await page.locator('a.press.first').click()
  await page.getByRole('button', { name: 'Yes, sign it in' }).click()
  await page.getByRole('button', { name: 'Continue as Robin' }).click()
  await page.getByRole('heading', { name: 'Done' }).waitFor()
})

describe('on Redis', () => {
  const dir = mkdtempSync(join(tmpdir(), 'entryphone-keys-'))
  writeFileSync(join(dir, 'keys'), `1:${Buffer.alloc(32, 5).toString('base64')}\n`, { mode: 0o600 })
  const missing = needPart('glewlwyd') === undefined || needPart('redis') === undefined
  let redis: RedisServer
  let glewlwyd: Glewlwyd
  beforeAll(async () => {
    if (!missing) redis = await startRedis()
  })
  afterAll(async () => {
    await redis?.close()
    rmSync(dir, { recursive: true, force: true })
  })

  const startProvider = (async ({ redirectUris = [] }: { redirectUris?: string[] }) => {
    glewlwyd = await startGlewlwyd({ redirectUris })
    const { issuer, clientId, clientSecret, close } = glewlwyd
    return { issuer, port: 0, clientId, clientSecret, redirectUris, requests: [], setOption: () => undefined, close }
  }) as unknown as typeof startIssuer

  const options: HouseOptions = {
    // Glewlwyd is not known to ask every time; whoever runs it can say that theirs does.
    profile: 'oidc-provider',
    clientAuth: 'post',
    providerLines: '  scopes: [openid]',
    startProvider,
    topLines: () => `store: redis://127.0.0.1:${redis.port}\nkey_file: ${join(dir, 'keys')}`,
  }
  // Its page is used by the address behind its button: the page itself is no part of this set-up.
  describeProviderWay('Glewlwyd, on Redis', missing, options, async (page) => {
    const link = (await page.locator('a.press.first').getAttribute('href')) ?? ''
    await glewlwyd.approve(await glewlwyd.signIn(), new URL(link).searchParams.get('code') ?? '')
  })
})
