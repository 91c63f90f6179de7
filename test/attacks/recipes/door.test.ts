import { beforeEach, expect, test } from 'vitest'
import { MINUTE } from '../../../src/lib/clock.ts'
import { createFakeClock } from '../../support/clock.ts'
import { useHouse } from '../../support/house.ts'
import { createKnockingApp } from '../../support/knocking-recipe.ts'
import { letTelevisionIn, signedInPhone } from '../../support/let-in.ts'
import type { Person } from '../../support/person.ts'
import { createPhone, openForm } from '../../support/phone.ts'

// Who lets native apps in at the door, and who does not.

const clock = createFakeClock(Date.now())
const app = createKnockingApp()
const house = useHouse({
  clock,
  recipes: new Map([['cinema', app.kind]]),
  cinemaLines: '    allow: { subjects: [robin] }',
})
const somewhere = { address: '203.0.113.7', certain: false }

beforeEach(async () => {
  app.calm()
  app.knock('482913', somewhere)
  const robin = { issuer: house.issuer.issuer, sub: 'robin', name: 'Robin' }
  await app.link(robin, 'anna')
})

/** Where typed digits lead; undefined: nowhere. */
async function type(phone: Person, code: string): Promise<{ status: number; to: string; text: string }> {
  const entry = await openForm(phone, `${house.door}/d`, 'name="code"')
  const answer = await phone.go(entry.action, { ...entry.fields, code })
  const text = (await answer.text()).replaceAll(entry.fields['token'] ?? '-', '')
  return { status: answer.status, to: answer.headers.get('location') ?? '', text }
}

async function knockPage(phone: Person) {
  return openForm(phone, house.door + (await type(phone, '482913')).to, 'decision')
}

const yes = (page: { fields: Record<string, string> }) => ({ ...page.fields, decision: 'approve' })

test('a page of another site lets no native app in', async () => {
  const phone = await signedInPhone(house)
  const page = await knockPage(phone)
  const foreign = [
    { origin: 'https://evil.example' },
    { origin: house.cinema },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site' },
  ]
  for (const headers of foreign) expect((await phone.go(page.action, yes(page), headers)).status).toBe(403)
  const other = await openForm(phone, `${house.door}/me`, 'revoke-all')
  for (const token of ['', 'x'.repeat(43), other.fields['token'] ?? ''])
    expect((await phone.go(page.action, { ...yes(page), token })).status).toBe(403)
  expect(app.letIn).toEqual([])
  expect((await phone.go(page.action, yes(page))).status).toBe(200)
  expect(app.letIn).toHaveLength(1)
})

test('looking lets nothing in, and no frame shows the page', async () => {
  const phone = await signedInPhone(house)
  const { url, html } = await knockPage(phone)
  const answer = await phone.go(url)
  expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  for (const method of ['approve', 'deny']) await phone.go(`${url.href}&decision=${method}`)
  expect(html).not.toMatch(/\.submit\s*\(/)
  expect(app.letIn).toEqual([])
})

test('neither a stranger nor a screen lets a native app in', async () => {
  const page = await knockPage(await signedInPhone(house))
  const { tv } = await letTelevisionIn(house)
  for (const other of [createPhone(), tv.browser]) {
    // Its own page, as far as it gets one, and its own proof that nobody is signed in.
    const entry = await other.go(`${house.door}/d`)
    expect(entry.status).toBe(303)
    expect((await other.go(page.url)).status).toBe(303)
    expect((await other.go(page.action, yes(page))).status).toBe(403)
  }
  expect(app.letIn).toEqual([])
})

test('the address of a knock opens nothing on another phone', async () => {
  const { url, fields } = await knockPage(await signedInPhone(house))
  const other = await signedInPhone(house)
  expect((await other.go(url)).status).toBe(410)
  const own = await knockPage(other)
  const foreign = { ...yes(own), knock: fields['knock'] ?? '' }
  expect((await other.go(own.action, foreign)).status).toBe(410)
  expect(app.letIn).toEqual([])
})

test('whoever may not open an app sees no knocks of it and lets none in', async () => {
  const robins = await knockPage(await signedInPhone(house))
  const sam = await signedInPhone(house, 'Sam')
  const [known, unknown] = [await type(sam, '482913'), await type(sam, '000000')]
  expect([known.status, known.text]).toEqual([422, unknown.text])
  expect(await (await sam.go(`${house.door}/me`)).text()).not.toContain('482 913')
  expect((await sam.go(robins.action, yes(robins))).status).toBe(403)
  expect(app.letIn).toEqual([])
})

test('who may open it is asked again at the press', async () => {
  const phone = await signedInPhone(house)
  const page = await knockPage(phone)
  await house.restart('    allow: { subjects: [nobody-at-all] }')
  try {
    app.knock('482913', somewhere)
    expect((await phone.go(page.action, yes(page))).status).toBe(410)
    expect(app.letIn).toEqual([])
  } finally {
    await house.restart('    allow: { subjects: [robin] }')
  }
})

test('digits are guessed as seldom as letters, and a wrong guess tells nothing', async () => {
  const phone = await signedInPhone(house, 'Sam')
  const answers: string[] = []
  for (const code of ['000001', '000002', 'BCDF-GHJK', '000003']) answers.push(JSON.stringify(await type(phone, code)))
  expect(new Set(answers).size).toBe(1)
  const many = await Promise.all(Array.from({ length: 30 }, (_, i) => type(phone, `1000${10 + i}`)))
  expect(many.filter(({ status }) => status === 422).length).toBeLessThanOrEqual(6)
  expect((await type(phone, '482913')).status).toBe(429)
})

test('another device that has come to show the same digits is not let in from the page of the first', async () => {
  const phone = await signedInPhone(house, 'Robin')
  const page = await knockPage(phone)
  await clock.advance(1000)
  app.knock('482913', somewhere, { device: 'A stranger’s' })
  expect((await phone.go(page.action, yes(page))).status).toBe(410)
  expect(app.letIn).toEqual([])
})

test('a no is a refusal for everybody, and needs what a yes needs', async () => {
  // Robin has typed a lot.
  await clock.advance(10 * MINUTE)
  app.knock('482913', somewhere)
  const [phone, other] = [await signedInPhone(house), await signedInPhone(house)]
  const [page, others] = [await knockPage(phone), await knockPage(other)]
  const no = { ...page.fields, decision: 'deny' }
  for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }])
    expect((await phone.go(page.action, no, headers)).status).toBe(403)
  for (const foreign of [
    { ...no, token: 'x'.repeat(43) },
    { ...no, knock: others.fields['knock'] ?? '' },
  ])
    expect((await phone.go(page.action, foreign)).status).toBeGreaterThanOrEqual(400)
  const sam = await signedInPhone(house, 'Sam')
  for (const stranger of [sam, createPhone()]) expect((await stranger.go(page.action, no)).status).toBe(403)
  expect(app.refused).toEqual([])
  expect((await phone.go(page.action, no)).status).toBe(200)
  expect(app.refused).toEqual(['482913'])
  // Nobody finds it any more, and a page that still shows it lets nothing in.
  expect((await type(other, '482913')).status).toBe(422)
  expect((await other.go(others.action, yes(others))).status).toBe(410)
  expect(app.letIn).toEqual([])
})

test('another device that has come to show the same digits is not refused from the page of the first', async () => {
  const phone = await signedInPhone(house)
  const page = await knockPage(phone)
  await clock.advance(1000)
  app.knock('482913', somewhere, { device: 'Another' })
  expect((await phone.go(page.action, { ...page.fields, decision: 'deny' })).status).toBe(410)
  expect(app.refused).toEqual([])
})

test('a press with a field missing, added or of another kind lets nothing in', async () => {
  const phone = await signedInPhone(house)
  const page = await knockPage(phone)
  const { knock = '', ...rest }: Record<string, string> = yes(page)
  for (const form of [
    rest,
    { ...yes(page), more: 'x' },
    { ...yes(page), decision: 'yes' },
    { ...yes(page), knock: '' },
  ])
    expect((await phone.go(page.action, form)).status).toBeGreaterThanOrEqual(400)
  expect((await phone.go(page.action, { ...rest, knock: `${knock.slice(0, -1)}_` })).status).toBe(410)
  expect(app.letIn).toEqual([])
})
