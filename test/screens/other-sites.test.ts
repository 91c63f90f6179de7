import { createServer, type Server } from 'node:http'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { listen } from '../../src/demo/listen.ts'
import { newPhone, scanAndApprove } from '../support/browser-phone.ts'
import { launchChromium } from '../support/chromium.ts'
import { startChromium64 } from '../support/chromium64.ts'
import { useHouse } from '../support/house.ts'
import { waitInPage } from '../support/old-engine.ts'
import { needPart } from '../support/parts.ts'
import { freePort } from '../support/ports.ts'
import { decodeQr } from '../support/qr-decode.ts'
import { LG_TV } from '../support/television.ts'
import { startWebKit538 } from '../support/webkit538.ts'

// Old engines know neither SameSite nor Sec-Fetch-Site: they send the cookie along whoever asks.

vi.setConfig({ testTimeout: 60_000 })
const chromium = needPart('chromium')
const house = useHouse({ https: true })
let browser: Browser
let evil: string
let server: { close(): Promise<void> }
/** What the other site posts, and where. */
let press: { action: string; fields: string }

beforeAll(async () => {
  const pages: Server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end(`<form method="post" action="${press.action}">${press.fields}</form>`)
  })
  const port = await freePort()
  server = await listen(pages, port, '127.0.0.1')
  evil = `http://evil.example:${port}/`
  if (chromium !== undefined) browser = await launchChromium(chromium)
})
afterAll(() => Promise.all([browser?.close(), server.close()]))

const engines = [
  { name: 'WebKit 538', program: needPart('webkit-538'), start: startWebKit538 },
  { name: 'Chromium 64', program: needPart('chromium-64'), start: startChromium64 },
]

describe.each(engines)('on $name', ({ program, start }) => {
  test.skipIf(program === undefined || chromium === undefined)(
    'C2: a page of another site signs no television out, and chooses nothing for it',
    async () => {
      const tv = await start(program ?? '', { userAgent: LG_TV })
      try {
        await tv.open(`${house.cinema}/films/42`)
        await waitInPage(tv, 'document.images[0] && document.images[0].complete && document.images[0].width > 99')
        const page = await tv.url()
        const phone = await newPhone(browser)
        const link = await decodeQr(await tv.screenshot())
        const attempts: [action: string, fields: string][] = [
          [`${page}again`, ''],
          [`${house.cinema}/.entryphone/auth/way/here`, ''],
          [`${house.cinema}/.entryphone/auth/sign-out`, ''],
        ]
        async function attack(): Promise<void> {
          for (const [action, fields] of attempts) {
            press = { action, fields }
            await tv.open(evil)
            await waitInPage(tv, 'location.host.indexOf("evil") === 0 && document.forms.length === 1')
            await tv.evaluate('document.forms[0].submit()').catch(() => undefined)
            await waitInPage(tv, `location.href === ${JSON.stringify(action)} && document.title`)
            expect([action, await tv.evaluate('document.title')]).toEqual([action, 'Stopped, to be safe'])
          }
        }
        await attack()
        await tv.open(page)
        await waitInPage(tv, 'document.images[0] && document.images[0].complete && document.images[0].width > 99')
        await scanAndApprove(phone, link)
        await waitInPage(tv, `location.href === ${JSON.stringify(`${house.cinema}/films/42`)}`)
        attempts.shift()
        await attack()
        await tv.open(`${house.cinema}/`)
        await waitInPage(
          tv,
          `location.href === ${JSON.stringify(`${house.cinema}/`)} && /Demo cinema/.test(document.title)`,
        )
        await phone.close()
      } finally {
        await tv.close()
      }
    },
  )
})
