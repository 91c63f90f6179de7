import { beforeEach, describe, expect, test } from 'vitest'
import { MINUTE, SECOND } from '../../src/lib/clock.ts'
import type { Knock } from '../../src/recipes/recipe.ts'
import type { FoundSession } from '../../src/sessions/sessions.ts'
import { createFakeClock } from '../support/clock.ts'
import { signInOnDesktop } from '../support/desktop.ts'
import { approveWithKey } from '../support/jellyfin/administrator.ts'
import { withToken } from '../support/jellyfin/alone.ts'
import { ask } from '../support/jellyfin/ask.ts'
import { enter, letInside } from '../support/jellyfin/enter.ts'
import { idOf, useSignedInHouse } from '../support/jellyfin/house.ts'
import {
  type Known,
  type NativeCall,
  type NativeClient,
  type NativeRequest,
  nativeClients,
  requestsOf,
} from '../support/jellyfin/native-clients.ts'
import { nativeText } from '../support/jellyfin/native-text.ts'
import { filmId } from '../support/jellyfin/server/media-routes.ts'
import { openRaw, parseResponse as parse, type parseResponse, sendRaw } from '../support/raw.ts'
import { sampleSession } from '../support/sample-session.ts'

// Native apps without a browser, from their recorded requests: they show a code, somebody lets them in from a phone, and
// they hold what can be ended there.

const clock = createFakeClock(Date.now())
const users = { 'robin@home.example': 'Robin' }
const { house, jellyfin, made } = useSignedInHouse({ users }, { clock }, { clock, trustLoopback: true })
// The provider lives in real time; for it, too, people sign in now.
beforeEach(() => house.issuer.setOption('signedInSecondsAgo', Math.floor((Date.now() - clock.now()) / SECOND)))
const nobody: Known = { token: '', secret: '' }
const home = '192.168.7.20'
const phone = { address: '192.168.7.99', certain: true, via: '127.0.0.1' }

const robin = () => ({ issuer: house.issuer.issuer, sub: 'robin', name: 'Robin', email: 'robin@home.example' })
const by = (): FoundSession => ({
  key: 'phone',
  session: { ...sampleSession('x'), kind: 'door', approvedBy: robin(), actsAs: robin() },
})

function knocks() {
  const { knocks: found } = made().recipe
  if (found === undefined) throw new Error('there are no knocks')
  return found
}

async function linkOf(name = 'Robin', person = robin()) {
  const link = { userId: idOf(jellyfin(), name), name, how: 'proved' as const }
  const linked = await made().parts.links.make('cinema', person, link)
  if (linked === 'taken') throw new Error('taken')
  return linked
}

/** Over a connection of its own, from an address at home. */
async function send(request: NativeRequest, from = home): Promise<ReturnType<typeof parseResponse>> {
  const text = nativeText(request, new URL(house.cinema).host, [`x-forwarded-for: ${from}`])
  if (request.what !== 'socket') return sendRaw(house.port, text)
  const connection = await openRaw(house.port)
  connection.write(text)
  const head = await connection.until((received) => received.includes('\r\n\r\n'))
  connection.socket.destroy()
  return parse(head)
}

function pick(client: NativeClient, what: NativeCall, known: Known): NativeRequest {
  const found = requestsOf(client, known).find((request) => request.what === what)
  if (found === undefined) throw new Error(`${client.name} has no ${what}`)
  return found
}

async function begin(client: NativeClient, from = home): Promise<{ Code: string; Secret: string }> {
  const answer = await send(pick(client, 'begin', nobody), from)
  if (answer.status !== 200) throw new Error(`not begun: ${answer.status}`)
  return JSON.parse(answer.body) as { Code: string; Secret: string }
}

const redeem = (client: NativeClient, secret: string) => send(pick(client, 'redeem', { token: '', secret }))

async function letIn(client: NativeClient): Promise<Known> {
  const { Code, Secret } = await begin(client)
  const knock = (await knocks().byCode(Code)) as Knock
  expect(await knocks().letIn(knock, await linkOf(), by())).toBe('let-in')
  const redeemed = await redeem(client, Secret)
  return { token: (JSON.parse(redeemed.body) as { AccessToken: string }).AccessToken, secret: Secret }
}

const sessionOf = async (token: string) => (await made().parts.inside.markOf('cinema', token)) ?? ''
const first = nativeClients[0] as NativeClient

describe.each(nativeClients)('$name', (client) => {
  test('finds the server, knocks, is let in by one press, and spends its evening', async () => {
    for (const what of ['find', 'enabled'] as const) expect((await send(pick(client, what, nobody))).status).toBe(200)
    const { Code, Secret } = await begin(client)
    const listed = await knocks().near(phone)
    const knock = listed.find(({ code }) => code === Code)
    expect(knock).toMatchObject({ code: Code, device: client.device })
    expect(await knocks().letIn(knock as Knock, await linkOf(), by())).toBe('let-in')
    expect(await knocks().near(phone)).not.toContainEqual(knock)

    const look = await send(pick(client, 'look', { token: '', secret: Secret }))
    expect(JSON.parse(look.body)).toMatchObject({ Authenticated: true })
    const { AccessToken: token } = JSON.parse((await redeem(client, Secret)).body) as { AccessToken: string }
    const got: Partial<Record<NativeCall, number>> = {}
    for (const request of requestsOf(client, { token, secret: Secret }))
      got[request.what] = (await send(request)).status
    // Pictures carry no token, and are lent by address only where the operator says so.
    expect(got).toMatchObject({ me: 200, library: 200, film: 200, report: 204, socket: 101, picture: 401 })

    const found = await made().parts.sessions.findUnder(await sessionOf(token))
    expect(found?.session).toMatchObject({
      kind: 'native',
      app: 'cinema',
      approvedBy: { sub: 'robin' },
      device: { name: client.device },
    })
  })
})

test('a native device that was signed out stays out, and so does its token', async () => {
  const { token, secret } = await letIn(first)
  expect((await send(pick(first, 'me', { token, secret }))).status).toBe(200)
  await made().parts.sessions.end(await sessionOf(token), 'revoked')
  await expect.poll(() => jellyfin().state.devices.find(token)).toBeUndefined()
  // Even where Jellyfin would still take it.
  jellyfin()
    .state.devices.all()
    .push({ token, userId: idOf(jellyfin(), 'Robin'), deviceId: 'x', name: '', app: '', version: '', lastActivity: 0 })
  for (const what of ['me', 'film', 'socket', 'library'] as const)
    expect([what, (await send(pick(first, what, { token, secret }))).status]).toEqual([what, 401])
  // What it needs to knock again is open all the same, whatever old token it sends along.
  for (const what of ['find', 'enabled', 'begin'] as const)
    expect([
      what,
      (
        await send({
          ...pick(first, what, nobody),
          headers: { ...pick(first, what, nobody).headers, ...first.says(token) },
        })
      ).status,
    ]).toEqual([what, 200])
  jellyfin().state.devices.end((device) => device.token === token)
})

test('its own sign-out is one here', async () => {
  const { token } = await letIn(first)
  const key = await sessionOf(token)
  const out = await ask('POST', `${house.cinema}/Sessions/Logout`, { headers: withToken(token) })
  expect(out.status).toBe(204)
  await expect.poll(() => made().parts.sessions.findUnder(key)).toBeUndefined()
})

test('let in again, a device has one session', async () => {
  const old = await letIn(first)
  const key = await sessionOf(old.token)
  const { token } = await letIn(first)
  expect(token).not.toBe(old.token)
  expect(await made().parts.sessions.findUnder(key)).toBeUndefined()
  await clock.advance(MINUTE)
  expect(jellyfin().state.devices.find(token)).toBeDefined()
  expect((await send(pick(first, 'me', { token, secret: '' }))).status).toBe(200)
})

test('a knock is listed to the same network alone, and found from elsewhere by its digits', async () => {
  const { Code } = await begin(first)
  const lists = async (place: Parameters<ReturnType<typeof knocks>['near']>[0]) =>
    (await knocks().near(place)).some(({ code }) => code === Code)
  expect(await lists(phone)).toBe(true)
  expect(await lists({ ...phone, address: '192.168.8.99' })).toBe(false)
  expect(await lists({ ...phone, via: '10.0.0.1' })).toBe(false)
  expect(await lists({ ...phone, certain: false })).toBe(false)
  expect(await lists({ ...phone, disputed: true })).toBe(false)
  expect(await lists({ address: '203.0.113.5', certain: true })).toBe(false)
  expect(await knocks().byCode(Code)).toMatchObject({ code: Code, client: 'Jellyfin Android TV' })
  expect(await knocks().byCode('000000')).toBeUndefined()
  await clock.advance(10 * MINUTE)
  expect([await lists(phone), await knocks().byCode(Code)]).toEqual([false, undefined])
})

test('a network has three knocks open, and the oldest gives way', async () => {
  const codes: string[] = []
  for (let n = 0; n < 4; n++) codes.push((await begin(first)).Code)
  expect((await knocks().near(phone)).map(({ code }) => code)).toEqual(codes.slice(1))
  expect(await knocks().byCode(codes[0] ?? '')).toBeUndefined()
  expect(await knocks().byCode(codes[1] ?? '')).toBeDefined()
})

test('another device that has come to show the same digits is not let in', async () => {
  const knock = (await knocks().byCode((await begin(first)).Code)) as Knock
  expect(await knocks().letIn({ ...knock, askedAt: knock.askedAt - 1 }, await linkOf(), by())).toBe('ended')
  expect(jellyfin().asked.at(-1)?.target).not.toContain('Authorize')
})

test('nobody lets a device in as an account that administers Jellyfin, or as one that is switched off', async () => {
  const admin = { ...robin(), sub: 'the-first-to-try' }
  const knock = (await knocks().byCode((await begin(first)).Code)) as Knock
  expect(await knocks().letIn(knock, await linkOf('admin', admin), by())).toBe('refused')
  const { policy } = jellyfin().state.users.named('Robin') as { policy: { IsDisabled: boolean } }
  policy.IsDisabled = true
  expect(await knocks().letIn(knock, await linkOf(), by())).toBe('refused')
  policy.IsDisabled = false
  expect(await knocks().letIn(knock, await linkOf(), by())).toBe('let-in')
  expect(await knocks().letIn(knock, await linkOf(), by())).toBe('ended')
})

test('what somebody approves inside Jellyfin is let in too, if its user is somebody here', async () => {
  await linkOf()
  const { Code, Secret } = await begin(first)
  await approveWithKey(jellyfin(), Code, 'Robin')
  const { AccessToken } = JSON.parse((await redeem(first, Secret)).body) as { AccessToken: string }
  expect((await send(pick(first, 'me', { token: AccessToken, secret: '' }))).status).toBe(200)
  jellyfin().state.users.create('Neighbour', 'x')
  const other = await begin(first)
  await approveWithKey(jellyfin(), other.Code, 'Neighbour')
  const refused = await redeem(first, other.Secret)
  expect([refused.status, refused.body.includes('AccessToken')]).toEqual([403, false])
  expect(
    jellyfin()
      .state.devices.all()
      .filter(({ userId }) => userId === idOf(jellyfin(), 'Neighbour')),
  ).toEqual([])
})

test('a device of before the gate comes in with its token, for the person whom its user is', async () => {
  await linkOf()
  const says = 'MediaBrowser Client="Findroid", Device="Old phone", DeviceId="of-before", Version="1"'
  const begun = await ask('POST', `${jellyfin().origin}/QuickConnect/Initiate`, { headers: { authorization: says } })
  const { Code, Secret } = begun.json<{ Code: string; Secret: string }>()
  await approveWithKey(jellyfin(), Code, 'Robin')
  const redeemed = await ask('POST', `${jellyfin().origin}/Users/AuthenticateWithQuickConnect`, { body: { Secret } })
  const { AccessToken } = redeemed.json<{ AccessToken: string }>()
  const headers = { authorization: `${says}, Token="${AccessToken}"` }
  const all = await Promise.all([1, 2, 3, 4].map(() => ask('GET', `${house.cinema}/Users/Me`, { headers })))
  expect(all.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  const found = await made().parts.sessions.findUnder(await sessionOf(AccessToken))
  expect(found?.session).toMatchObject({
    kind: 'native',
    device: { name: 'Old phone', kind: 'phone' },
    approvedBy: { sub: 'robin' },
  })
})

test('whoever begins without end is slowed down, from one network and not from others', async () => {
  await clock.advance(10 * MINUTE)
  const one = pick(first, 'begin', nobody)
  let refused = 0
  for (let n = 0; n < 30; n++) if ((await send(one, '198.51.100.7')).status === 429) refused++
  expect(refused).toBe(10)
  expect((await send(one, home)).status).toBe(200)
})

test('streams, which Jellyfin itself gives to everybody, need a token here', async () => {
  for (const target of [
    `/Videos/${filmId}/stream`,
    `/emby/Videos/${filmId}/stream.mp4`,
    `/Audio/${filmId}/stream`,
    `/Videos/${filmId}/hls/a/0.ts`,
  ])
    expect([target, (await ask('GET', house.cinema + target)).status]).toEqual([target, 401])
})

test('neither a screen nor a native app lets another device in', async () => {
  const { token } = await letIn(first)
  const screen = await letInside(house)
  const desk = await signInOnDesktop(house, house.cinema, '/web/')
  const browser = await enter(house, desk.browser, { _deviceId2: 'desk' })
  const approve = async (code: string, headers: Record<string, string>) =>
    (await ask('POST', `${house.cinema}/QuickConnect/Authorize?code=${code}`, { headers })).status
  const { Code } = await begin(nativeClients[1] as NativeClient)
  expect(await approve(Code, withToken(token))).toBe(403)
  expect(await approve(Code, { ...screen.headers, cookie: screen.cookie })).toBe(403)
  // What the gateway has begun itself lets nobody in: it shows who somebody is.
  const proof = await made().recipe.people?.begin?.()
  expect(await approve(`${proof?.digits}&code=${Code}`, withToken(token))).toBe(403)
  expect(await approve(proof?.digits ?? '', withToken(token))).toBe(200)
  expect(await made().recipe.people?.prove('code', { handle: proof?.handle ?? '' }, phone)).toMatchObject({
    name: 'Robin',
  })
  expect(await approve(Code, { ...browser.headers, cookie: browser.cookie })).toBe(200)
})
