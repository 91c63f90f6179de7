import { beforeAll, describe, expect, test } from 'vitest'
import { launchChromium } from '../../support/chromium.ts'
import { signInOnDesktop } from '../../support/desktop.ts'
import { useHouse } from '../../support/house.ts'
import { needPart } from '../../support/parts.ts'
import { createPhone, pressYes, scan } from '../../support/phone.ts'
import { type RawResponse, sendRaw } from '../../support/raw.ts'
import { returnTargets } from '../../support/return-targets.ts'
import { linkIn, openOnTelevision } from '../../support/television.ts'

const house = useHouse()
let targets: string[]
let cookie: string
let app: string

beforeAll(async () => {
  app = new URL(house.cinema).host
  targets = returnTargets(app)
  const { browser } = await signInOnDesktop(house, house.cinema)
  cookie = browser.cookies('cinema.localhost')
})

const utf8 = (text: string) => Buffer.from(text, 'utf8').toString('latin1')

/** Asks the cinema, with further fields; a body comes as a form. */
function ask(line: string, fields: string[] = [], body?: string): Promise<RawResponse> {
  const form = ['Content-Type: application/x-www-form-urlencoded', `Content-Length: ${body?.length}`]
  const all = [`Host: ${app}`, 'Connection: close', 'Accept: text/html', ...(body === undefined ? [] : form), ...fields]
  return sendRaw(house.port, utf8(`${line} HTTP/1.1\r\n${all.join('\r\n')}\r\n\r\n${body ?? ''}`))
}

/** Where a signed-in browser is led by a start link: the sealed target, as it is emitted. */
async function followed(link: string): Promise<string> {
  const answer = await ask(`GET ${link}`, [`Cookie: ${cookie}`])
  expect([link, answer.status]).toEqual([link, 303])
  return wellLed(link, answer)
}

/** The one Location of an answer, which stays on the app whoever reads it. */
function wellLed(why: string, answer: RawResponse): string {
  const locations = answer.all('location')
  const [location = ''] = locations
  expect([why, locations.length, answer.bytes.match(/^location:/gim)?.length]).toEqual([why, 1, 1])
  expect([why, location]).toEqual([why, expect.stringMatching(/^\/(?![/\\])[\x21-\x7e]*$/)])
  const url = new URL(location, house.cinema)
  expect([why, url.origin, /^\/[/\\]/.test(url.pathname)]).toEqual([why, house.cinema, false])
  return location
}

/** Tries every target, many at a time. */
async function tryAll(list: readonly string[], run: (target: string) => Promise<unknown>): Promise<void> {
  for (let i = 0; i < list.length; i += 50) await Promise.all(list.slice(i, i + 50).map(run))
}

test('R1 to R8: whatever is asked for, the page after sign-in is one of this app, and none of ours', async () => {
  const led: string[] = []
  await tryAll(targets, async (target) => {
    const challenge = await ask(`GET ${target}`).catch(() => undefined)
    if (challenge?.status !== 401) return
    led.push(target)
    expect(await followed(linkIn(challenge.body))).toBe(target)
  })
  // The others could be read in two ways, or are ours, and are refused before anything is sealed.
  expect([targets.length > 500, led.length > 10]).toEqual([true, true])
  expect(led.filter((target) => /^\/[^/]*entryphone\//i.test(target))).toEqual([])
})

test('R9: where a form stood is believed of this app alone', async () => {
  const referers = targets.map((target) => (target.startsWith('/') ? house.cinema + target : target))
  await tryAll(
    referers.filter((referer) => !/[\r\n\0]/.test(referer)),
    async (referer) => {
      const refused = await ask('POST /settings', [`Referer: ${referer}`, 'Sec-Fetch-Mode: navigate'], 'a=b')
      // What is no header value is not read at all.
      if (refused.status === 400) return
      expect([referer, refused.status]).toEqual([referer, 401])
      const location = await followed(linkIn(refused.body))
      expect([referer, location === '/' || house.cinema + location === referer]).toEqual([referer, true])
    },
  )
})

test('R9: a link that was not sealed here for this app leads to its first page', async () => {
  const other = await sendRaw(
    house.port,
    `GET /films/7 HTTP/1.1\r\nHost: ${new URL(house.library).host}\r\nConnection: close\r\nAccept: text/html\r\n\r\n`,
  )
  const sealed = new URL(linkIn(other.body), house.library).searchParams.get('to') ?? ''
  const own = new URL(linkIn((await ask('GET /films/7')).body), house.cinema).searchParams.get('to') ?? ''
  const forged = [sealed, `${own}x`, own.slice(0, -1), own.replace('ep1.', 'ep2.'), `${own}&to=/x`]
  await tryAll([...targets.map(encodeURIComponent), ...forged], async (to) => {
    expect(await followed(`/.entryphone/auth/start?to=${to}`)).toBe('/')
  })
})

test('R9: nothing in the address of a sign-out or of a ticket says where to go', async () => {
  const names = [
    'rd',
    'return_to',
    'next',
    'url',
    'redirect',
    'redirect_uri',
    'post_logout_redirect_uri',
    'to',
    'visit',
  ]
  for (const name of names) {
    const query = `?${name}=${encodeURIComponent('https://evil.example/')}`
    for (const line of [
      `GET /.entryphone/auth/sign-out${query}`,
      `GET /.entryphone/auth/ticket${query}`,
      `GET /.entryphone/auth/choose${query}`,
      `GET /.entryphone/auth/${'A'.repeat(22)}/${query}`,
      `GET /.entryphone/auth/${'A'.repeat(22)}/collect${query}`,
    ]) {
      const answer = await ask(line)
      if (answer.all('location').length > 0) wellLed(line, answer)
      expect([line, /(?:href|action|url)="?(?:https?:)?\/\/evil/i.test(answer.body)]).toEqual([line, false])
    }
    const out = await ask(`POST /.entryphone/auth/sign-out${query}`, [`Origin: ${house.cinema}`], '')
    expect([out.status, out.all('location'), out.body.includes('evil.example')]).toEqual([200, [], false])
  }
})

test('R9: a television is led to the very target that was judged', async () => {
  const target = '/films/..x//evil.example?next=//evil.example'
  const tv = await openOnTelevision(house, { target })
  const phone = createPhone()
  expect((await pressYes(phone, await scan(phone, tv.link))).status).toBe(200)
  expect((await tv.collect()).headers.get('location')).toBe(target)
})

test('R10: a target of any length costs a bounded link and no cookie', async () => {
  for (const length of [2000, 4096, 5000, 16_000]) {
    const challenge = await ask(`GET /${'x'.repeat(length)}`)
    const link = linkIn(challenge.body)
    expect([length, challenge.all('set-cookie'), link.length < 6000]).toEqual([length, [], true])
    expect(await followed(link)).toBe(length < 4096 ? `/${'x'.repeat(length)}` : '/')
  }
  const many = await Promise.all(Array.from({ length: 20 }, (_, i) => ask(`GET /films/${i}?t=90`)))
  const led = await Promise.all(many.map((challenge) => followed(linkIn(challenge.body))))
  expect(led).toEqual(Array.from({ length: 20 }, (_, i) => `/films/${i}?t=90`))
})

const chromium = needPart('chromium')
describe.skipIf(chromium === undefined)("in today's Chromium", () => {
  test('R1: the page after sign-in is one of this app', async () => {
    const browser = await launchChromium(chromium ?? '')
    const context = await browser.newContext()
    const [name = '', value = ''] =
      cookie
        .split('; ')
        .find((pair) => !pair.includes('-login='))
        ?.split('=') ?? []
    await context.addCookies([{ name, value, url: house.cinema }])
    const page = await context.newPage()
    const asked = [
      '/..x//evil.example',
      '/%2f/evil.example',
      '/;//evil.example',
      '/x//evil.example',
      '/%E2%81%84/evil.example',
      '/x?//evil.example',
    ]
    for (const target of asked) {
      const challenge = await ask(`GET ${target}`)
      expect([target, challenge.status]).toEqual([target, 401])
      await page.goto(house.cinema + linkIn(challenge.body).replaceAll('&amp;', '&'))
      expect(page.url()).toBe(house.cinema + target)
    }
    await browser.close()
  })
})
