import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { type Clock, systemClock } from '../../../src/lib/clock.ts'
import type { Store } from '../../../src/store/contract.ts'
import { createKeyring } from '../../../src/store/keyring.ts'
import { loadMasterKeys } from '../../../src/store/keys.ts'
import { createMemoryStore } from '../../../src/store/memory.ts'
import { createRecords } from '../../../src/store/records.ts'
import { useHouse } from '../../support/house.ts'
import { letTelevisionIn } from '../../support/let-in.ts'
import { createPhone, openForm, pressYes, scan } from '../../support/phone.ts'
import { openOnTelevision } from '../../support/television.ts'

let later = 0
beforeEach(() => {
  later = 0
})
const clock: Clock = { now: () => systemClock.now() + later, after: systemClock.after }
const memory = createMemoryStore(clock)
const keys: string[] = []
const store: Store = {
  ...memory,
  create(key, ...rest) {
    keys.push(key)
    return memory.create(key, ...rest)
  },
}
const house = useHouse({ store, clock, trustLoopback: true })

type Kept = Record<string, unknown>

/** The record that was made last in a drawer, and how to write another version's in its place. */
async function lastOf(drawer: string): Promise<{ value: Kept; write(value: unknown): Promise<void> }> {
  const keyring = createKeyring(loadMasterKeys(join(house.dataDir, 'key'), { create: false }))
  const records = createRecords<unknown>(store, keyring, drawer)
  const id = keys.findLast((key) => key.startsWith(`${drawer}/`))?.slice(drawer.length + 1) ?? ''
  const held = await records.get(id)
  return {
    value: held?.value as Kept,
    async write(value) {
      const now = await records.get(id)
      if (now === undefined || !(await records.swap(now, value))) throw new Error('not written')
      // Past what is remembered of it.
      later += 3000
    },
  }
}

/** The record as other versions might have written it: each member missing or of another kind. */
function otherwise(value: Kept): [name: string, value: Kept][] {
  const others = [undefined, null, 7, 'x', {}, [], [7], { kind: 'later', step: 'later', at: 0 }]
  return Object.keys(value).flatMap((name) =>
    others.map((other): [string, Kept] => [`${name}: ${JSON.stringify(other)}`, { ...value, [name]: other }]),
  )
}

test('N12: a session that another version wrote opens nothing that it should not, locks nobody out, and breaks no list', async () => {
  const { tv, phone } = await letTelevisionIn(house)
  const open = async () => (await tv.browser.go(`${house.cinema}/`)).status
  const { value, write } = await lastOf('session')
  await write({ ...value, addedLater: { deep: [1] } })
  expect(await open()).toBe(200)

  const opened: string[] = []
  for (const [name, other] of otherwise(value)) {
    await write(other)
    const status = await open()
    expect([name, [200, 401].includes(status)]).toEqual([name, true])
    if (status === 200) opened.push(name)
    // The person still has a list.
    expect([name, (await phone.go(`${house.door}/me`)).status]).toEqual([name, 200])
    await write(value)
    expect([name, await open()]).toEqual([name, 200])
  }
  // Only what says nothing about whom it lets in, where to, and until when.
  expect(
    opened.filter((name) => !/^(ref|createdAt|authTime|lastSeenAt|idleMs|absoluteUntil): (7|"x")$/.test(name)),
  ).toEqual([])
})

test('N12: what a newer version added stays when this one writes', async () => {
  const { tv } = await letTelevisionIn(house)
  const { value, write } = await lastOf('session')
  await write({ ...value, addedLater: 'kept' })
  later += 60_000
  expect((await tv.browser.go(`${house.cinema}/`)).status).toBe(200)
  await house.restart()
  const after = (await lastOf('session')).value
  expect([after['addedLater'], Number(after['lastSeenAt']) > Number(value['lastSeenAt'])]).toEqual(['kept', true])
})

test('N12: a login that another version wrote is over: nobody is in by it, and the screen gets a new code', async () => {
  const tv = await openOnTelevision(house)
  const phone = createPhone()
  await pressYes(phone, await scan(phone, tv.link))
  const { value, write } = await lastOf('login')
  // The jar of a television that was let in by one of them does not matter for the next.
  const headers = { cookie: tv.browser.cookies('cinema.localhost') }
  for (const [name, other] of otherwise(value)) {
    await write(other)
    const collected = await tv.browser.go(new URL('collect', tv.page), undefined, headers)
    const inside = collected.headers
      .getSetCookie()
      .some((line) => /^entryphone-[0-9a-f]{8}=[A-Za-z0-9_-]{43};/.test(line))
    expect([name, collected.status < 500]).toEqual([name, true])
    expect([name, inside && !/^(startedAt|waitingSince|target|keyVersion)/.test(name)]).toEqual([name, false])
    if (inside) continue
    expect([name, (await tv.browser.go(`${house.cinema}/`, undefined, headers)).status]).toEqual([name, 401])
    expect([name, (await phone.go(tv.link)).status < 500]).toEqual([name, true])
    expect([name, (await tv.browser.go(tv.page, undefined, headers)).status < 500]).toEqual([name, true])
  }
})

test('N12: a list of sessions that another version kept otherwise begins anew', async () => {
  const { phone } = await letTelevisionIn(house, { person: 'Sam' })
  const { write } = await lastOf('person')
  for (const other of [null, {}, 'x', 7, [null], [{ id: 7 }], [{}]]) {
    await write(other)
    expect([other, (await phone.go(`${house.door}/me`)).status]).toEqual([other, 200])
    await letTelevisionIn(house, { person: 'Sam' })
    const me = await openForm(phone, `${house.door}/me`)
    expect([other, me.html.match(/name="ref"/g)?.length]).toEqual([other, expect.any(Number)])
  }
})
