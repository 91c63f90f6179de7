import { expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { askOnline } from '../../src/online.ts'
import { createDesktop, signInOnDesktop } from '../support/desktop.ts'
import { filmClub } from '../support/film-club/recipe.ts'
import { type FilmClub, KEY, startFilmClub } from '../support/film-club/server.ts'
import { useHouse } from '../support/house.ts'
import { letTelevisionIn } from '../support/let-in.ts'
import { readForm } from '../support/phone.ts'

const ENTER = '/.entryphone/auth/enter'
let club: FilmClub
const recipes = new Map([['cinema', filmClub(KEY, { 'robin@home.example': 'Robin', 'sam@home.example': 'Kim' })]])

// The gateway knows nothing of the club but this one folder of tests.
const house = useHouse({
  recipes,
  async startApp({ port }) {
    club = await startFilmClub(port)
    return club
  },
})

type Browser = Awaited<ReturnType<typeof signInOnDesktop>>['browser']

/** What our page does with a script: asks, and keeps what it is told. */
async function enterWith(browser: Browser): Promise<{ write?: { pass: string }; failed?: string }> {
  const answer = await browser.go(house.cinema + ENTER, {}, { 'sec-fetch-site': 'same-origin' })
  return (await answer.json()) as { write?: { pass: string }; failed?: string }
}

async function enter(browser: Browser): Promise<string> {
  const { write } = await enterWith(browser)
  if (write === undefined) throw new Error('nobody was let in')
  return write.pass
}

const films = async (browser: Browser, pass: string) => {
  const answer = await browser.go(`${house.cinema}/films`, undefined, { authorization: `Bearer ${pass}` })
  return answer.status === 200 ? await answer.text() : answer.status
}

test('a further app is signed in by one folder: its own page opens as the linked member', async () => {
  const stranger = createDesktop()
  expect((await stranger.go(`${house.cinema}/ping`)).status).toBe(200)
  expect(await films(stranger, 'made-up')).toBe(401)
  const { browser } = await signInOnDesktop(house, house.cinema)
  const pass = await enter(browser)
  expect(await films(browser, pass)).toBe('films for m1')
  // In nobody else's hands, with their own session or with none.
  const { browser: other } = await signInOnDesktop(house, house.cinema, '/', 'Sam')
  expect(await films(other, pass)).toBe(401)
  expect(await films(stranger, pass)).toBe(401)
})

test("a screen gets no account that runs the club, and the person's own browser does", async () => {
  const { browser } = await signInOnDesktop(house, house.cinema, '/', 'Sam')
  expect(await films(browser, await enter(browser))).toBe('films for m2')
  const { tv } = await letTelevisionIn(house, { person: 'Sam' })
  expect(await enterWith(tv.browser)).toMatchObject({ failed: 'admin' })
})

test('a television that is signed out on the phone is signed out inside the club too', async () => {
  const { tv, phone } = await letTelevisionIn(house)
  const pass = await enter(tv.browser)
  expect(club.passes.get(pass)).toBe('m1')
  const returned = club.returned(pass)
  const address = new URL(`${house.door}/me`)
  const form = readForm(address, await (await phone.go(address)).text(), 'name="ref"')
  await phone.go(form.action, form.fields)
  await returned
  expect(await films(tv.browser, pass)).toBe(401)
  expect(club.passes.has(pass)).toBe(false)
})

test("whoever signs out in the club's own menu is signed out at the gate", async () => {
  const { browser } = await signInOnDesktop(house, house.cinema)
  const pass = await enter(browser)
  const answer = await browser.go(
    `${house.cinema}/sign-out`,
    {},
    {
      authorization: `Bearer ${pass}`,
      origin: house.cinema,
    },
  )
  expect(answer.status).toBe(204)
  await club.returned(pass)
  expect(await films(browser, pass)).toBe(401)
})

test('check --online asks what the recipe asks', async () => {
  const loaded = loadConfig(house.configFile, { CLIENT_SECRET: house.issuer.clientSecret })
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems))
  const found = await askOnline(loaded.config, { recipes })
  expect(found).toContainEqual({ path: 'apps.cinema', level: 'fine', text: 'Its key opens the list of 2 members.' })
  const wrong = await askOnline(loaded.config, { recipes: new Map([['cinema', filmClub('another', {})]]) })
  expect(wrong).toContainEqual(expect.objectContaining({ path: 'apps.cinema', level: 'problem' }))
})
