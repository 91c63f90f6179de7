import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { letTelevisionIn } from '../support/let-in.ts'
import { needPart } from '../support/parts.ts'
import { createPerson } from '../support/person.ts'
import { createPhone, pressYes, scan, signOutFirst } from '../support/phone.ts'
import { freePort } from '../support/ports.ts'
import { REDIS_PASSWORD, type Replicas, useReplicas } from '../support/replicas.ts'
import { openSocket } from '../support/socket.ts'
import { openOnTelevision } from '../support/television.ts'

const [A, B, C] = [0, 1, 2]

/** The cookies in these answers that open a session. */
const sessionsIn = (answers: Response[]) =>
  new Set(
    answers
      .flatMap((answer) => answer.headers.getSetCookie())
      .filter((line) => /=[A-Za-z0-9_-]{43};/.test(line))
      .map((line) => line.split(';')[0]),
  )

/** How long a socket on gateway B outlives the press on "Sign out" at gateway A, in milliseconds. */
async function timeToCut(replicas: Replicas): Promise<number> {
  replicas.use()
  const { tv, phone } = await letTelevisionIn(replicas, { person: 'Sam' })
  replicas.use(B)
  const socket = await openSocket(tv.browser, replicas.cinema)
  const closed = once(socket, 'close')
  const began = performance.now()
  replicas.use(A)
  await signOutFirst(replicas.door, phone)
  await closed
  const ms = performance.now() - began
  for (const gateway of [A, B, C]) {
    replicas.use(gateway)
    expect((await tv.browser.go(`${replicas.cinema}/`)).status).toBe(401)
  }
  return ms
}

describe.skipIf(needPart('redis') === undefined)('three gateways on one Redis', () => {
  const replicas = useReplicas()

  test('a login begun on one, polled on the second, approved through the third, collected anywhere', async () => {
    replicas.use(A)
    const tv = await openOnTelevision(replicas)
    replicas.use(B)
    const [first] = [tv.wait(), await replicas.taken()]
    replicas.use(C)
    const phone = createPhone()
    const page = await scan(phone, tv.link)
    expect((await first).state).toBe('opened')
    replicas.use(B)
    const [second] = [tv.wait(), await replicas.taken()]
    replicas.use(C)
    expect((await pressYes(phone, page)).status).toBe(200)
    expect((await second).state).toBe('go')
    replicas.use()
    const answers = await Promise.all(Array.from({ length: 50 }, () => tv.browser.go(new URL('collect', tv.page))))
    expect(sessionsIn(answers).size).toBe(1)
    for (const gateway of [A, B, C]) {
      replicas.use(gateway)
      expect((await tv.browser.go(`${replicas.cinema}/`)).status).toBe(200)
    }
  })

  test('K12: signing out on one cuts the socket on another within 5 seconds', async () => {
    const ms = await timeToCut(replicas)
    console.log(`socket on another gateway closed ${ms.toFixed(0)} ms after the press`)
    expect(ms).toBeLessThan(5000)
  })

  test('signed in under key 1, and a login begun under it: both go on when key 2 seals and 1 only opens', async () => {
    replicas.use()
    const { tv, phone } = await letTelevisionIn(replicas)
    const listed = async () => (await (await phone.go(`${replicas.door}/me`)).text()).match(/name="ref"/g)?.length
    const before = (await listed()) ?? 0
    const waiting = await openOnTelevision(replicas)
    expect(await replicas.stop()).toEqual([0, 0, 0])
    await replicas.startAll({ 1: 1, 2: 2 })
    expect((await tv.browser.go(`${replicas.cinema}/`)).status).toBe(200)
    expect((await pressYes(phone, await scan(phone, waiting.link))).status).toBe(200)
    expect(sessionsIn([await waiting.collect()]).size).toBe(1)
    expect((await waiting.browser.go(`${replicas.cinema}/`)).status).toBe(200)

    const keys = await replicas.redis.admin.keys('entryphone:session/*')
    const versions = (await replicas.redis.admin.mget(keys)).map((value) => /ep\d+\./.exec(value ?? '')?.[0])
    expect(new Set(versions)).toEqual(new Set(['ep1.', 'ep2.']))
    expect(await listed()).toBe(before + 1)
  })

  test('N5: without its Redis a gateway lets nobody in and says so at once; with it everybody is back', async () => {
    replicas.use()
    const { tv } = await letTelevisionIn(replicas)
    const open = () => tv.browser.go(`${replicas.cinema}/`)
    await replicas.redis.kill()
    // What was read a moment ago may be believed for two seconds.
    const statuses: number[] = []
    const began = performance.now()
    while (statuses.at(-1) !== 503 && performance.now() - began < 4000) statuses.push((await open()).status)
    expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([])
    expect(statuses.at(-1)).toBe(503)
    const asked = performance.now()
    for (let i = 0; i < 20; i++) expect((await open()).status).toBe(503)
    expect(performance.now() - asked).toBeLessThan(2000)
    expect((await createPerson().go(`${replicas.cinema}/`)).status).toBe(401)

    await replicas.redis.start()
    const back = performance.now()
    // Each gateway finds it again by itself, and they are asked by turns.
    for (let inARow = 0; inARow < 6; ) {
      inARow = (await open()).status === 200 ? inARow + 1 : 0
      expect(performance.now() - back).toBeLessThan(8000)
    }
  })

  test('told to stop while its Redis is gone, a gateway stops', async () => {
    replicas.use()
    await letTelevisionIn(replicas)
    await replicas.redis.kill()
    expect(await replicas.stop()).toEqual([0, 0, 0])
    const failed = await replicas.start({ listen: `127.0.0.1:${await freePort()}` }).catch((error: Error) => error)
    expect(String(failed)).toMatch(/Redis at 127\.0\.0\.1:\d+ cannot be reached: connect ECONNREFUSED/)
    await replicas.redis.start()
    await replicas.startAll({ 1: 1, 2: 2 })
  })

  test('a start that fails after the store was opened ends all the same', async () => {
    const taken = replicas.start({ listen: new URL(replicas.cinema).host.replace('cinema.localhost', '127.0.0.1') })
    await expect(taken).rejects.toThrow('Cannot listen on')
    const port = await freePort()
    // A file that is there, and holds no keys.
    const keyless = replicas.start({ listen: `127.0.0.1:${port}`, key_file: `gateway-127-0-0-1-${port}.yaml` })
    await expect(keyless).rejects.toThrow('chmod 600')
  })

  test('L1: the password of the store stands in no log', () => {
    expect(replicas.log()).toContain('"event":"store_lost"')
    expect(replicas.log()).not.toContain(REDIS_PASSWORD)
  })
})

describe.skipIf(needPart('redis') === undefined)('three gateways on a Redis without publish and subscribe', () => {
  const replicas = useReplicas({ rights: ['-@pubsub'] })

  test('K12: signing out on one cuts the socket on another within 5 seconds, without publish and subscribe', async () => {
    const ms = await timeToCut(replicas)
    console.log(`socket on another gateway closed ${ms.toFixed(0)} ms after the press, by the feed alone`)
    expect(ms).toBeLessThan(5000)
  })
})
