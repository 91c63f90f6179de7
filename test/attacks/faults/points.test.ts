import { ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { systemClock } from '../../../src/lib/clock.ts'
import type { Store } from '../../../src/store/contract.ts'
import { createMemoryStore } from '../../../src/store/memory.ts'
import { createDesktop, signInOnDesktop } from '../../support/desktop.ts'
import { useHouse } from '../../support/house.ts'
import { createPerson, type Person } from '../../support/person.ts'
import { createPhone, openForm, pressYes, signInAtProvider } from '../../support/phone.ts'
import { LG_TV, linkIn } from '../../support/television.ts'

type Run = (...args: unknown[]) => unknown

/** Every function of a part is a point: it is counted, and throws, or rejects where it would, when it is its turn. */
const faults = vi.hoisted(() => {
  const seen = new Set<string>()
  const plan = { failing: '', from: 0, calls: 0 }
  const due = (name: string) => {
    seen.add(name)
    if (plan.failing !== name) return
    plan.calls += 1
    if (plan.calls > plan.from) throw new Error('the secret of a fault')
  }
  const each = <T extends object>(part: string, of: T, wrap: (name: string, run: Run) => Run): T =>
    Object.fromEntries(
      Object.entries(of).map(([key, value]) => [
        key,
        typeof value === 'function' ? wrap(`${part}.${key}`, value) : value,
      ]),
    ) as T
  return {
    seen,
    plan,
    sync: <T extends object>(part: string, of: T): T =>
      each(part, of, (name, run) => (...args: unknown[]) => {
        due(name)
        return run(...args)
      }),
    async: <T extends object>(part: string, of: T): T =>
      each(part, of, (name, run) => async (...args: unknown[]) => {
        due(name)
        return run(...args)
      }),
  }
})

vi.mock('../../../src/pages/approve.ts', async (original) => faults.sync('page', await original<object>()))
vi.mock('../../../src/pages/challenge.ts', async (original) => faults.sync('page', await original<object>()))
vi.mock('../../../src/pages/code-entry.ts', async (original) => faults.sync('page', await original<object>()))
vi.mock('../../../src/pages/language.ts', async (original) => faults.sync('page', await original<object>()))
vi.mock('../../../src/pages/me.ts', async (original) => faults.sync('page', await original<object>()))
vi.mock('../../../src/pages/message.ts', async (original) => faults.sync('page', await original<object>()))
vi.mock('../../../src/pages/qr.ts', async (original) => faults.sync('page', await original<object>()))
vi.mock('../../../src/pages/screen.ts', async (original) => faults.sync('page', await original<object>()))
vi.mock('../../../src/screens/classify.ts', async (original) => faults.sync('screens', await original<object>()))
vi.mock('../../../src/store/keyring.ts', async (original) => {
  const { createKeyring } = await original<typeof import('../../../src/store/keyring.ts')>()
  return {
    createKeyring: (...args: Parameters<typeof createKeyring>) => faults.sync('keyring', createKeyring(...args)),
  }
})
vi.mock('../../../src/provider/openid.ts', async (original) => {
  const { createOpenIdProvider } = await original<typeof import('../../../src/provider/openid.ts')>()
  return {
    createOpenIdProvider: (...args: Parameters<typeof createOpenIdProvider>) =>
      faults.async('provider', createOpenIdProvider(...args)),
  }
})

function createStore(): Store {
  const memory = createMemoryStore(systemClock)
  const { feed, close } = memory
  return { ...faults.async('store', memory), feed: faults.async('feed', feed), close }
}

const house = useHouse({ store: createStore(), trustLoopback: true })
const unhandled: unknown[] = []
const note = (error: unknown) => unhandled.push(error)
let sent = ''
const restore: (() => void)[] = []
beforeAll(() => {
  process.on('unhandledRejection', note)
  house.issuer.setOption(
    'people',
    Array.from({ length: 200 }, (_, i) => ({ id: `p${i}`, name: `Person ${i}.`, email: `p${i}@home.example` })),
  )
  // Whatever leaves this process, the gateway's answers among it.
  for (const sender of [ServerResponse.prototype, Socket.prototype]) {
    for (const how of ['write', 'end'] as const) {
      const original = Reflect.get(sender, how) as Run
      const noting: Run = function (this: unknown, ...args) {
        sent += typeof args[0] === 'string' || Buffer.isBuffer(args[0]) ? String(args[0]) : ''
        return original.apply(this, args)
      }
      Reflect.set(sender, how, noting)
      restore.push(() => void Reflect.set(sender, how, original))
    }
  }
})
afterAll(() => {
  for (const put of restore) put()
  process.off('unhandledRejection', note)
})

/** Who is there while a day goes by, and what they may: whoever is not `in` must get nothing. */
type Day = { tv: Person | undefined; in: boolean }

/** A television is let in by a typed code, a browser signs in, and the television is signed out from the phone. */
async function liveADay(day: Day, run: number): Promise<void> {
  const from = { 'x-forwarded-for': `198.51.${run >> 8}.${run & 255}` }
  const tv = createPerson({ 'user-agent': LG_TV, ...from })
  day.tv = tv
  const challenge = await tv.go(`${house.cinema}/films/42`)
  const { url, response } = await tv.follow(new URL(linkIn(await challenge.text()), house.cinema), () => false)
  const html = (await response?.text()) ?? ''
  const code = /[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}/.exec(html)?.[0] ?? ''
  const picture = await tv.go(new URL(/<img[^>]*src="([^"]+)"/.exec(html)?.[1] ?? '', url))
  if (picture.status !== 200) throw new Error('no picture')

  const phone = createPhone()
  await signInAtProvider(phone, new URL(`${house.door}/me`), `Person ${run}.`)
  const entry = await openForm(phone, `${house.door}/d`, 'code')
  const found = await phone.go(entry.action, { ...entry.fields, code })
  const page = await openForm(phone, new URL(found.headers.get('location') ?? '', entry.url), 'decision')
  await pressYes(phone, page, { stay: 'tonight', here: 'yes' })
  day.in = true
  await tv.go(new URL('collect', url))
  if ((await tv.go(`${house.cinema}/`)).status !== 200) throw new Error('the television is not in')

  const { url: at } = await signInOnDesktop(house, house.library, '/', `Person ${run}.`, createDesktop())
  if (at.origin !== house.library) throw new Error('the browser is not in')
  const me = await openForm(phone, `${house.door}/me`, 'revoke-all')
  if ((await phone.go(me.action, me.fields)).status === 303) day.in = false
  await tv.go(`${house.cinema}/`)
  await tv.go(`${house.cinema}/.entryphone/auth/sign-out`)
}

test('N1: whichever renderer, sealer, store or provider call fails, nobody is in by it, nothing of the fault is told, and the next day is as ever', async () => {
  let run = 0
  async function judge(name: string): Promise<void> {
    faults.plan.failing = name
    faults.plan.calls = 0
    sent = ''
    const day: Day = { tv: undefined, in: false }
    await liveADay(day, run++).catch(() => undefined)
    const stranger = await createPerson({ 'user-agent': LG_TV })
      .go(`${house.cinema}/`)
      .catch(() => undefined)
    const television = day.in ? undefined : await day.tv?.go(`${house.cinema}/`).catch(() => undefined)
    faults.plan.failing = ''
    const statuses = [stranger?.status, television?.status].filter((status) => status !== undefined)
    expect([name, statuses.filter((status) => status < 400)]).toEqual([name, []])
    // Once it is over as well.
    if (!day.in && day.tv !== undefined)
      expect([name, (await day.tv.go(`${house.cinema}/`)).status]).toEqual([name, 401])
    expect([name, sent.includes('the secret of a fault')]).toEqual([name, false])
    expect([name, sent.length > 0]).toEqual([name, true])
  }

  await liveADay({ tv: undefined, in: false }, run++)
  const points = [...faults.seen]
  console.log(`${points.length} fault points: ${points.join(' ')}`)
  expect(points.length).toBeGreaterThan(20)
  for (const point of points) {
    for (faults.plan.from of [0, 2]) await judge(point)
  }
  await liveADay({ tv: undefined, in: false }, run++)
  expect(unhandled).toEqual([])
})
