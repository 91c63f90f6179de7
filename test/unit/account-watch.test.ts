import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLog } from '../../src/lib/log.ts'
import { watchAccounts } from '../../src/recipes/account-watch.ts'
import type { Holding } from '../../src/recipes/holdings.ts'
import type { AppUser, RecipePeople } from '../../src/recipes/recipe.ts'
import type { SessionKind } from '../../src/sessions/session.ts'
import { createFakeClock, type FakeClock } from '../support/clock.ts'
import { sampleSession } from '../support/sample-session.ts'

const MINUTE = 60_000

let clock: FakeClock
let users: AppUser[]
let questions: number
let down: boolean
/** By session: what it is, and what it holds. */
let held: Map<string, { kind: SessionKind; holding: Holding }>
let screenAdmin: boolean
let withdrawn: string[]
let ended: string[]
let stop: () => void

function hold(session: string, kind: SessionKind, ...userIds: (string | undefined)[]): void {
  const credentials = userIds.map((userId, i) => ({ secret: `${session} ${i}`, ...(userId && { userId }) }))
  held.set(session, { kind, holding: { app: 'movies', credentials, declined: false } })
}

const promote = (id: string) => {
  users = users.map((user) => (user.id === id ? { ...user, admin: true } : user))
}

beforeEach(() => {
  clock = createFakeClock()
  users = ['anna', 'ben'].map((id) => ({ id, name: id, admin: false, disabled: false }))
  ;[questions, down, held, screenAdmin, withdrawn, ended] = [0, false, new Map(), false, [], []]
  const people = {
    async all() {
      questions++
      if (down) throw new Error('down')
      return users
    },
  } as RecipePeople
  stop = watchAccounts({
    clock,
    log: silentLog,
    inside: {
      async *all() {
        for (const [session, { holding }] of held) yield [session, holding]
      },
      async withdraw(session, app, { secret }) {
        if (down) throw new Error('down')
        withdrawn.push(`${app} ${secret}`)
        held.delete(session)
      },
    },
    sessions: {
      async peek(key) {
        const found = held.get(key)
        return found && { key, session: { ...sampleSession('movies'), kind: found.kind } }
      },
      async end(key, reason) {
        ended.push(`${key} ${reason}`)
        held.delete(key)
        return 'kept'
      },
    },
    accounts: new Map([
      [
        'movies',
        {
          people,
          get rules() {
            return { users: {}, createUsers: false, screenAdmin }
          },
        },
      ],
    ]),
  })
})
afterEach(() => stop())

test('what a screen or a native device holds of an account that has come to administer the app is taken back', async () => {
  hold('tv', 'screen', 'anna', 'ben', undefined)
  hold('app', 'native', 'anna')
  hold('desk', 'browser', 'anna')
  hold('tablet', 'screen', 'ben')
  await clock.advance(10 * MINUTE)
  expect([withdrawn, ended]).toEqual([[], []])
  promote('anna')
  await clock.advance(2 * MINUTE)
  expect([withdrawn, ended]).toEqual([['movies tv 0'], ['app revoked']])
  expect([...held.keys()]).toEqual(['desk', 'tablet'])
})

test('an app is asked one thing every two minutes, however many screens there are, and nothing where none has anything', async () => {
  await clock.advance(10 * MINUTE)
  expect(questions).toBe(0)
  for (let i = 0; i < 50; i++) hold(`tv ${i}`, 'screen', i % 2 === 0 ? 'anna' : 'ben')
  await clock.advance(10 * MINUTE)
  expect(questions).toBe(5)
})

test('where screens may have any account, none is asked about', async () => {
  screenAdmin = true
  hold('tv', 'screen', 'anna')
  promote('anna')
  await clock.advance(10 * MINUTE)
  expect([questions, withdrawn]).toEqual([0, []])
})

test('an app that cannot be asked about its people is left alone for a while, and then asked again', async () => {
  hold('tv', 'screen', 'anna')
  promote('anna')
  down = true
  await clock.advance(10 * MINUTE)
  expect(questions).toBe(2)
  down = false
  await clock.advance(4 * MINUTE)
  expect(withdrawn).toEqual(['movies tv 0'])
})
