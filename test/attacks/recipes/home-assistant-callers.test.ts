import { beforeEach, expect, test } from 'vitest'
import { HOUR, SECOND } from '../../../src/lib/clock.ts'
import { createFakeClock } from '../../support/clock.ts'
import { useContractHouse } from '../../support/contract-home/house.ts'
import { createHeardLog } from '../../support/heard-log.ts'
import { wayTo } from '../../support/home-assistant-client.ts'
import { signedInPhone } from '../../support/let-in.ts'
import type { Person } from '../../support/person.ts'
import { openForm } from '../../support/phone.ts'

// Webhooks from before the gate, as they stand at the door: whoever looks after Home Assistant sees them and shuts them out.

const clock = createFakeClock(Date.now())
const log = createHeardLog()
const { house, home, user, made } = useContractHouse(
  { users: { robin: 'Owner' }, lines: ['open_webhooks: [the-garage-of-1987]'] },
  { clock, trustLoopback: true, log },
)
const DOORBELL = 'doorbell-7f3k2m9q4x1c-8a51'
let robin: Person

beforeEach(async () => {
  house.issuer.setOption('signedInSecondsAgo', Math.floor((Date.now() - clock.now()) / SECOND))
  robin = await signedInPhone(house)
  home().state.webhooks.set(DOORBELL, 'The doorbell rings').set('the-garage-of-1987', 'The garage opens')
  expect(await call()).toBe(200)
})

const address = () => `${house.door}/me/apps/cinema`
const pageOf = async (who: Person) => (await who.go(address())).text()
const call = async (id = DOORBELL, from = '203.0.113.5') =>
  (await wayTo(house.cinema, { 'x-forwarded-for': from }).send(`/api/webhook/${id}`, { method: 'POST', body: '{}' }))
    .status

async function decide(decision: 'shut' | 'open'): Promise<void> {
  const form = await openForm(robin, address(), `value="${decision}"`)
  expect((await robin.go(form.action, { ...form.fields, decision })).headers.get('location')).toBe('/me/apps/cinema')
}

test('a caller of before is shut out by whoever looks after Home Assistant, and passes again when they say so', async () => {
  expect(await pageOf(robin)).toContain('The doorbell rings')
  expect(await (await robin.go(`${house.door}/me`)).text()).toContain('See who calls without a sign-in')
  await decide('shut')
  expect(await pageOf(robin)).toContain('Shut out.')
  expect(await call()).toBe(401)
  await house.restart()
  expect(await call()).toBe(401)
  await decide('open')
  expect(await call()).toBe(200)
})

test('callers of before are shown to whoever administers the app, and shut by nobody else', async () => {
  const form = await openForm(robin, address(), 'value="shut"')
  const { id: userId } = user('Ben')
  const person = { issuer: house.issuer.issuer, sub: 'sam', name: 'Sam' }
  await made().parts.links.make('cinema', person, { userId, name: 'Ben', how: 'proved', admin: true })
  const sam = await signedInPhone(house, 'Sam')
  const own = await openForm(sam, address(), '/unlink')
  expect(own.html).toContain('Ben')
  expect(own.html).not.toContain('doorbe')
  for (const { token } of [own.fields, form.fields]) {
    await sam.go(form.action, { ...form.fields, token: token ?? '', decision: 'shut' })
    expect(await call()).toBe(200)
  }
})

test('where it called from last, and when, is told; the id of it stands on no page and in no log', async () => {
  const from = async (place: string) => (await robin.go(address(), undefined, { 'x-forwarded-for': place })).text()
  await clock.leap(2 * HOUR)
  expect(await from('198.51.100.7')).toContain('Called 2 hours ago')
  await call(DOORBELL, '198.51.100.7')
  await expect.poll(() => from('198.51.100.7')).toMatch(/Called now[\s\S]*Same network as you/)
  const page = await from('203.0.113.5')
  expect(page).toContain('Another network than yours')
  expect(page).toContain('doorbe…')
  expect(page).not.toContain('doorbell-')
  // Listed by the operator: it passes by that.
  expect(page).not.toContain('The garage opens')
  expect(JSON.stringify(log.requests)).not.toContain('doorbe')
})

test('what Home Assistant knows no more is not shown, and while it is down nothing is decided', async () => {
  const form = await openForm(robin, address(), 'value="shut"')
  home().state.webhooks.delete(DOORBELL)
  expect(await pageOf(robin)).not.toContain('doorbe')
  home().interfere = () => 'hang up'
  expect((await robin.go(form.action, { ...form.fields, decision: 'shut' })).status).toBe(503)
  home().interfere = undefined
  expect(await call()).toBe(200)
})

test('of a webhook that is short, listed or not, in whatever spelling, the id stands in no log', async () => {
  const { send } = wayTo(house.cinema)
  for (const path of [
    '/api/webhook/garage',
    '/api/%77ebhook/garage',
    '/api/webhook/g%61rage',
    '/api/webhook/the-garage-of-1987',
  ]) {
    const line = log.next(({ path: logged }) => String(logged).includes('ebhook/'))
    await send(path, { method: 'POST', body: '{}' })
    expect((await line)['path']).toBe(path.replace(/[^/]*$/, '…'))
  }
})
