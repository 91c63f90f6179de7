import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { screenPage } from '../../src/pages/screen.ts'
import type { Page, ScreenView } from '../../src/pages/views.ts'
import { startChromium64 } from '../support/chromium64.ts'
import { type OldEngine, waitInPage } from '../support/old-engine.ts'
import { needPart } from '../support/parts.ts'
import { startWebKit538 } from '../support/webkit538.ts'

// The page's own script in the engines it was written for. A television that is let in by a whole house: test/flows.

const view: ScreenView = {
  state: 'waiting',
  place: 'Home',
  app: 'Jellyfin',
  self: '/tv/',
  elsewhere: '/here',
  device: { name: 'LG TV', kind: 'tv', brand: 'LG' },
  doorHost: 'door.home.example',
  userCode: 'BCDF-GHJK',
  approvedAt: 'door',
  qr: { src: '/qr.png', modules: 37 },
  opened: false,
  wait: { url: '/wait', seen: 'one' },
}

/** Polls that have not been answered yet, with what they had seen. */
let polls: { seen: string; response: ServerResponse }[] = []
let pagesShown = 0
let shown: Page = screenPage('en', view)
let server: Server
let home = ''

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/wait') {
      let body = ''
      request.on('data', (chunk: Buffer) => {
        body += chunk
      })
      request.on('end', () => polls.push({ seen: body, response }))
    } else if (request.url === '/tv/') {
      pagesShown++
      const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': shown.csp }
      response.writeHead(200, headers).end(shown.html)
    } else response.writeHead(200, { 'content-type': 'text/html' }).end('<title>other</title><p>other</p>')
  })
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done))
  home = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

beforeEach(() => {
  polls = []
  pagesShown = 0
  shown = screenPage('en', view)
})

type Poll = { seen: string; answer: (status: number, value: unknown) => void; drop: () => void }

/** The next poll that comes in. */
async function nextPoll(): Promise<Poll> {
  await expect.poll(() => polls.length, { timeout: 10_000 }).toBeGreaterThan(0)
  const poll = polls.shift()
  if (poll === undefined) throw new Error('no poll')
  const { seen, response } = poll
  const answer = (status: number, value: unknown): void => void response.writeHead(status).end(JSON.stringify(value))
  return { seen, answer, drop: () => void response.destroy() }
}

const engines = [
  { name: 'WebKit 538', program: needPart('webkit-538'), start: startWebKit538 },
  { name: 'Chromium 64', program: needPart('chromium-64'), start: startChromium64 },
]

describe.each(engines)('$name', ({ program, start }) => {
  async function watch(use: (engine: OldEngine) => Promise<void>): Promise<void> {
    const engine = await start(program ?? '', { userAgent: 'Mozilla/5.0 (Web0S; Linux/SmartTV)' })
    try {
      await use(engine)
    } finally {
      await engine.close()
    }
  }
  const run = test.skipIf(program === undefined)

  run('ux-24 ux-25 the words change in place, then the page goes on with the fragment it came with', () =>
    watch(async (engine) => {
      await engine.open(`${home}/tv/#!/film`)
      const first = await nextPoll()
      expect(first.seen).toBe('seen=one')
      expect(await engine.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(13, 18, 32)')
      expect(await engine.evaluate('document.activeElement.id')).toBe('first')
      first.answer(200, { state: 'opened', seen: 'one & two' })
      const second = await nextPoll()
      expect(second.seen).toBe('seen=one%20%26%20two')
      expect(await engine.evaluate('document.getElementById("say").innerHTML')).toBe('Phone connected. Go on there.')
      expect(await engine.evaluate('document.title')).toBe('Phone connected: Jellyfin')
      second.answer(200, { state: 'waiting', seen: 'one & two' })
      const third = await nextPoll()
      expect(await engine.evaluate('document.getElementById("page").className')).toBe('page opened')
      third.answer(200, { state: 'go', url: '/in' })
      await waitInPage(engine, 'document.title === "other"')
      expect(await engine.url()).toBe(`${home}/in#!/film`)
      expect(pagesShown).toBe(1)
    }),
  )

  run('ux-30 broken polls end nothing; an answer of 404 loads the page anew', () =>
    watch(async (engine) => {
      await engine.open(`${home}/tv/`)
      ;(await nextPoll()).answer(503, { error: 'busy' })
      ;(await nextPoll()).drop()
      ;(await nextPoll()).answer(200, 'not what was asked for')
      const last = await nextPoll()
      expect(last.seen).toBe('seen=one')
      expect(pagesShown).toBe(1)
      last.answer(404, {})
      await expect.poll(() => pagesShown, { timeout: 10_000 }).toBe(2)
    }),
  )

  run('ux-02 without XMLHttpRequest it looks again by itself within 8 s', () =>
    watch(async (engine) => {
      const without = '<script>window.XMLHttpRequest=undefined</script>'
      shown = { html: shown.html.replace('<title>', `${without}<title>`), csp: "default-src 'self' 'unsafe-inline'" }
      const began = performance.now()
      await engine.open(`${home}/tv/#here`)
      await expect.poll(() => pagesShown, { timeout: 10_000 }).toBe(2)
      expect(performance.now() - began).toBeLessThan(8_500)
      expect(polls).toEqual([])
      expect(await engine.url()).toBe(`${home}/tv/#here`)
    }),
  )
})
