import { execFile } from 'node:child_process'
import { copyFileSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/lib/clock.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { openDataDir } from '../../../src/store/data-dir.ts'
import { createDesktop, signInOnDesktop } from '../../support/desktop.ts'
import { createFaultTraffic, type FaultTraffic } from '../../support/fault-traffic.ts'
import { startGatewayProcess } from '../../support/gateway-process.ts'
import { useHouse } from '../../support/house.ts'
import { letTelevisionIn } from '../../support/let-in.ts'
import { needPart } from '../../support/parts.ts'
import { createPerson, type Person } from '../../support/person.ts'
import { openForm } from '../../support/phone.ts'
import { freePort } from '../../support/ports.ts'
import { startRecorder } from '../../support/recorder.ts'
import { mountSmallDisk } from '../../support/small-disk.ts'
import { LG_TV, linkIn } from '../../support/television.ts'

const part = needPart('small-disk')
const disk = part === undefined ? undefined : mountSmallDisk()

describe.skipIf(disk === undefined)('a gateway on a disk of its own', async () => {
  const { dir, fill, makeRoom, setReadOnly, unmount } = disk as NonNullable<typeof disk>
  const database = join(dir, 'entryphone.sqlite')
  const key = join(dir, 'key')
  const recorder = await startRecorder()
  const house = useHouse({ process: true, dataDir: dir, libraryPort: Number(recorder.url.port) })
  let people: Person[] = []
  let traffic: FaultTraffic

  beforeAll(async () => {
    people = [createDesktop(), createDesktop(), createDesktop()]
    for (const browser of people) await signInOnDesktop(house, house.library, '/', 'Robin', browser)
    traffic = createFaultTraffic(house, recorder, people)
  })
  afterAll(async () => {
    await traffic.close()
    await recorder.close()
    unmount()
  })

  /** What `check` says of the house's config. */
  async function check(): Promise<string> {
    const main = resolve(import.meta.dirname, '../../../src/main.ts')
    const env = { ...process.env, CLIENT_SECRET: house.issuer.clientSecret }
    const { stderr } = await promisify(execFile)(process.execPath, [main, 'check', '--config', house.configFile], {
      env,
    })
    return stderr
  }

  const allIn = async () => Promise.all(people.map(async (one) => (await one.go(`${house.library}/`)).status))
  const logged = (event: string) => house.log().filter((line) => line.includes(`"event":"${event}"`))

  /** What a television gets that begins to sign in, which has to be written down. */
  async function begin(): Promise<number> {
    const tv = createPerson({ 'user-agent': LG_TV })
    const challenge = await tv.go(`${house.cinema}/`)
    expect(challenge.status).toBe(401)
    return (await tv.go(new URL(linkIn(await challenge.text()), house.cinema))).status
  }

  test('N8: on a full disk who is signed in notices nothing, who signs in is told, and an end that is not kept is said', async () => {
    const { tv, phone } = await letTelevisionIn(house)
    const mine = await openForm(phone, `${house.door}/me`, 'name="ref"')
    const losses = await traffic.count('full disk', async (more) => {
      fill()
      expect(await begin()).toBe(500)
      expect((await tv.browser.go(`${house.cinema}/`)).status).toBe(200)
      const ended = await phone.go(mine.action, mine.fields)
      expect(ended.status).toBe(503)
      expect(await ended.text()).toContain('Signed out for now, but not for good')
      expect((await tv.browser.go(`${house.cinema}/`)).status).toBe(401)
      await more(100)
      makeRoom()
    })
    expect(losses).toMatchObject({ lost: 0, unauthorised: 0 })
    await expect.poll(() => logged('store_lost')).toHaveLength(1)
    expect(JSON.parse(logged('store_lost')[0] ?? '')).toMatchObject({ level: 40, error: 'full', file: database })
    expect(logged('session_end_not_kept')).toHaveLength(1)
    expect(await begin()).toBe(303)
    await expect.poll(() => logged('store_back')).toHaveLength(1)
    // Told to stop, it keeps what it could not keep before.
    await house.restart()
    expect((await tv.browser.go(`${house.cinema}/`)).status).toBe(401)
    expect(await allIn()).toEqual([200, 200, 200])
  })

  test('N8: with a full disk it starts, and who is signed in is let in', async () => {
    fill()
    await house.stop()
    const started = await house.start().then(
      () => 'started',
      (error: Error) => error.message,
    )
    makeRoom()
    expect(started).toBe('started')
    expect(await allIn()).toEqual([200, 200, 200])
  })

  test('N8: a database that another program holds keeps nobody out who is signed in, and is used when it is free', async () => {
    const other = new DatabaseSync(database)
    const losses = await traffic.count('database held by another program', async (more) => {
      other.exec('BEGIN EXCLUSIVE')
      const waiting = begin()
      await more(50)
      other.exec('COMMIT')
      expect(await waiting).toBe(303)
    })
    other.close()
    expect(losses).toMatchObject({ lost: 0, unauthorised: 0 })
  })

  test('N8: on a read-only disk it does not start and says why; on a writable one everybody is back', async () => {
    const losses = await traffic.count('read-only disk at start', async () => {
      await house.stop()
      setReadOnly(true)
      await expect(house.start()).rejects.toThrow(/entryphone\.sqlite cannot be opened: .*read-only/i)
      setReadOnly(false)
      await house.start()
    })
    expect(losses.unauthorised).toBe(0)
    expect(Object.keys(losses.signedIn).sort()).toEqual(['200', 'none'])
    expect(await allIn()).toEqual([200, 200, 200])
  })

  test('E8: killed with what it wrote still beside the database: everybody is in again, and nobody else', async () => {
    const losses = await traffic.count('killed', () => house.killAndRestart())
    expect(readdirSync(dir)).toContain('entryphone.sqlite-wal')
    expect(losses.unauthorised).toBe(0)
    expect(await allIn()).toEqual([200, 200, 200])
  })

  test('E8: two gateways on one data directory agree: an end on one counts on the other within 5 seconds', async () => {
    const port = await freePort()
    const second = join(dir, 'second.yaml')
    const text = readFileSync(house.configFile, 'utf8').replace(
      `listen: 127.0.0.1:${house.port}`,
      `listen: 127.0.0.1:${port}`,
    )
    writeFileSync(second, text)
    const gateway = await startGatewayProcess(second, { CLIENT_SECRET: house.issuer.clientSecret })
    onTestFinished(() => gateway.kill())
    const { tv, phone } = await letTelevisionIn(house)
    const headers = { host: new URL(house.cinema).host, cookie: tv.browser.cookies('cinema.localhost') }
    // An answer that is on its way when the end arrives is cut.
    const there = () =>
      tv.browser.go(`http://127.0.0.1:${port}/`, undefined, headers).then(
        ({ status }) => status,
        () => 'cut',
      )
    expect(await there()).toBe(200)
    const mine = await openForm(phone, `${house.door}/me`, 'name="ref"')
    await phone.go(mine.action, mine.fields)
    const began = performance.now()
    await expect.poll(there, { timeout: 15_000 }).toBe(401)
    console.log(`ended on the other gateway after ${Math.round(performance.now() - began)} ms`)
    expect(await gateway.close()).toBe(0)
  })

  test('E8: a key that is lost or is another one is no silent sign-out: it does not start until the right one is back', async () => {
    const kept = join(dir, 'kept')
    const open = () => openDataDir({ dir, clock: systemClock, log: silentLog })
    await house.stop()
    renameSync(key, kept)
    await expect(open()).rejects.toThrow(/key is gone, and nothing in .*entryphone\.sqlite can be read without it/)
    writeFileSync(key, `1:${Buffer.alloc(32, 9).toString('base64')}\n`, { mode: 0o600 })
    await expect(open()).rejects.toThrow(/key is not the key that .*entryphone\.sqlite was sealed with/)
    copyFileSync(kept, key)
    await house.start()
    expect(await allIn()).toEqual([200, 200, 200])
  })

  test('E8: a damaged database is set aside at the start: everybody signs in again, nobody else is in', async () => {
    const before = people[0]?.cookies('library.localhost')
    await house.stop()
    writeFileSync(database, readFileSync(database).fill(0x5a, 4096, 20_000))
    const bytes = readFileSync(database)
    await house.start()
    expect(await allIn()).toEqual([401, 401, 401])
    expect(logged('store_set_aside')).toHaveLength(1)
    const aside = readdirSync(dir).find((name) => /sqlite\.damaged-[^-]*-[^-]*-[^-]*-[^-]*-[^-]*$/.test(name)) ?? ''
    expect(readFileSync(join(dir, aside)).equals(bytes)).toBe(true)
    expect(await check()).toContain(`data_dir holds "${aside}": this database was damaged, and a new one was begun.`)
    rmSync(join(dir, aside))
    expect(await check()).not.toContain('damaged')

    for (const browser of people) await signInOnDesktop(house, house.library, '/', 'Robin', browser)
    expect(await allIn()).toEqual([200, 200, 200])
    expect(people[0]?.cookies('library.localhost')).not.toBe(before)
  })

  test('E8: a database that is gone is told of, and begun again', async () => {
    await house.stop()
    rmSync(database)
    await house.start()
    expect(await allIn()).toEqual([401, 401, 401])
    expect(logged('store_missing')).toHaveLength(1)
  })
})
