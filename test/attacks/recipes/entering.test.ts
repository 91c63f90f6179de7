import { beforeEach, expect, test } from 'vitest'
import type { Recipe } from '../../../src/recipes/recipe.ts'
import { signInOnDesktop } from '../../support/desktop.ts'
import { useHouse } from '../../support/house.ts'
import { createPerson } from '../../support/person.ts'
import { linkIn } from '../../support/television.ts'

const ENTER = '/.entryphone/auth/enter'
let asked: { person: string; read: Readonly<Record<string, string>> }[] = []
beforeEach(() => {
  asked = []
})

const recipe: Recipe = {
  gate: {
    ruleOf: ({ head, target }) =>
      head.method === 'POST' && target.path === '/log-out' ? { observe: (ask) => signOut(ask.found?.key) } : undefined,
    tokenOf: () => undefined,
    holderOf: () => ({ kind: 'nobody' }),
  },
  entry: {
    reads: ['device'],
    async enter({ session }, read) {
      asked.push({ person: session.actsAs.name, read })
      return { write: { token: 'opens the app' }, go: '/films/42' }
    },
  },
}
let signOut: (key: string | undefined) => Promise<undefined>

const house = useHouse({
  recipes: new Map([
    [
      'cinema',
      {
        cors: [],
        create({ sessions }) {
          signOut = async (key) => void (key && (await sessions.end(key, 'signed-out')))
          return recipe
        },
      },
    ],
  ]),
})

test('whoever is signed in is told, by our own page alone, what opens the app', async () => {
  const { browser } = await signInOnDesktop(house, house.cinema)
  const page = await browser.go(house.cinema + ENTER)
  expect(page.status).toBe(200)
  expect(await page.text()).not.toContain('opens the app')
  const answer = await browser.go(
    house.cinema + ENTER,
    { device: 'tv 1', other: 'x' },
    { 'sec-fetch-site': 'same-origin' },
  )
  expect(await answer.json()).toEqual({ write: { token: 'opens the app' }, go: '/films/42' })
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(asked).toEqual([{ person: expect.stringContaining('Robin'), read: { device: 'tv 1' } }])
})

test('no page of another site, and no frame, is told what opens the app', async () => {
  const { browser } = await signInOnDesktop(house, house.cinema)
  const foreign = [
    { origin: 'https://evil.example' },
    { origin: house.library },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site' },
  ]
  for (const headers of foreign)
    expect((await browser.go(house.cinema + ENTER, { device: 'x' }, headers)).status).toBe(403)
  expect(asked).toEqual([])
  const page = await browser.go(house.cinema + ENTER)
  expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
})

test('nobody without a session of this very app is taken into it', async () => {
  const stranger = createPerson()
  expect((await stranger.go(house.cinema + ENTER)).headers.get('location')).toBe('/')
  expect((await stranger.go(house.cinema + ENTER, { device: 'x' })).status).toBe(401)
  const { browser } = await signInOnDesktop(house, house.library, '/')
  expect((await browser.go(house.cinema + ENTER, { device: 'x' })).status).toBe(401)
  expect(asked).toEqual([])
})

test('whoever may no longer open the app is not taken into it', async () => {
  const { browser } = await signInOnDesktop(house, house.cinema)
  await house.restart('    allow: { groups: [nobody-at-all] }')
  try {
    expect((await browser.go(house.cinema + ENTER, { device: 'x' })).status).toBe(401)
    expect(asked).toEqual([])
  } finally {
    await house.restart('')
  }
})

test('whoever signs out in the app is not signed straight back in, and is with a press', async () => {
  const { browser } = await signInOnDesktop(house, house.cinema)
  await browser.go(`${house.cinema}/log-out`, {}, { origin: house.cinema })
  const challenge = await browser.go(`${house.cinema}/films/42`)
  expect(challenge.status).toBe(401)
  const start = new URL(linkIn(await challenge.text()), house.cinema)
  const told = await browser.go(start)
  expect(told.status).toBe(200)
  const page = await told.text()
  const back = /action="([^"]*way\/back[^"]*)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? ''
  const again = await browser.go(new URL(back, house.cinema), {})
  const { url } = await browser.follow(new URL(again.headers.get('location') ?? '', house.cinema), () => false)
  expect(url.href).toBe(`${house.cinema}/films/42`)
})

test('a page of another site cannot sign anybody in again', async () => {
  const { browser } = await signInOnDesktop(house, house.cinema)
  await browser.go(`${house.cinema}/log-out`, {}, { origin: house.cinema })
  const back = `${house.cinema}/.entryphone/auth/way/back?to=x`
  const before = browser.cookies(new URL(house.cinema).hostname)
  expect((await browser.go(back, {}, { origin: 'https://evil.example' })).status).toBe(403)
  expect((await browser.go(back, {}, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect(browser.cookies(new URL(house.cinema).hostname)).toBe(before)
})
