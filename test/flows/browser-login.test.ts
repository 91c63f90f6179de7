import { expect, test } from 'vitest'
import { createDesktop, leaveForProvider, signInOnDesktop } from '../support/desktop.ts'
import { useHouse } from '../support/house.ts'
import { openForm, signInAtProvider } from '../support/phone.ts'
import { linkIn } from '../support/television.ts'

const house = useHouse()

test('an ordinary browser signs in at the provider and stands on the page it first asked for', async () => {
  const { browser, url, html } = await signInOnDesktop(house, house.cinema)
  expect(url.href).toBe(`${house.cinema}/films/42?t=90`)
  expect(html).toContain('/films/42?t=90')
  expect((await browser.go(`${house.cinema}/`)).status).toBe(200)
})

test('J1: each request to the provider has its own state, nonce and S256 challenge', async () => {
  const asked = [await leaveForProvider(house, house.cinema, '/'), await leaveForProvider(house, house.cinema, '/')]
  for (const name of ['state', 'nonce', 'code_challenge']) {
    const values = asked.map(({ away }) => away.searchParams.get(name) ?? '')
    for (const value of values) expect(value.length).toBeGreaterThanOrEqual(22)
    expect(new Set(values).size).toBe(2)
  }
  for (const { away } of asked) {
    expect(away.searchParams.get('response_type')).toBe('code')
    expect(away.searchParams.get('code_challenge_method')).toBe('S256')
  }
})

test('a second app of the house opens without asking the provider again', async () => {
  const { browser } = await signInOnDesktop(house, house.cinema)
  const before = house.issuer.requests.length
  const challenge = await browser.go(`${house.library}/films/7`)
  const { url } = await browser.follow(new URL(linkIn(await challenge.text()), house.library), () => false)
  expect(url.href).toBe(`${house.library}/films/7`)
  expect(house.issuer.requests.length).toBe(before)
})

test('C9: two tabs that sign in at once each return to their own page', async () => {
  const browser = createDesktop()
  const one = await leaveForProvider(house, house.cinema, '/films/7', browser)
  const two = await leaveForProvider(house, house.cinema, '/films/42', browser)
  expect((await signInAtProvider(browser, two.away)).url.pathname).toBe('/films/42')
  expect((await signInAtProvider(browser, one.away)).url.pathname).toBe('/films/7')
})

test('signing out here ends this host in this browser, and nothing else', async () => {
  const { browser } = await signInOnDesktop(house, house.cinema)
  const other = await signInOnDesktop(house, house.cinema, '/', 'Sam')
  const address = new URL(`${house.cinema}/.entryphone/auth/sign-out`)
  const form = await openForm(browser, address, 'sign-out')
  const copied = browser.cookies('cinema.localhost')
  expect((await browser.go(form.action, form.fields, { origin: house.cinema })).status).toBe(200)
  expect((await browser.go(`${house.cinema}/`)).status).toBe(401)
  // K6: a copy of the cookie is as dead as the original.
  expect((await createDesktop().go(`${house.cinema}/`, undefined, { cookie: copied })).status).toBe(401)
  expect((await other.browser.go(`${house.cinema}/`)).status).toBe(200)
})

test.each([
  ['access_denied', 403, 'You did not sign in'],
  ['consent_required', 403, 'You did not sign in'],
  ['temporarily_unavailable', 503, 'Signing in has to wait'],
  ['unauthorized_client', 500, 'Signing in is not set up right'],
  ['__proto__', 500, 'Signing in is not set up right'],
])('whom the provider sends back with %s is told what that means, and can try again', async (error, status, title) => {
  const { browser, away } = await leaveForProvider(house, house.cinema, '/')
  const back = new URL(away.searchParams.get('redirect_uri') ?? '')
  const state = away.searchParams.get('state') ?? ''
  back.search = new URLSearchParams({ error, state, iss: house.issuer.issuer }).toString()
  const answer = await browser.go(back)
  expect(answer.status).toBe(status)
  const page = await answer.text()
  expect(page).toContain(title)
  expect(page).toContain('/sign-in?visit=')
})

test('the provider being down is said in plain words, and people who are signed in notice nothing', async () => {
  const { browser } = await signInOnDesktop(house, house.cinema)
  house.issuer.setOption('failWith', 502)
  const fresh = createDesktop()
  const challenge = await fresh.go(`${house.cinema}/`)
  await house.restart()
  const { response } = await fresh.follow(new URL(linkIn(await challenge.text()), house.cinema), () => false)
  expect(response?.status).toBe(503)
  expect((await browser.go(`${house.cinema}/`)).status).toBe(200)
  house.issuer.setOption('failWith', undefined)
})
