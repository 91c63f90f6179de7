import { createServer } from 'node:http'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import { press } from '../support/browser-phone.ts'
import { launchChromium } from '../support/chromium.ts'
import { useHouse } from '../support/house.ts'
import { needPart } from '../support/parts.ts'
import { freePort } from '../support/ports.ts'
import { DESKTOP } from '../support/television.ts'
import { until } from '../support/turns.ts'

// Browsers open six connections of HTTP/1.1 to a host: six cameras, and nothing else of the page gets an answer.

vi.setConfig({ testTimeout: 60_000 })
const chromium = needPart('chromium')
const port = await freePort()

/** A page, cameras that never end, a question that is answered at once, and a WebSocket. */
let cameras = 0
const app = createServer((request, response) => {
  if (request.url?.startsWith('/camera')) {
    cameras++
    response.on('close', () => cameras--)
    response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=x' })
    return void response.write('--x\r\nContent-Type: image/gif\r\n\r\n')
  }
  response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><h1 id="app">The app</h1>')
})
const sockets = new WebSocketServer({ server: app, path: '/socket' })
sockets.on('connection', (socket) => socket.on('message', (message) => socket.send(`${message} back`)))

/** Opens eight images that never end, waits for `open` of them, and asks something beside; whether there was an answer in two seconds. */
async function asksBeside(page: Page, open: number): Promise<string> {
  await page.evaluate(
    `for (let i = 0; i < 8; i++) document.body.append(Object.assign(new Image(), { src: '/camera/' + i }))`,
  )
  await until(() => cameras === open)
  const answer = await page.evaluate(
    `fetch('/state', { signal: AbortSignal.timeout(2000) }).then(() => 'answered', () => 'stalled')`,
  )
  return answer as string
}

const protocol = (page: Page): Promise<string> =>
  page.evaluate(`performance.getEntriesByType('navigation')[0].nextHopProtocol`)

describe.skipIf(chromium === undefined)('a page with eight streams that never end', () => {
  const plain = useHouse({ https: true, libraryPort: port })
  const house = useHouse({ https: true, http2: true, libraryPort: port })
  let browser: Browser
  beforeAll(async () => {
    await new Promise<void>((resolve) => app.listen(port, '127.0.0.1', resolve))
    browser = await launchChromium(chromium ?? '')
  })
  afterAll(async () => {
    await browser.close()
    app.closeAllConnections()
    app.close()
  })

  async function signIn(origin: string): Promise<Page> {
    const page = await (await browser.newContext({ userAgent: DESKTOP, ignoreHTTPSErrors: true })).newPage()
    await page.goto(`${origin}/`).catch(() => undefined)
    await press(page.getByRole('button', { name: 'Continue as Robin' }), page.locator('#app'))
    return page
  }
  test('stalls on HTTP/1.1, and does not with tls.http2', async () => {
    const old = await signIn(plain.library)
    expect([await protocol(old), await asksBeside(old, 6)]).toEqual(['http/1.1', 'stalled'])
    await old.context().close()
    await until(() => cameras === 0)
    const page = await signIn(house.library)
    expect([await protocol(page), await asksBeside(page, 8)]).toEqual(['h2', 'answered'])
    // WebSockets take connections of their own.
    const back = await page.evaluate(
      () =>
        new Promise((resolve, reject) => {
          const socket = new WebSocket('/socket')
          socket.onopen = () => socket.send('there and')
          socket.onmessage = ({ data }) => resolve(data)
          socket.onerror = reject
        }),
    )
    expect(back).toBe('there and back')
  })

  test('one certificate for all hosts: what the browser asks on the connection of another host is asked again on its own', async () => {
    const page = await signIn(house.library)
    const statuses: number[] = []
    page.on('response', (response) => {
      if (response.url().startsWith(house.cinema)) statuses.push(response.status())
    })
    await page.goto(`${house.cinema}/films/42`)
    await page.waitForURL(`${house.cinema}/films/42`)
    expect(await protocol(page)).toBe('h2')
    expect(await page.title()).not.toMatch(/Nobody lives here/)
    expect(statuses.at(-1)).toBe(200)
    await page.goto(`${house.door}/me`)
    expect(await page.locator('body').textContent()).toContain('Robin')
  })
})
