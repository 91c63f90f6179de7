import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDesktop, signInOnDesktop } from '../../support/desktop.ts'
import { createFaultTraffic, type FaultTraffic } from '../../support/fault-traffic.ts'
import { useHouse } from '../../support/house.ts'
import { needPart } from '../../support/parts.ts'
import { startRecorder } from '../../support/recorder.ts'
import { startRedis } from '../../support/redis-server.ts'

describe.skipIf(needPart('redis') === undefined)('a gateway on Redis', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'entryphone-'))
  const keys = join(dir, 'keys')
  writeFileSync(keys, `1:${Buffer.alloc(32, 1).toString('base64')}\n`, { mode: 0o600 })
  const [redis, recorder] = [await startRedis(), await startRecorder()]
  const house = useHouse({
    process: true,
    libraryPort: Number(recorder.url.port),
    topLines: () => `store: redis://127.0.0.1:${redis.port}\nkey_file: ${keys}`,
  })
  let traffic: FaultTraffic
  beforeAll(async () => {
    const people = [createDesktop(), createDesktop(), createDesktop()]
    for (const browser of people) await signInOnDesktop(house, house.library, '/', 'Robin', browser)
    traffic = createFaultTraffic(house, recorder, people)
  })
  afterAll(async () => {
    await traffic.close()
    await Promise.all([recorder.close(), redis.close()])
    rmSync(dir, { recursive: true, force: true })
  })

  test('N5: while Redis is gone requests are refused, nobody is let in for it, and all is well when it is back', async () => {
    const losses = await traffic.count('Redis killed, and started again', async (more) => {
      await redis.kill()
      await more(250)
      await redis.start()
    })
    expect(losses.unauthorised).toBe(0)
    expect(Object.keys(losses.signedIn).sort()).toEqual(['200', '503'])
    expect(Object.keys(losses.strangers).sort()).toEqual(['401', '503'])
    for (const event of ['store_lost', 'store_back']) {
      await expect.poll(() => house.log().filter((line) => line.includes(`"event":"${event}"`)).length).toBe(1)
    }
  })

  test('N5: while Redis hangs requests wait two seconds at most and are refused, and all is well when it goes on', async () => {
    const losses = await traffic.count('Redis hangs, and goes on', async (more) => {
      redis.freeze()
      await more(250)
      redis.thaw()
    })
    expect(losses.unauthorised).toBe(0)
    expect(Object.keys(losses.signedIn).sort()).toEqual(['200', '503'])
  })

  test('E8: a gateway with another key than its store is sealed with does not start', async () => {
    await house.stop()
    writeFileSync(keys, `1:${Buffer.alloc(32, 2).toString('base64')}\n`, { mode: 0o600 })
    await expect(house.start()).rejects.toThrow(/keys is not the key that the store was sealed with/)
    writeFileSync(keys, `1:${Buffer.alloc(32, 1).toString('base64')}\n`, { mode: 0o600 })
    await house.start()
  })
})
