import type { BrowserContext, Page } from 'playwright-core'
import { describe, expect, test, vi } from 'vitest'
import { newPhone, scanAndApprove } from '../support/browser-phone.ts'
import { useChromium } from '../support/chromium.ts'
import { createGuestBook, guestBookEnv, guestBookLines, guestPassword } from '../support/guest-book.ts'
import { useHouse } from '../support/house.ts'
import { needPart } from '../support/parts.ts'
import { decodeQr } from '../support/qr-decode.ts'
import { LG_TV } from '../support/television.ts'

// The first evening: the television is in, and who its person is inside the app is said once, on the phone. Nobody goes
// back to the television for that.

vi.setConfig({ testTimeout: 60_000 })
const chromium = needPart('chromium')
const book = createGuestBook()
const house = useHouse({
  https: true,
  recipes: new Map([['cinema', book.kind]]),
  env: guestBookEnv,
  cinemaLines: guestBookLines({}, '  create_users: false'),
})

describe.skipIf(chromium === undefined)("in today's Chromium", () => {
  const browser = useChromium(chromium)
  let phone: BrowserContext
  let hand: Page
  let tv: Page

  test('the phone says what is still to do, a password does it, and the television goes on by itself', async () => {
    const room = await browser().newContext({
      userAgent: LG_TV,
      viewport: { width: 1280, height: 720 },
      ignoreHTTPSErrors: true,
    })
    tv = await room.newPage()
    await tv.goto(`${house.cinema}/films/42?t=90`)
    await tv.locator('img').waitFor()
    phone = await newPhone(browser())
    hand = await scanAndApprove(phone, await decodeQr(await tv.screenshot()))
    await tv.waitForURL(`${house.cinema}/films/42?t=90`)
    await tv.goto(`${house.cinema}/.entryphone/auth/enter#later`)
    await tv.getByText('Who are you in').waitFor()
    await hand.getByRole('link', { name: 'Say who I am in Cinema' }).click()
    await hand.getByLabel('Name in Cinema').fill('boss')
    await hand.getByLabel('Password in Cinema').fill(guestPassword)
    await hand.getByRole('button', { name: 'That is me' }).click()
    await hand.getByText('Screens do not get that account').waitFor()
    // The television has noticed, and says what is left; then it is in, on the same place of the page.
    await tv.getByText('Not with that account').waitFor()
    const own = hand.locator('details', { hasText: 'Use another account for my screens' })
    await own.getByLabel('Name in Cinema').fill('kim')
    await own.getByLabel('Password in Cinema').fill(guestPassword)
    await own.getByRole('button', { name: 'Use this account' }).click()
    await tv.waitForURL(`${house.cinema}/films/42?t=90#later`)
    expect(await tv.evaluate('localStorage.getItem("guest")')).toBe('kim')
  })

  test('digits that are typed in the app take the phone on by themselves', async () => {
    await hand.goto(`${house.door}/me/apps/cinema`)
    await hand.getByText('I have another account there').click()
    const ways = hand.locator('details', { hasText: 'I have another account there' })
    await ways.getByRole('button', { name: 'I am signed in to Cinema somewhere' }).click()
    const digits = ((await hand.locator('.code').textContent()) ?? '').replace(' ', '')
    book.type(digits, 'anna')
    await hand.getByRole('heading', { name: 'Are you anna in Cinema?' }).waitFor()
    await hand.getByRole('button', { name: 'Yes, that is me' }).click()
    await hand.getByRole('heading', { name: 'You are anna in Cinema' }).waitFor()
  })

  test('"open it anyway" leaves the app to itself', async () => {
    const anna = book.named('anna')
    book.users[book.users.indexOf(anna)] = { ...anna, disabled: true }
    await tv.goto(`${house.cinema}/.entryphone/auth/enter#/details?id=7`)
    await tv.getByText('Switched off in').waitFor()
    // Whatever is pressed, the place on the page is kept.
    const again = tv.waitForRequest((request) => request.method() === 'POST')
    await tv.getByRole('link', { name: 'Try again' }).click()
    await again
    await tv.waitForURL(/failed=disabled#\/details\?id=7$/)
    await tv.getByRole('button', { name: 'Open Cinema anyway' }).click()
    await tv.waitForURL(`${house.cinema}/#/details?id=7`)
  })
})
