import { expect, test } from 'vitest'
import { systemClock } from '../../../src/lib/clock.ts'
import { createMemoryStore } from '../../../src/store/memory.ts'
import { useHouse } from '../../support/house.ts'
import { letTelevisionIn, signedInPhone } from '../../support/let-in.ts'
import { openForm } from '../../support/phone.ts'
import { openOnTelevision } from '../../support/television.ts'

const house = useHouse()

/** A store that takes its time, as one on another machine does. */
const memory = createMemoryStore(systemClock)
const later =
  <A extends unknown[], R>(run: (...args: A) => Promise<R>) =>
  async (...args: A): Promise<R> => {
    await new Promise((resolve) => setImmediate(resolve))
    return run(...args)
  }
const slow = { get: later(memory.get), create: later(memory.create), swap: later(memory.swap) }
const slowHouse = useHouse({ store: { ...memory, ...slow } })

test('U9: codes typed all at once count one by one', async () => {
  const phone = await signedInPhone(slowHouse)
  const form = await openForm(phone, `${slowHouse.door}/d`, 'code')
  const typed = Array.from({ length: 60 }, () => phone.go(form.action, { ...form.fields, code: 'BCDF-GHJK' }))
  const answers = await Promise.all(typed)
  expect(answers.filter(({ status }) => status === 422).length).toBeLessThanOrEqual(10)
  expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(50)
})

test('U10: a code that is wrong, used, expired or never was is answered alike', async () => {
  const phone = await signedInPhone(house)
  const used = await letTelevisionIn(house)
  const entry = async (code: string) => {
    const form = await openForm(phone, `${house.door}/d`, 'code')
    const answer = await phone.go(form.action, { ...form.fields, code })
    return `${answer.status} ${(await answer.text()).replaceAll(form.fields['token'] ?? '', '')}`
  }
  const answers = [
    await entry('BCDF-GHJK'),
    await entry(used.tv.userCode),
    await entry('aeiou'),
    await entry('ＢＣＤＦ ＧＨＪＫ'),
    await entry('x'.repeat(5000)),
  ]
  expect(new Set(answers).size).toBe(1)
  expect(answers[0]?.startsWith('422 ')).toBe(true)
})

test('U10: full-width, lower-case and spaced letters find the same code and count on the same counter', async () => {
  const tv = await openOnTelevision(house)
  const phone = await signedInPhone(house, 'Sam')
  const wide = [...tv.userCode]
    .map((c) => (c === '-' ? '–' : String.fromCodePoint((c.codePointAt(0) ?? 0) + 0xfee0)))
    .join(' ')
  const form = await openForm(phone, `${house.door}/d`, 'code')
  expect((await phone.go(form.action, { ...form.fields, code: wide })).status).toBe(303)
  for (let i = 0; i < 10; i++)
    await phone.go(form.action, { ...form.fields, code: `${'bcdf'.slice(0, 4)}  ghj${i % 2 ? 'k' : 'K'}` })
  expect((await phone.go(form.action, { ...form.fields, code: tv.userCode })).status).toBe(429)
})

test('U11: a screen that asks ten times as often reaches nobody but us', async () => {
  const tv = await openOnTelevision(house)
  const before = house.issuer.requests.length
  const asked = Array.from({ length: 50 }, () => tv.browser.go(new URL('wait', tv.page), { seen: '' }))
  for (const answer of await Promise.all(asked)) expect(answer.status).toBe(200)
  expect(house.issuer.requests.length).toBe(before)
})
