import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { toBuffer } from 'qrcode'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeCertificate } from '../support/certificate.ts'
import { launchChromium } from '../support/chromium.ts'
import { startChromium64 } from '../support/chromium64.ts'
import { type OldEngine, type OldEngineOptions, waitInPage } from '../support/old-engine.ts'
import { needPart } from '../support/parts.ts'
import { decodeQr } from '../support/qr-decode.ts'
import { startWebKit538 } from '../support/webkit538.ts'

// What the screen tests stand on: the engines are as old as they say, and a picture of theirs can be read.

const userAgent = 'Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/538.2 (KHTML, like Gecko) Large Screen'
const secret = 'HTTPS://DOOR.HOME.EXAMPLE/D/ABCDEFGH12345678'
let server: ReturnType<typeof createServer>
let port: number

beforeAll(async () => {
  const { cert, key } = await makeCertificate(['tv.localhost'])
  const qr = await toBuffer(secret, { errorCorrectionLevel: 'M', scale: 8, margin: 4 })
  server = createServer({ cert, key }, (request, response) => {
    if (request.url === '/qr.png') return void response.writeHead(200, { 'content-type': 'image/png' }).end(qr)
    if (request.url === '/') {
      return void response
        .writeHead(303, { location: '/page?a=1', 'set-cookie': '__Host-seen=1; Path=/; Secure; HttpOnly' })
        .end()
    }
    const { cookie = 'none', 'user-agent': agent } = request.headers
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end(`<!doctype html><title>${cookie}</title><p>${agent}</p><img src="/qr.png">`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})

afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const engines = [
  { name: 'WebKit 538', program: needPart('webkit-538'), start: startWebKit538, promises: 'undefined' },
  { name: 'Chromium 64', program: needPart('chromium-64'), start: startChromium64, promises: 'function' },
]

describe.each(engines)('$name', ({ program, start, promises }) => {
  const run = test.skipIf(program === undefined)

  async function withEngine(
    options: Partial<OldEngineOptions>,
    use: (engine: OldEngine) => Promise<void>,
  ): Promise<void> {
    const engine = await start(program ?? '', { userAgent, ...options })
    try {
      await use(engine)
    } finally {
      await engine.close()
    }
  }

  run('opens a page over https under any host name, keeps a __Host- cookie, and its picture can be scanned', () =>
    withEngine({}, async (engine) => {
      await engine.open(`https://tv.localhost:${port}/`)
      await waitInPage(engine, 'document.images[0] && document.images[0].complete && document.images[0].width > 99')
      expect(await engine.url()).toBe(`https://tv.localhost:${port}/page?a=1`)
      expect(await engine.evaluate('document.title')).toBe('__Host-seen=1')
      expect(await engine.evaluate('document.querySelector("p").textContent')).toBe(userAgent)
      expect(await decodeQr(await engine.screenshot())).toBe(secret)
    }),
  )

  run('is as old as it says', () =>
    withEngine({}, async (engine) => {
      await engine.open(`https://tv.localhost:${port}/page`)
      await waitInPage(engine, 'document.images[0] && document.images[0].complete')
      expect(await engine.evaluate('typeof Promise')).toBe(promises)
      expect(await engine.evaluate('typeof Array.prototype.flat')).toBe('undefined')
      expect(await engine.evaluate('[window.innerWidth, window.innerHeight]')).toEqual([1280, 720])
    }),
  )

  run('reaches one port for every address when told so', () =>
    withEngine({ port }, async (engine) => {
      await engine.open('https://door.home.example/page')
      await waitInPage(engine, 'document.images.length === 1')
      expect(await engine.url()).toBe('https://door.home.example/page')
    }),
  )
})

describe("today's Chromium", () => {
  const program = needPart('chromium')

  test.skipIf(program === undefined)(
    'opens a page over https under any host name, and its picture can be scanned',
    async () => {
      const browser = await launchChromium(program ?? '', port)
      try {
        const page = await browser.newPage({ userAgent, viewport: { width: 1280, height: 720 } })
        await page.goto('https://door.home.example/')
        expect(page.url()).toBe('https://door.home.example/page?a=1')
        expect(await decodeQr(await page.screenshot())).toBe(secret)
      } finally {
        await browser.close()
      }
    },
  )
})
