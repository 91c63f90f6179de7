import type { BrowserContext, Page, Response } from 'playwright-core'
import { describe, expect, test, vi } from 'vitest'
import { newPhone, press, scanAndApprove } from '../../support/browser-phone.ts'
import { useChromium } from '../../support/chromium.ts'
import { useHouse } from '../../support/house.ts'
import { needPart } from '../../support/parts.ts'
import { decodeQr } from '../../support/qr-decode.ts'
import { LG_TV } from '../../support/television.ts'

// What other sites can do to somebody who is signed in, and to a screen that waits, in a browser of today over https.

vi.setConfig({ testTimeout: 60_000 })
const chromium = needPart('chromium')

describe.skipIf(chromium === undefined)("in today's Chromium", () => {
  const house = useHouse({ https: true })
  const browser = useChromium(chromium)

  /** Another site, and a neighbour below the same name as the door. */
  const places = ['https://evil.example/', 'https://evil.home.example/']

  /** A phone whose browser also has a page of `place` open, as `html` says. */
  async function visit(context: BrowserContext, place: string, html: string): Promise<Page> {
    await context.route(`${place}**`, (route) => route.fulfill({ contentType: 'text/html', body: html }))
    const page = await context.newPage()
    await page.goto(place)
    return page
  }

  /** Posts `fields` to `action` from a page of `place`, as a form in the whole window; what came of it. */
  async function pressFrom(context: BrowserContext, place: string, action: string, fields: Record<string, string>) {
    const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${value}">`)
    const page = await visit(context, place, `<form method="post" action="${action}">${inputs.join('')}</form>`)
    const [answer] = await Promise.all([
      page.waitForResponse((response: Response) => response.url().startsWith(action)),
      page.evaluate('document.forms[0].submit()'),
    ])
    await page.close()
    return answer.status()
  }

  async function signedInPhone(): Promise<{ phone: BrowserContext; page: Page }> {
    const phone = await newPhone(browser())
    const page = await phone.newPage()
    await page.goto(`${house.door}/me`)
    await page.getByRole('button', { name: 'Continue as Robin' }).click()
    await page.waitForURL(`${house.door}/me`)
    return { phone, page }
  }

  async function waitingScreen(path = '/films/42'): Promise<{ tv: Page; link: string }> {
    const context = await browser().newContext({
      userAgent: LG_TV,
      viewport: { width: 1280, height: 720 },
      ignoreHTTPSErrors: true,
    })
    const tv = await context.newPage()
    await tv.goto(house.cinema + path)
    await tv.locator('img[alt*="/d"]').waitFor()
    const text = await decodeQr(await tv.screenshot())
    return { tv, link: text.toLowerCase().replace(/[^/]*$/, (id) => id.toUpperCase()) }
  }

  const fieldsOf = (page: Page) =>
    page.evaluate(
      `Object.fromEntries([...document.querySelectorAll('input[type=hidden]')].map(function (one) { return [one.name, one.value] }))`,
    ) as Promise<Record<string, string>>
  const cookiesOf = async (context: BrowserContext) =>
    (await context.cookies())
      .filter(({ name }) => name.includes('entryphone'))
      .map(({ name, value }) => `${name}=${value}`)
      .sort()

  test('C1 C2: no page of another site or of a neighbour approves, denies, signs out or revokes, and none takes the cookie away', async () => {
    const { tv, link } = await waitingScreen()
    const { phone, page } = await signedInPhone()
    const list = await fieldsOf(page)
    await page.goto(link)
    const asking = await fieldsOf(page)
    const before = await cookiesOf(phone)
    for (const place of places) {
      for (const [action, fields] of [
        [link, { ...asking, decision: 'approve', stay: 'ours' }],
        [link, { ...asking, decision: 'deny' }],
        [`${link}/other-account`, { token: asking['token'] ?? '' }],
        [`${house.door}/d`, { token: asking['token'] ?? '', code: 'BCDF-GHJK' }],
        [`${house.door}/me/sign-out`, { token: list['token'] ?? '' }],
        [`${house.door}/me/revoke-all`, { token: list['token'] ?? '' }],
        [`${house.door}/me/revoke`, { token: list['token'] ?? '', ref: 'x' }],
        [`${house.cinema}/.entryphone/auth/sign-out`, {}],
        [`${house.cinema}/.entryphone/auth/way/here`, {}],
      ] as const) {
        expect([place, action, await pressFrom(phone, place, action, fields)]).toEqual([place, action, 403])
      }
    }
    expect(await cookiesOf(phone)).toEqual(before)
    // The page that was open all the while still counts.
    expect(await tv.locator('img[alt*="/d"]').isVisible()).toBe(true)
    await press(page.locator('button[value="approve"]'), page.getByRole('link', { name: /screens/i }))
    await tv.waitForURL(`${house.cinema}/films/42`)
    await Promise.all([tv.context().close(), phone.close()])
  })

  test('F1: no page of ours is shown in a frame of another site or of a neighbour', async () => {
    const { tv, link } = await waitingScreen()
    const { phone } = await signedInPhone()
    const cases: [BrowserContext, string[]][] = [
      [phone, [link, `${house.door}/me`, `${house.door}/d`, `${house.door}/nothing`]],
      [tv.context(), [tv.url(), `${house.cinema}/films/1`, `${house.cinema}/.entryphone/auth/nothing`]],
    ]
    for (const [context, urls] of cases) {
      for (const place of places) {
        const page = await visit(context, place, urls.map((url) => `<iframe src="${url}"></iframe>`).join(''))
        await page.waitForLoadState('load')
        const refused = urls.map(() => 'chrome-error://chromewebdata/')
        const [, ...frames] = page.frames()
        expect([place, frames.map((frame) => frame.url())]).toEqual([place, refused])
        await page.close()
      }
    }
    await Promise.all([tv.context().close(), phone.close()])
  })

  test('C7 F1: no script of another site or of a neighbour reads what is ours, or shows its pictures', async () => {
    const { tv, link } = await waitingScreen()
    const { phone } = await signedInPhone()
    const picture = (await tv.locator('img[alt*="/d"]').getAttribute('src')) ?? ''
    const readAll = `Promise.all(${JSON.stringify([link, `${house.door}/me`, `${house.cinema}/.entryphone/auth/sign-out`])}.map(function (url) {
      return fetch(url, { credentials: 'include' }).then(function (answer) { return answer.text() }, function () { return 'refused' }) }))`
    const show = `new Promise(function (done) { var img = new Image(); img.onload = function () { done('shown') }; img.onerror = function () { done('refused') }
      img.src = ${JSON.stringify(new URL(picture, house.cinema).href)} })`
    for (const place of places) {
      const page = await visit(phone, place, '<p>')
      expect([place, await page.evaluate(readAll)]).toEqual([place, ['refused', 'refused', 'refused']])
      const beside = await visit(tv.context(), place, '<p>')
      expect([place, await beside.evaluate(show)]).toEqual([place, 'refused'])
      await Promise.all([page.close(), beside.close()])
    }
    await Promise.all([tv.context().close(), phone.close()])
  })

  test('K4: what a neighbour tosses in over https is no cookie of ours, and takes none away', async () => {
    const { phone, page } = await signedInPhone()
    const before = await cookiesOf(phone)
    const names = before.map((pair) => pair.split('=')[0] ?? '')
    const neighbour = await visit(phone, 'https://evil.home.example/', '<p>')
    for (const name of [
      ...names,
      ...names.map((one) => one.toLowerCase()),
      ...names.map((one) => one.replace('__Host-', '')),
    ]) {
      for (const attributes of [
        '; domain=home.example; path=/; secure',
        '; domain=home.example; path=/me; secure',
        '; path=/; secure',
        '; domain=home.example',
      ]) {
        await neighbour.evaluate(`document.cookie = ${JSON.stringify(`${name}=${'A'.repeat(43)}${attributes}`)}`)
        await neighbour.evaluate(`document.cookie = ${JSON.stringify(` =${name}=${'A'.repeat(43)}${attributes}`)}`)
      }
    }
    await page.goto(`${house.door}/me`)
    expect(page.url()).toBe(`${house.door}/me`)
    expect(await page.locator('h1').textContent()).toBe('My screens')
    expect((await cookiesOf(phone)).filter((pair) => before.includes(pair))).toEqual(before)
    await phone.close()
  })

  test('C9: tabs that open all at once, signed out, each end on their own page', async () => {
    const desktop = await browser().newContext({ ignoreHTTPSErrors: true })
    const wanted = [`${house.cinema}/films/1`, `${house.library}/films/2`, `${house.cinema}/films/3`]
    const tabs = await Promise.all(wanted.map(() => desktop.newPage()))
    await Promise.all(tabs.map((tab, i) => tab.goto(wanted[i] ?? '').catch(() => undefined)))
    for (const [i, tab] of tabs.entries()) {
      await tab.getByRole('button', { name: 'Continue as Robin' }).click()
      await tab.waitForURL(wanted[i] ?? '')
    }
    await desktop.close()
  })

  test('C5 C10: what goes on in the background of a sign-in neither begins nor disturbs one', async () => {
    const desktop = await browser().newContext({ ignoreHTTPSErrors: true })
    const page = await desktop.newPage()
    await page.goto(`${house.cinema}/films/4`)
    await page.getByRole('button', { name: 'Continue as Robin' }).waitFor()
    const before = await cookiesOf(desktop)
    const urls = [house.cinema, house.library, house.door].flatMap((origin) =>
      [
        '/',
        '/me',
        '/d',
        '/callback?state=x',
        '/.entryphone/auth/start',
        '/.entryphone/auth/ticket?t=x',
        '/d/AAAAAAAAAAAAAAAA',
      ].map((path) => origin + path),
    )
    const ask = `Promise.all(${JSON.stringify(urls)}.map(function (url) { return new Promise(function (done) {
      var img = new Image(); img.onload = img.onerror = done; img.src = url
    }).then(function () { return fetch(url, { mode: 'no-cors', credentials: 'include' }) }).catch(function () {}) })).then(function () {})`
    for (const place of places) {
      const other = await visit(
        desktop,
        place,
        `<link rel="prefetch" href="${urls[0]}"><link rel="prefetch" href="${house.door}/me">`,
      )
      await other.evaluate(ask)
      await other.close()
    }
    expect(await cookiesOf(desktop)).toEqual(before)
    await page.getByRole('button', { name: 'Continue as Robin' }).click()
    await page.waitForURL(`${house.cinema}/films/4`)
    await desktop.close()
  })

  test('K1 J32: every cookie that we set or take back has the attributes of its kind, and Chromium keeps it', async () => {
    const set: string[] = []
    const { tv, link } = await waitingScreen()
    const phone = await newPhone(browser())
    const desktop = await browser().newContext({ ignoreHTTPSErrors: true })
    const note = (context: BrowserContext) =>
      context.on('response', async (response) => {
        const headers = await response.headersArray().catch(() => [])
        for (const { name, value } of headers)
          if (/^set-cookie$/i.test(name) && /entryphone/i.test(value)) set.push(...value.split('\n'))
      })
    for (const context of [tv.context(), phone, desktop]) note(context)
    await scanAndApprove(phone, link)
    await tv.waitForURL(`${house.cinema}/films/42`)
    const page = await desktop.newPage()
    await page.goto(`${house.library}/`)
    await page.getByRole('button', { name: 'Continue as Robin' }).click()
    await page.waitForURL(`${house.library}/`)
    await page.goto(`${house.library}/.entryphone/auth/sign-out`)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('link', { name: 'Sign in' }).waitFor()
    const me = await phone.newPage()
    await me.goto(`${house.door}/me`)
    await me.getByRole('button', { name: 'Sign out here' }).click()
    await me.getByRole('link', { name: 'Sign in' }).waitFor()
    const shape =
      /^__Host-entryphone-\d+(?:-[a-z]+)?=[A-Za-z0-9._-]*; Max-Age=\d+; Path=\/; Expires=[^;]+ GMT; HttpOnly; Secure; SameSite=Lax$/
    expect(set.length).toBeGreaterThanOrEqual(7)
    for (const line of set) expect([line, line.length < 4096]).toEqual([expect.stringMatching(shape), true])
    expect(set.filter((line) => /=; Max-Age=0; /.test(line)).length).toBeGreaterThanOrEqual(3)
    // What was taken back is gone: the session of the phone, and what bound the television's login.
    const isSession = (pair: string) => /^__Host-entryphone-\d+=/.test(pair)
    expect((await cookiesOf(phone)).filter(isSession)).toEqual([])
    const onScreen = await cookiesOf(tv.context())
    expect([onScreen.filter(isSession).length, onScreen.filter((pair) => pair.includes('-login='))]).toEqual([1, []])
    await Promise.all([tv.context().close(), phone.close(), desktop.close()])
  })
})
