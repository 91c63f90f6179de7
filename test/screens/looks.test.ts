import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page as Tab } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { qrPng } from '../../src/pages/qr.ts'
import { launchChromium } from '../support/chromium.ts'
import { type Sample, samplePages } from '../support/pages.ts'
import { needPart } from '../support/parts.ts'
import { decodeQr } from '../support/qr-decode.ts'

// What can be measured of the pages' looks in today's Chromium.

const link = 'HTTPS://DOOR.HOME.EXAMPLE/D/BCDFGHJKLMNPQRST'
const { png, modules } = await qrPng(link)
const program = needPart('chromium')
const windows = [
  [1280, 623],
  [1280, 720],
  [1920, 1080],
  [960, 540],
  [3840, 2160],
] as const
const apps = ['Jellyfin', 'Home Assistant', 'Paperless-ngx Archive']

let browser: Browser
let server: Server
let home = ''
let shown = samplePages('en')[0]?.page

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/qr.png') response.writeHead(200, { 'content-type': 'image/png' }).end(png)
    else if (request.url !== '/' || request.method !== 'GET') response.writeHead(204).end()
    else
      response
        .writeHead(200, { 'content-type': 'text/html', 'content-security-policy': shown?.csp ?? '' })
        .end(shown?.html)
  })
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done))
  home = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  if (program !== undefined) browser = await launchChromium(program)
})

afterAll(async () => {
  await browser?.close()
  server.closeAllConnections()
  server.close()
})

/** Put together once for each language and app, as there are very many. */
const samples = new Map<string, Sample[]>()

async function show(tab: Tab, name: string, lang: 'en' | 'de' = 'en', app = 'Jellyfin'): Promise<void> {
  const key = `${lang} ${app}`
  const pages = samples.get(key) ?? samplePages(lang, { modules, app })
  samples.set(key, pages)
  shown = pages.find((sample) => sample.name === name)?.page
  await tab.goto(home)
}

type Rect = { left: number; top: number; right: number; bottom: number; width: number; height: number }

type Box = { what: string; left: number; top: number; right: number; bottom: number }

/** Distances of everything that is shown from the window's edges, as shares of the window. */
const boxes = (tab: Tab): Promise<Box[]> =>
  tab.evaluate(`[...document.querySelectorAll('.place,h1,li,.other,.code,.press,.card,.status,.end p')].map(function (e) {
    var range = document.createRange(); range.selectNodeContents(e)
    var box = (e.matches('.card,.press') ? e : range).getBoundingClientRect()
    return { what: e.className || e.tagName, left: box.left / innerWidth, top: box.top / innerHeight,
      right: 1 - box.right / innerWidth, bottom: 1 - box.bottom / innerHeight }
  })`)

describe.skipIf(program === undefined)('the television page', () => {
  test.each(windows)(
    'ux-06 ux-07 all of it in view and a twentieth off every edge in %i x %i',
    async (width, height) => {
      const tab = await browser.newPage({ viewport: { width, height } })
      for (const lang of ['en', 'de'] as const) {
        for (const app of apps) {
          await show(tab, 'screen-waiting', lang, app)
          for (const box of await boxes(tab)) {
            const nearest = Math.min(box.left, box.top, box.right, box.bottom)
            expect(nearest, `${lang} ${app}: ${JSON.stringify(box)}`).toBeGreaterThan(0.0495)
          }
          expect(await tab.evaluate('document.documentElement.scrollHeight - innerHeight')).toBe(0)
        }
      }
      await tab.close()
    },
  )

  test.each(windows)('ux-08 ux-13 ux-15 ux-23 large enough and sharp in %i x %i', async (width, height) => {
    const tab = await browser.newPage({ viewport: { width, height } })
    await show(tab, 'screen-waiting')
    const side = (await tab.locator('.qr').boundingBox())?.height ?? 0
    const symbol = (side * (modules - 8)) / modules
    expect(symbol / height).toBeGreaterThanOrEqual(0.4)
    expect(symbol).toBeGreaterThanOrEqual(240)
    expect(side % modules).toBe(0)
    // Capitals of the fonts in question are 0.7 em and more.
    const letters = Number.parseFloat(await tab.evaluate('getComputedStyle(document.querySelector(".code")).fontSize'))
    expect((letters * 0.7) / height).toBeGreaterThanOrEqual(0.05)
    const press = await tab.locator('.press').boundingBox()
    expect(press?.height).toBeGreaterThanOrEqual(48)
    expect(press?.width).toBeGreaterThanOrEqual(200)
    for (const name of ['screen-denied', 'screen-expired', 'choice']) {
      await show(tab, name)
      const [one, other] = (await tab.evaluate(
        `[...document.querySelectorAll('.press')].map(function (e) { return e.getBoundingClientRect().toJSON() })`,
      )) as [Rect, Rect]
      for (const { width: wide, height: high } of [one, other]) {
        expect([wide >= 200, high >= 48], `${name} ${wide} x ${high}`).toEqual([true, true])
      }
      expect(Math.max(other.left - one.right, other.top - one.bottom), name).toBeGreaterThanOrEqual(16)
    }
    await tab.close()
  })

  test.each(windows)(
    'names of any length leave the code in the middle of its card in %i x %i',
    async (width, height) => {
      const tab = await browser.newPage({ viewport: { width, height } })
      await show(tab, 'screen-long')
      const [card, code] = [await tab.locator('.card').boundingBox(), await tab.locator('.qr').boundingBox()]
      if (card === null || code === null) throw new Error('nothing is shown')
      expect(code.x + code.width / 2).toBeCloseTo(card.x + card.width / 2, 0)
      expect(card.x + card.width).toBeLessThanOrEqual(width * 0.95)
      expect(await tab.evaluate('document.documentElement.scrollHeight - innerHeight')).toBe(0)
      await tab.close()
    },
  )

  test('ux-12 the code is read from a picture of the page, also when it is only 75 px across', async () => {
    const tab = await browser.newPage({ viewport: { width: 1280, height: 720 } })
    await show(tab, 'screen-waiting')
    await tab.locator('.qr').evaluate('(image) => image.decode()')
    const picture = await tab.screenshot()
    expect(await decodeQr(picture)).toBe(link)
    const small = await browser.newPage()
    const width = Math.round((75 / 290) * 1280)
    await small.setContent(`<img src="data:image/png;base64,${picture.toString('base64')}" width="${width}">`)
    await small.locator('img').evaluate('(image) => image.decode()')
    expect(await decodeQr(await small.screenshot())).toBe(link)
    await small.close()
    await tab.close()
  })

  test('ux-10 black on white also where colours are forced', async () => {
    const tab = await browser.newPage({ viewport: { width: 1280, height: 720 }, forcedColors: 'active' })
    await show(tab, 'screen-waiting')
    await tab.locator('.qr').evaluate('(image) => image.decode()')
    expect(await decodeQr(await tab.locator('.qr').screenshot())).toBe(link)
    await tab.close()
  })

  test('ux-19 ux-20 ux-21 the first focus is on the heading, and one press further is the way out with a clear ring', async () => {
    const tab = await browser.newPage({ viewport: { width: 1280, height: 720 } })
    await show(tab, 'screen-waiting')
    expect(await tab.evaluate('document.activeElement.tagName')).toBe('H1')
    await tab.keyboard.press('Tab')
    expect(await tab.evaluate('document.activeElement.form.getAttribute("action")')).toContain('/way/here')
    const ring = (await tab.evaluate(`(function (s) {
      return [s.outlineStyle, parseFloat(s.outlineWidth), s.outlineColor]
    })(getComputedStyle(document.activeElement))`)) as [string, number, string]
    expect(ring[0]).toBe('solid')
    expect(ring[1]).toBeGreaterThanOrEqual(4)
    expect(ring[2]).toBe('rgb(255, 194, 102)')
    await tab.close()
  })

  test.each(['denied', 'expired', 'cookies-blocked', 'unknown'])(
    'ux-29 %s: the one thing to press has the focus',
    async (state) => {
      const tab = await browser.newPage({ viewport: { width: 960, height: 540 } })
      await show(tab, `screen-${state}`)
      await expect.poll(() => tab.evaluate('document.activeElement.id')).toBe('first')
      for (const box of await boxes(tab)) {
        expect(Math.min(box.left, box.top, box.right, box.bottom), box.what).toBeGreaterThan(0.0495)
      }
      await tab.close()
    },
  )
})

describe.skipIf(program === undefined)('the page between a session and its app', () => {
  const names = ['not-linked', 'admin', 'app-refuses', 'storage'].map((failed) => `enter-${failed}`)

  async function look(tab: Tab, name: string): Promise<void> {
    for (const box of await boxes(tab)) {
      const nearest = Math.min(box.left, box.top, box.right, box.bottom)
      expect(nearest, `${name}: ${JSON.stringify(box)}`).toBeGreaterThan(0.0495)
    }
    expect(await tab.evaluate('document.documentElement.scrollHeight - innerHeight'), name).toBe(0)
    expect(await tab.evaluate('document.activeElement.id'), name).toBe('first')
    const low = await tab.evaluate(`[...document.querySelectorAll('.press')].filter(function (e) {
      return e.getBoundingClientRect().width < 200 || e.getBoundingClientRect().height < 48 }).length`)
    expect(low, name).toBe(0)
  }

  test.each(windows)(
    'all of it in view, a twentieth off every edge, and large enough to press in %i x %i',
    async (width, height) => {
      const tab = await browser.newPage({ viewport: { width, height } })
      for (const lang of ['en', 'de'] as const) {
        for (const name of names) {
          await show(tab, name, lang, 'Paperless-ngx Archive')
          await look(tab, `${lang} ${name}`)
        }
      }
      await tab.close()
    },
  )
})

describe.skipIf(program === undefined)('the phone pages', () => {
  test.each(['en', 'de'] as const)(
    'ux-49 nothing is wider than 320 px, and what is touched is 44 px high (%s)',
    async (lang) => {
      const tab = await browser.newPage({ viewport: { width: 320, height: 640 } })
      for (const { name } of samplePages(lang).filter(({ on }) => on === 'phone')) {
        await show(tab, name, lang, 'Paperless-ngx Archive')
        const [width, low] = (await tab.evaluate(`[document.documentElement.scrollWidth,
          [...document.querySelectorAll('button,a,summary,.stay label,.tick,.date,.field')]
            .map(function (e) { return [e.textContent, e.getBoundingClientRect().height] })
            .filter(function (it) { return it[1] > 0 && it[1] < 44 })]`)) as [number, unknown[]]
        expect(width, name).toBeLessThanOrEqual(320)
        expect(low, name).toEqual([])
      }
      await tab.close()
    },
  )

  test('a press within half a second of the page coming up does nothing, and a second press is not sent', async () => {
    const tab = await browser.newPage({ viewport: { width: 390, height: 844 } })
    const posts: string[] = []
    await tab.route('**/answer', (route) => {
      posts.push(route.request().postData() ?? '')
      return route.fulfill({ status: 204 })
    })
    await show(tab, 'approve')
    const press = 'document.querySelector("[value=approve]").click()'
    await tab.evaluate(`window.dispatchEvent(new Event('focus')); ${press}`)
    await tab.waitForTimeout(600)
    expect(posts).toEqual([])
    await tab.evaluate(`${press}; ${press}`)
    await expect.poll(() => posts.length).toBe(1)
    expect(Object.keys(Object.fromEntries(new URLSearchParams(posts[0])))).toEqual([
      'token',
      'zone',
      'stay',
      'until',
      'decision',
    ])
    await tab.close()
  })
})
