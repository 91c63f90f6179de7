import { expect, test } from 'vitest'
import { useHouse } from '../support/house.ts'
import { createPerson } from '../support/person.ts'
import { createPhone, pressYes, readForm, scan } from '../support/phone.ts'
import { DESKTOP, LG_TV, linkIn } from '../support/television.ts'

const house = useHouse()

const KOBO =
  'Mozilla/5.0 (Linux; U; Android 2.0; en-us;) AppleWebKit/538.1 (KHTML, like Gecko) Version/4.0 Mobile Safari/538.1 (Kobo Touch 0384/4.38.23171)'
const COMPANION =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36 Home Assistant/2024.6.2-full (Android 14; Pixel 8)'

/** Opens the cinema and follows to wherever the house leads this device. */
async function begin(browser = createPerson()) {
  const challenge = await browser.go(`${house.cinema}/films/42?t=90`)
  const start = new URL(linkIn(await challenge.text()), house.cinema)
  const led = await browser.follow(start, (url) => url.origin === house.issuer.issuer)
  return { challenge, start, url: led.url, html: (await led.response?.text()) ?? '' }
}

test('an e-reader is asked how it wants to sign in, and the answer is remembered on it', async () => {
  const reader = createPerson({ 'user-agent': KOBO })
  const asked = await begin(reader)
  expect(asked.url.pathname).toBe('/.entryphone/auth/choose')
  const byPhone = readForm(asked.url, asked.html, '/way/phone')
  const chosen = await reader.go(byPhone.action, byPhone.fields)
  const { url, response } = await reader.follow(new URL(chosen.headers.get('location') ?? '', asked.url), () => false)
  expect(url.pathname).toMatch(/^\/\.entryphone\/auth\/[A-Za-z0-9_-]{22}\/$/)
  expect(await response?.text()).toContain('qr-')
  expect((await begin(reader)).url.href).toBe(url.href)
})

test('a television whose person would rather use the remote goes to the provider, and again the next time', async () => {
  const tv = createPerson({ 'user-agent': LG_TV })
  const { url, html } = await begin(tv)
  const here = readForm(url, html, '/way/here')
  const chosen = await tv.go(here.action, here.fields)
  const { url: led } = await tv.follow(
    new URL(chosen.headers.get('location') ?? '', url),
    (at) => at.origin === house.issuer.issuer,
  )
  expect(led.origin).toBe(house.issuer.issuer)
  expect((await begin(tv)).url.origin).toBe(house.issuer.issuer)
})

test("a companion app's web view is answered in place with 200, stays on the app's host, and approval signs it in", async () => {
  const app = createPerson({ 'user-agent': COMPANION })
  const { challenge, url, html } = await begin(app)
  expect(challenge.status).toBe(200)
  expect(url.origin).toBe(house.cinema)
  const open =
    /href="(http:\/\/door\.localhost[^"]*\/D\/[A-Z2-7]{16}|HTTP[^"]*\/D\/[A-Z2-7]{16})"/i.exec(html)?.[1] ?? ''
  const phone = createPhone()
  const link = open.toLowerCase().replace(/[a-z2-7]{16}$/, (id) => id.toUpperCase())
  expect((await pressYes(phone, await scan(phone, link))).status).toBe(200)
  const collected = await app.go(new URL('collect', url))
  expect(collected.headers.get('location')).toBe('/films/42?t=90')
  expect((await app.go(`${house.cinema}/films/42?t=90`)).status).toBe(200)
})

test('ux-31: a browser that keeps no cookies is told so, without going round in circles', async () => {
  const forgetful = { go: (url: string | URL) => createPerson({ 'user-agent': LG_TV }).go(url) }
  const challenge = await forgetful.go(`${house.cinema}/`)
  const started = await forgetful.go(new URL(linkIn(await challenge.text()), house.cinema))
  const page = await forgetful.go(new URL(started.headers.get('location') ?? '', house.cinema))
  expect([page.status, page.headers.get('location')]).toEqual([403, null])
  expect(await page.text()).toMatch(/cookie/i)
})

test('M3, C5: scripts, prefetches and HEAD begin nothing and get no cookie', async () => {
  const browser = createPerson({ 'user-agent': LG_TV })
  const { start } = await begin(createPerson({ 'user-agent': DESKTOP }))
  for (const headers of [
    { 'sec-purpose': 'prefetch' },
    { 'sec-fetch-mode': 'cors' },
    { 'sec-fetch-mode': 'no-cors' },
    { accept: 'application/json' },
    { accept: 'image/png' },
  ]) {
    const answer = await browser.go(start, undefined, headers)
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([204, null])
  }
})
