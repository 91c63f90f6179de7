/**
 * Draws every page in every state, to be looked at: `node scripts/look.ts` writes HTML into out/look/, `--shots` adds
 * pictures by today's Chromium (and by the old engines where `npm run parts` has brought them). Further words on the
 * command line pick the pages whose names contain one of them.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join, resolve } from 'node:path'
import type { Browser } from 'playwright-core'
import { listen } from '../src/demo/listen.ts'
import { qrPng } from '../src/pages/qr.ts'
import type { Lang } from '../src/pages/views.ts'
import { launchChromium } from '../test/support/chromium.ts'
import { startChromium64 } from '../test/support/chromium64.ts'
import { type Sample, samplePages } from '../test/support/pages.ts'
import { parts } from '../test/support/parts.ts'
import { startWebKit538 } from '../test/support/webkit538.ts'

const folder = resolve(import.meta.dirname, '../out/look')
const picked = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const langs: Lang[] = ['en', 'de']
const television = ['1280x720', '1280x623', '1920x1080', '960x540']
const hand = ['390x844', '320x640']

mkdirSync(folder, { recursive: true })
const { png, modules } = await qrPng('HTTPS://DOOR.HOME.EXAMPLE/D/BCDFGHJKLMNPQRST')
const samples = langs.flatMap((lang) =>
  samplePages(lang, { modules })
    .map((sample) => ({ ...sample, name: `${lang}-${sample.name}` }))
    .filter(({ name }) => picked.length === 0 || picked.some((word) => name.includes(word))),
)
writeFileSync(join(folder, 'qr.png'), png)
for (const { name, page } of samples) {
  writeFileSync(join(folder, `${name}.html`), page.html.replaceAll('"/qr.png"', '"qr.png"'))
}
console.log(`${samples.length} pages in ${folder}`)
if (process.argv.includes('--shots')) await shoot()

async function shoot(): Promise<void> {
  const program = parts.chromium.find()
  if (program === undefined) throw new Error(`pictures need Chromium: ${parts.chromium.bring}`)
  const server = createServer((request, response) => {
    const sample = samples.find(({ name }) => request.url === `/${name}`)
    if (request.url === '/qr.png') response.writeHead(200, { 'content-type': 'image/png' }).end(png)
    else if (sample === undefined) response.writeHead(204).end()
    else
      response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': sample.page.csp })
        .end(sample.page.html)
  })
  const listening = await listen(server, 0, '127.0.0.1')
  const origin = `http://127.0.0.1:${listening.port}`
  const browser = await launchChromium(program)
  await shootToday(browser, origin)
  await browser.close()
  await shootOld(origin)
  await listening.close()
}

async function shootToday(browser: Browser, origin: string): Promise<void> {
  for (const size of television) await shootAt(browser, origin, 'screen', size, 'dark')
  for (const size of hand) {
    await shootAt(browser, origin, 'phone', size, 'light')
    await shootAt(browser, origin, 'phone', size, 'dark')
  }
}

async function shootAt(
  browser: Browser,
  origin: string,
  on: Sample['on'],
  size: string,
  colorScheme: 'light' | 'dark',
): Promise<void> {
  const [width = 0, height = 0] = size.split('x').map(Number)
  // Without script, and with an answer that keeps the challenge where it is, to see it.
  const page = await browser.newPage({ viewport: { width, height }, colorScheme, javaScriptEnabled: false })
  await page.route('**/start*', (route) => route.fulfill({ status: 204 }))
  for (const { name } of samples.filter((sample) => sample.on === on)) {
    await page.goto(`${origin}/${name}`, { waitUntil: 'commit' })
    await page.locator('h1').waitFor()
    const path = join(folder, `${name}-${size}${on === 'screen' ? '' : `-${colorScheme}`}.png`)
    await page.screenshot({ path, fullPage: on === 'phone' })
  }
  await page.close()
}

async function shootOld(origin: string): Promise<void> {
  const engines = { 'webkit-538': startWebKit538, 'chromium-64': startChromium64 }
  for (const [name, start] of Object.entries(engines)) {
    const program = parts[name as keyof typeof engines].find()
    if (program === undefined) continue
    const engine = await start(program, { userAgent: 'Mozilla/5.0 (Web0S; Linux/SmartTV)' })
    for (const sample of samples.filter(({ on }) => on === 'screen')) {
      await engine.open(`${origin}/${sample.name}`)
      await new Promise((done) => setTimeout(done, 700))
      writeFileSync(join(folder, `${sample.name}-${name}.png`), await engine.screenshot())
    }
    await engine.close()
  }
}
