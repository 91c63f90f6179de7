import {
  type Connection,
  callService,
  createConnection,
  createLongLivedTokenAuth,
  ERR_CANNOT_CONNECT,
  ERR_INVALID_AUTH,
  type HassEntities,
  subscribeEntities,
} from 'home-assistant-js-websocket'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { homePort, useFurnishedHome } from '../support/furnished-home.ts'
import { openCommands, postJson, refresh, signIn, type Way, wayTo } from '../support/home-assistant-client.ts'
import { people } from '../support/home-assistant-people.ts'
import { useHouse } from '../support/house.ts'
import { letTelevisionIn } from '../support/let-in.ts'
import { needPart } from '../support/parts.ts'
import type { Person } from '../support/person.ts'
import { signOutFirst } from '../support/phone.ts'

// Home Assistant's own client code, which its frontend, its cards and many scripts are built on, through the gate.

useFurnishedHome()
const house = useHouse({ homePort })
afterEach(() => vi.unstubAllGlobals())

describe.skipIf(needPart('home-assistant') === undefined)("Home Assistant's own client", () => {
  /** A screen that is let in: its way through the gate, and the phone that did it. */
  async function enter(): Promise<{ way: Way; phone: Person }> {
    const { tv, phone } = await letTelevisionIn({ cinema: house.home })
    return { way: wayTo(house.home, { cookie: tv.browser.cookies('home.localhost') }), phone }
  }

  /** Has the client open its WebSockets on this way, as the browser would. */
  function walk(way: Way): void {
    vi.stubGlobal(
      'WebSocket',
      class extends WebSocket {
        constructor(url: string) {
          super(url, way.socket)
        }
      },
    )
  }

  async function connect(way: Way, token: string): Promise<Connection> {
    walk(way)
    const connection = await createConnection({ auth: createLongLivedTokenAuth(way.origin, token) })
    onTestFinished(() => connection.close())
    return connection
  }

  const next = (connection: Connection, event: 'ready' | 'disconnected') =>
    new Promise<void>((resolve) => connection.addEventListener(event, () => resolve()))

  test('switches a lamp and hears of it', async () => {
    const { way } = await enter()
    const connection = await connect(way, (await signIn(way, people.anna)).access_token)
    const isOn = Promise.withResolvers<void>()
    subscribeEntities(connection, (all: HassEntities) => {
      if (all['input_boolean.lamp']?.state === 'on') isOn.resolve()
    })
    await callService(connection, 'input_boolean', 'turn_on', {}, { entity_id: 'input_boolean.lamp' })
    await isOn.promise
    await callService(connection, 'input_boolean', 'turn_off', {}, { entity_id: 'input_boolean.lamp' })
  })

  test('is cut off when the screen is signed out, cannot come back, and does so by itself after the next sign-in', async () => {
    const { way, phone } = await enter()
    const { access_token } = await signIn(way, people.anna)
    const connection = await connect(way, access_token)
    const cutOff = next(connection, 'disconnected')
    await signOutFirst(house.door, phone)
    await cutOff
    const auth = createLongLivedTokenAuth(way.origin, access_token)
    await expect(createConnection({ auth, setupRetry: 0 })).rejects.toBe(ERR_CANNOT_CONNECT)
    const back = next(connection, 'ready')
    walk((await enter()).way)
    await back
    expect(connection.connected).toBe(true)
  })

  test("hears Home Assistant's own no about a token that is none", async () => {
    const { way } = await enter()
    await expect(connect(way, 'no token')).rejects.toBe(ERR_INVALID_AUTH)
  })

  test("brings its token in the header that Home Assistant wants, and is nobody without the gate's session", async () => {
    const { way } = await enter()
    const { access_token } = await signIn(way, people.ben)
    const headers = { authorization: `Bearer ${access_token}` }
    const inside = await way.send('/api/', { headers })
    expect(await inside.json()).toEqual({ message: 'API running.' })
    const outside = wayTo(house.home)
    expect((await outside.send('/api/', { headers })).status).toBe(401)
    await expect(openCommands(outside, access_token)).rejects.toThrow('401')
    await expect(signIn(outside, people.ben)).rejects.toThrow('401')
    await expect(postJson(outside, '/api/webhook/0123', {})).rejects.toThrow('401')
  })

  test('renews its token, lists its sessions, and ends one', async () => {
    const { way } = await enter()
    const mine = await signIn(way, people.ben)
    const renewed = await refresh(way, mine.refresh_token)
    const commands = await openCommands(way, renewed.access_token)
    const sessions = await commands.ask<{ is_current: boolean; client_id: string }[]>('auth/refresh_tokens')
    expect(sessions.filter(({ is_current }) => is_current).map(({ client_id }) => client_id)).toEqual([
      `${house.home}/`,
    ])
    const form = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } }
    await way.send('/auth/revoke', { ...form, body: `token=${mine.refresh_token}` })
    await commands.closed
    await expect(refresh(way, mine.refresh_token)).rejects.toThrow('invalid_grant')
    await expect(postJson(way, '/api/states/input_text.x', { state: 'x' }, renewed.access_token)).rejects.toThrow('401')
  })
})
