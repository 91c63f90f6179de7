import { beforeEach, describe, expect, test } from 'vitest'
import { createFakeClock } from '../support/clock.ts'
import { useHouse } from '../support/house.ts'
import { idOf, useSignedInHouse } from '../support/jellyfin/house.ts'
import { type NativeCall, type NativeClient, nativeClients, requestsOf } from '../support/jellyfin/native-clients.ts'
import { nativeText } from '../support/jellyfin/native-text.ts'
import { createKnockingApp } from '../support/knocking-recipe.ts'
import { createPerson, type Person } from '../support/person.ts'
import { openForm, signInAtProvider } from '../support/phone.ts'
import { sendRaw } from '../support/raw.ts'
import { PHONE } from '../support/television.ts'

// Native apps without a browser: they show digits, and the phone lets them in.

const clock = createFakeClock(Date.now())
const app = createKnockingApp()
const house = useHouse({ clock, trustLoopback: true, recipes: new Map([['cinema', app.kind]]) })
const at = (address: string) => ({ address, certain: true, via: '127.0.0.1' })
const home = at('192.168.1.20')
const away = at('192.168.9.20')

/** A phone at home, or at another address, whose person has just signed in. */
async function phoneOf(person = 'Robin', address = '192.168.1.31', where = house): Promise<Person> {
  const phone = createPerson({ 'user-agent': PHONE, 'x-forwarded-for': address })
  await signInAtProvider(phone, new URL(`${where.door}/me`), person)
  return phone
}

const me = async (phone: Person) => (await phone.go(`${house.door}/me`)).text()

/** Types digits, and stands on the page that asks. */
async function type(phone: Person, digits: string, where = house) {
  const entry = await openForm(phone, `${where.door}/d`, 'name="code"')
  const answer = await phone.go(entry.action, { ...entry.fields, code: digits })
  if (answer.status !== 303) return { answer, page: undefined }
  return { answer, page: await openForm(phone, new URL(answer.headers.get('location') ?? '', where.door), 'decision') }
}

async function pressYes(phone: Person, page: { action: URL; fields: Record<string, string> }, more = {}) {
  const answer = await phone.go(page.action, { ...page.fields, decision: 'approve', ...more })
  return { status: answer.status, text: await answer.text(), to: answer.headers.get('location') }
}

const robin = () => ({ issuer: house.issuer.issuer, sub: 'robin', name: 'Robin' })

beforeEach(app.calm)

test('a native app at home is offered on the phone, let in by one press, listed, and signed out there', async () => {
  await app.link(robin(), 'anna')
  app.knock('482913', home)
  const phone = await phoneOf()
  const page = await openForm(phone, `${house.door}/me`, 'name="knock"')
  for (const shown of ['Fire TV', '482 913', 'Cinema']) expect(page.html).toContain(shown)
  const done = await pressYes(phone, page)
  expect([done.status, app.letIn]).toEqual([200, [{ code: '482913', userId: 'anna', by: 'robin' }]])
  expect(done.text).toMatch(/Done\. The TV opens <bdi>Cinema<\/bdi>/)
  const list = await openForm(phone, `${house.door}/me`, 'name="ref"')
  expect([list.html.includes('Fire TV'), list.html.includes('name="knock"')]).toEqual([true, false])
  expect((await phone.go(list.action, list.fields)).status).toBe(303)
  await expect.poll(() => app.ended.map(({ secret }) => secret)).toContain('secret of 482913')
  expect(await me(phone)).not.toContain('Fire TV')
})

test('one elsewhere is not offered, and found by its digits however they are typed', async () => {
  await app.link(robin(), 'anna')
  app.knock('111222', away)
  const phone = await phoneOf()
  expect(await me(phone)).not.toContain('name="knock"')
  for (const typed of ['111222', '111 222', '１１１-２２２']) {
    const { page } = await type(phone, typed)
    for (const shown of ['Fire TV', 'Films for TV', 'Cinema', '111 222', 'Another network'])
      expect(page?.html).toContain(shown)
  }
  const { page } = await type(phone, '111222')
  expect((await pressYes(phone, page as never, { here: 'yes' })).status).toBe(200)
  expect(app.letIn).toHaveLength(1)
})

test('at most three are offered, the latest first', async () => {
  for (const code of ['100000', '200000', '300000', '400000']) {
    app.knock(code, home)
    await clock.advance(1000)
  }
  const offered = [...(await me(await phoneOf())).matchAll(/(\d)00 000/g)].map(([, digit]) => digit)
  expect(offered).toEqual(['4', '3', '2'])
})

test('a page that is open learns of others, and a stranger nothing', async () => {
  const phone = await phoneOf()
  const ask = async (who = phone) => (await who.go(`${house.door}/me/knocks`)).text()
  const before = await ask()
  expect(await me(phone)).toContain(`data-seen="${(JSON.parse(before) as { seen: string }).seen}"`)
  app.knock('600000', away)
  expect(await ask()).toBe(before)
  app.knock('700000', home)
  expect(await ask()).not.toBe(before)
  expect(await ask(createPerson({ 'user-agent': PHONE, 'x-forwarded-for': '192.168.1.31' }))).toBe('')
})

test('no is said at the phone, and lets nothing in', async () => {
  app.knock('333444', away)
  const phone = await phoneOf()
  const { page } = await type(phone, '333444')
  if (page === undefined) throw new Error('not found')
  const answer = await phone.go(page.action, { ...page.fields, decision: 'deny' })
  expect([answer.status, app.letIn]).toEqual([200, []])
})

test('a sign-in that is too old is asked for again before a native app is let in', async () => {
  await app.link(robin(), 'anna')
  house.issuer.setOption('signedInSecondsAgo', 1000)
  const phone = await phoneOf('Robin', '192.168.1.40')
  house.issuer.setOption('signedInSecondsAgo', 0)
  app.knock('555666', home, { device: 'Never seen before' })
  const pressed = await pressYes(phone, await openForm(phone, `${house.door}/me`, 'name="knock"'))
  expect([pressed.status, app.letIn]).toEqual([303, []])
  const back = await signInAtProvider(phone, new URL(pressed.to ?? ''))
  expect(back.url.pathname).toBe('/knock')
  const page = await openForm(phone, back.url, 'decision')
  expect((await pressYes(phone, page)).status).toBe(200)
  expect(app.letIn).toHaveLength(1)
})

test('from another network a native app is let in by whoever says that it is in front of them', async () => {
  await app.link(robin(), 'anna')
  app.knock('777888', away)
  const phone = await phoneOf()
  const { page } = await type(phone, '777888')
  if (page === undefined) throw new Error('not found')
  const asked = await pressYes(phone, page)
  expect([asked.status, app.letIn, asked.text.includes('name="here"')]).toEqual([200, [], true])
  await pressYes(phone, page, { here: 'yes' })
  expect(app.letIn).toHaveLength(1)
})

test('from another network a no is a refusal for whoever says that it is in front of them', async () => {
  app.knock('777889', away)
  const phone = await phoneOf()
  const { page } = await type(phone, '777889')
  if (page === undefined) throw new Error('not found')
  const no = { ...page.fields, decision: 'deny' }
  expect(await (await phone.go(page.action, no)).text()).toContain('You let nothing in')
  expect(app.refused).toEqual([])
  expect(await (await phone.go(page.action, { ...no, here: 'yes' })).text()).toContain('You said no')
  expect(app.refused).toEqual(['777889'])
})

test.each([
  ['nobody', undefined, 409, 'does not know you yet'],
  ['an administrator', 'boss', 409, 'Pick an ordinary account'],
  ['switched off', 'gone', 403, 'switched off'],
])('somebody who is %s inside is told so, with the way on', async (_who, user, status, text) => {
  const phone = await phoneOf('Sam', '192.168.1.50')
  if (user !== undefined) await app.link({ ...robin(), sub: 'sam', name: 'Sam' }, user)
  app.knock('999000', home)
  const said = await pressYes(phone, await openForm(phone, `${house.door}/me`, 'name="knock"'))
  expect([said.status, app.letIn]).toEqual([status, []])
  expect(said.text).toContain(text)
  expect(said.text.includes('/me/apps/cinema')).toBe(status === 409)
})

test('an app that cannot be asked is told as what it is, and what it could not end is still to do', async () => {
  await app.link(robin(), 'anna')
  app.knock('121212', home)
  const phone = await phoneOf()
  await pressYes(phone, await openForm(phone, `${house.door}/me`, 'name="knock"'))
  app.knock('343434', home)
  app.down = true
  const said = await pressYes(phone, await openForm(phone, `${house.door}/me`, 'name="knock"'))
  expect([said.status, said.text.includes('does not answer')]).toEqual([503, true])
  const list = await openForm(phone, `${house.door}/me`, 'name="ref"')
  await phone.go(list.action, list.fields)
  await expect.poll(() => me(phone)).toContain('Still to do')
  expect(await me(phone)).not.toContain(list.fields['ref'])
  app.down = false
  await clock.advance(15_000)
  await expect.poll(() => me(phone)).not.toContain('Still to do')
})

test('digits that are let in, or have gone, are answered as what they are', async () => {
  await app.link(robin(), 'anna')
  app.knock('565656', home)
  const phone = await phoneOf()
  const page = await openForm(phone, `${house.door}/me`, 'name="knock"')
  expect((await pressYes(phone, page)).status).toBe(200)
  const again = await pressYes(phone, page)
  expect([again.status, again.text.includes('These digits have run out')]).toEqual([410, true])
  expect(app.letIn).toHaveLength(1)
})

describe('with Jellyfin', () => {
  const users = { 'robin@home.example': 'Robin' }
  const { house: cinema, jellyfin, made } = useSignedInHouse({ users }, {}, { trustLoopback: true })
  const fireTv = nativeClients[0] as NativeClient

  async function ask(what: NativeCall, known = { token: '', secret: '' }) {
    const found = requestsOf(fireTv, known).find((one) => one.what === what)
    if (found === undefined) throw new Error(`it has no ${what}`)
    const from = ['x-forwarded-for: 192.168.1.20']
    return sendRaw(cinema.port, nativeText(found, new URL(cinema.cinema).host, from))
  }

  test('a recorded Fire TV knocks, is let in by one press, watches, and is signed out from the phone', async () => {
    const { Code, Secret } = JSON.parse((await ask('begin')).body) as { Code: string; Secret: string }
    const phone = await phoneOf('Robin', '192.168.1.31', cinema)
    const page = await openForm(phone, `${cinema.door}/me`, 'name="knock"')
    expect(page.html).toContain(`${Code.slice(0, 3)} ${Code.slice(3)}`)
    expect(page.html).toContain('Fire TV')
    expect((await pressYes(phone, page)).status).toBe(200)
    const redeemed = JSON.parse((await ask('redeem', { token: '', secret: Secret })).body) as {
      AccessToken: string
      User: { Id: string }
    }
    expect(redeemed.User.Id).toBe(idOf(jellyfin(), 'Robin'))
    const known = { token: redeemed.AccessToken, secret: Secret }
    expect((await ask('film', known)).status).toBe(200)
    const list = await openForm(phone, `${cinema.door}/me`, 'name="ref"')
    expect(list.html).toContain('Wohnzimmer TV (Fire TV)')
    await phone.go(list.action, list.fields)
    expect((await ask('film', known)).status).toBe(401)
    await expect.poll(() => jellyfin().state.devices.find(known.token)).toBeUndefined()
  })

  test('whoever administers it lets a device in as the ordinary account of their screens', async () => {
    const { parts, recipe } = made()
    const [own, kim] = await Promise.all(['Robin', 'Kim'].map((name) => recipe.people?.byName(name)))
    if (own === undefined || kim === undefined) throw new Error('nobody there')
    const policy = jellyfin().state.users.named('Robin')?.policy as { IsAdministrator: boolean }
    policy.IsAdministrator = true
    const { Secret } = JSON.parse((await ask('begin')).body) as { Secret: string }
    const phone = await phoneOf('Robin', '192.168.1.31', cinema)
    const refused = await pressYes(phone, await openForm(phone, `${cinema.door}/me`, 'name="knock"'))
    expect([refused.status, refused.text.includes('Not with that account')]).toEqual([409, true])
    const robin = { issuer: cinema.issuer.issuer, sub: 'robin', name: 'Robin' }
    await parts.links.setScreens('cinema', robin, { userId: kim.id, name: kim.name })
    expect((await pressYes(phone, await openForm(phone, `${cinema.door}/me`, 'name="knock"'))).status).toBe(200)
    const redeemed = JSON.parse((await ask('redeem', { token: '', secret: Secret })).body) as { User: { Id: string } }
    expect(redeemed.User.Id).toBe(kim.id)
  })
})
