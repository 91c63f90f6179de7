import { setTimeout } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/lib/clock.ts'
import type { Log } from '../../../src/lib/log.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { openRedisStore } from '../../../src/store/redis.ts'
import type { RedisSettings } from '../../../src/store/redis-settings.ts'
import { resp, startFakeRedis, usualAnswer } from '../../support/fake-redis.ts'
import { needPart } from '../../support/parts.ts'
import { redisSettings, startRedis, startRedisCluster } from '../../support/redis-server.ts'

const LATER = Date.UTC(2040, 0)

async function open(settings: RedisSettings, log: Log = silentLog) {
  const store = await openRedisStore(settings, systemClock, log)
  onTestFinished(() => store.close())
  return store
}

/** Milliseconds until `attempt` is refused. */
async function refusedAfter(attempt: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await expect(attempt()).rejects.toThrow('Redis:')
  return performance.now() - began
}

/** Tries until it works, for at most ten seconds. */
async function untilItWorks<T>(attempt: () => Promise<T>): Promise<T> {
  const end = performance.now() + 10_000
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (performance.now() > end) throw error
      await setTimeout(20)
    }
  }
}

test('N5: a redirection to __proto__ changes no prototype', async () => {
  const answers = { get: resp(null) }
  const fake = await startFakeRedis((command, port) =>
    command[0]?.toLowerCase() === 'get' ? answers.get : (usualAnswer(command, port) ?? resp('OK')),
  )
  onTestFinished(fake.close)
  const store = await open(redisSettings([fake.port], { cluster: true }))
  try {
    for (const slot of ['__proto__', 'constructor', 'length', '-1', '16384', '1e3', '']) {
      answers.get = `-MOVED ${slot} 127.0.0.1:${fake.port}\r\n`
      await expect(store.get('a')).rejects.toThrow('a redirection without a slot')
    }
    expect([][0]).toBeUndefined()
    expect(Object.keys(Array.prototype)).toEqual([])
  } finally {
    Reflect.deleteProperty(Array.prototype, '0')
  }
})

test.each([
  ['no record', 'nonsense'],
  ['a version that is no number', 'x1 2000000000000 text'],
  ['a version past the exact numbers', '9999999999999999 2000000000000 text'],
  ['a time that is no number', '1 never text'],
  ['another kind of reply', ['1', '2']],
  ['a number', 7],
])('what is not a record is an error, never an answer: %s', async (_, reply) => {
  const answers = new Map<string, string>()
  const fake = await startFakeRedis(
    (command, port) => answers.get(command[0]?.toLowerCase() ?? '') ?? usualAnswer(command, port) ?? resp('OK'),
  )
  onTestFinished(fake.close)
  const store = await open(redisSettings([fake.port]))
  for (const name of ['get', 'evalsha']) answers.set(name, resp(reply))
  await expect(store.get('a')).rejects.toThrow('Redis:')
  if (reply !== 7) await expect(store.create('a', 'x', LATER)).rejects.toThrow('Redis:')
  await expect(store.feed.append('x')).rejects.toThrow('Redis:')
  await expect(store.feed.readSince(0, 10)).rejects.toThrow('Redis:')
})

describe.skipIf(needPart('redis') === undefined)('on a real server', () => {
  test('N5: killed and started again: refused at once, then as before, without a restart', async () => {
    const server = await startRedis()
    onTestFinished(server.close)
    const events: string[] = []
    const note = (event: string) => void events.push(event)
    const store = await open(server.settings, { ...silentLog, warn: note, notice: note })
    await store.create('a', 'one', LATER)
    const before = await store.get('a')
    const position = await store.feed.append('first')

    await server.kill()
    await refusedAfter(() => store.get('a'))
    const times = [
      await refusedAfter(() => store.get('a')),
      await refusedAfter(() => store.create('b', 'x', LATER)),
      await refusedAfter(() => store.feed.append('lost')),
    ]
    // Not after the two seconds that an answer is waited for.
    for (const ms of times) expect(ms).toBeLessThan(1500)

    await server.start()
    expect(await untilItWorks(() => store.get('a'))).toEqual(before)
    expect(await store.swap('a', before?.version ?? 0, 'two', LATER)).toBe(true)
    const next = await store.feed.append('second')
    expect(await store.feed.readSince(position, 10)).toEqual({
      entries: [{ position: next, entry: 'second' }],
      missed: false,
    })
    expect(events).toEqual(['store_lost', 'store_back'])
  })

  test('N5: a server that does not answer is given up after two seconds, and taken again when it does', async () => {
    const server = await startRedis()
    onTestFinished(server.close)
    const store = await open(server.settings)
    await store.create('a', 'one', LATER)
    server.freeze()
    expect(await refusedAfter(() => store.get('a'))).toBeLessThan(6000)
    expect(await refusedAfter(() => store.get('a'))).toBeLessThan(1500)
    server.thaw()
    expect((await untilItWorks(() => store.get('a')))?.value).toBe('one')
  })

  test('N5: a server that became read-only or full refuses writes, and is taken again afterwards', async () => {
    const server = await startRedis()
    onTestFinished(server.close)
    const store = await open(server.settings)
    await store.create('a', 'one', LATER)
    await server.admin.config('SET', 'maxmemory', '1')
    await expect(store.create('b', 'x', LATER)).rejects.toThrow('OOM')
    expect((await store.get('a'))?.value).toBe('one')
    await server.admin.config('SET', 'maxmemory', '0')
    expect(await store.create('b', 'x', LATER)).toBe(true)
    await server.admin.replicaof('127.0.0.1', '1')
    await expect(store.create('c', 'x', LATER)).rejects.toThrow('READONLY')
    await server.admin.replicaof('NO', 'ONE')
    expect(await untilItWorks(() => store.create('c', 'x', LATER))).toBe(true)
  })

  test('N5: a password that was changed: refused until it is right again, and nothing is thrown where nobody looks', async () => {
    const server = await startRedis(['--user', 'gate', 'on', '>right', '~*', '&*', '+@all'])
    onTestFinished(server.close)
    const events: string[] = []
    const note: Log['notice'] = (event, fields) => void events.push(`${event} ${fields?.['error'] ?? ''}`)
    const log: Log = { ...silentLog, warn: note, notice: note }
    const store = await open({ ...server.settings, user: 'gate', password: 'right' }, log)
    store.feed.onAppended?.(() => undefined)
    while ((await server.admin.pubsub('NUMSUB', 'entryphone:appended'))[1] === 0);
    await server.admin.call('ACL', 'SETUSER', 'gate', 'resetpass', '>other')
    await server.admin.call('CLIENT', 'KILL', 'USER', 'gate')
    const end = performance.now() + 1000
    while (performance.now() < end) {
      await expect(store.get('a')).rejects.toThrow('Redis:')
      await setTimeout(20)
    }
    await server.admin.call('ACL', 'SETUSER', 'gate', 'resetpass', '>right')
    expect(await untilItWorks(() => store.get('a'))).toBeUndefined()
    expect(events).toEqual(['store_lost closed', 'store_back '])
    while ((await server.admin.pubsub('NUMSUB', 'entryphone:appended'))[1] === 0);
  })

  test('N5: of a Cluster only what was on a lost node is refused, until the node is back', async () => {
    const cluster = await startRedisCluster(['--cluster-require-full-coverage', 'no'])
    onTestFinished(cluster.close)
    const store = await open(cluster.settings)
    const keys = Array.from({ length: 30 }, (_, i) => `key ${i}`)
    for (const key of keys) await store.create(key, key, LATER)
    const [lost] = cluster.nodes
    await lost?.kill()
    const read = async () => (await Promise.allSettled(keys.map((key) => store.get(key)))).map(({ status }) => status)
    const statuses = await read()
    expect(statuses.filter((status) => status === 'fulfilled').length).toBeGreaterThan(10)
    expect(statuses.filter((status) => status === 'rejected').length).toBeGreaterThan(3)
    await lost?.start()
    for (const key of keys) expect((await untilItWorks(() => store.get(key)))?.value).toBe(key)
  })

  test('scripts that the server has forgotten are sent again', async () => {
    const server = await startRedis()
    onTestFinished(server.close)
    const store = await open(server.settings)
    await server.admin.script('FLUSH')
    expect(await store.create('a', 'one', LATER)).toBe(true)
  })

  test('after a flush nothing is believed, and positions go on', async () => {
    const server = await startRedis()
    onTestFinished(server.close)
    const store = await open(server.settings)
    const before = [await store.feed.append('a'), await store.feed.append('b')]
    await server.admin.flushall()
    const after = await store.feed.append('c')
    expect(after).toBeGreaterThan(Math.max(...before))
    for (const position of before) {
      expect(await store.feed.readSince(position, 10)).toEqual({
        entries: [{ position: after, entry: 'c' }],
        missed: true,
      })
    }
  })

  test('entries that a failover has lost are noticed, whatever has been appended since', async () => {
    const server = await startRedis()
    onTestFinished(server.close)
    const store = await open(server.settings)
    await store.feed.append('kept')
    const lost = await store.feed.append('not yet on the replica')
    await server.admin.xdel('entryphone:feed', `${lost}-0`)
    await store.feed.append('new')
    const page = await store.feed.readSince(lost, 10)
    expect(page.missed).toBe(true)
    expect(page.entries.map(({ entry }) => entry)).toEqual(['kept', 'new'])
  })

  test('E3: keys and values in the form of commands are text: only our own commands arrive', async () => {
    const server = await startRedis()
    onTestFinished(server.close)
    const store = await open(server.settings)
    const seen = new Set<string>()
    const monitor = await server.admin.monitor()
    onTestFinished(() => monitor.disconnect())
    const ended = Promise.withResolvers<void>()
    monitor.on('monitor', (_time: string, [name = '', text]: string[]) => {
      seen.add(name.toLowerCase())
      if (text === 'entryphone:end') ended.resolve()
    })
    for (const evil of ['\r\nFLUSHALL\r\n', '*1\r\n$8\r\nFLUSHALL\r\n', '"; redis.call("FLUSHALL") --', '\0', '{a}b']) {
      expect(await store.create(evil, evil, LATER)).toBe(true)
      const record = await store.get(evil)
      expect(record?.value).toBe(evil)
      expect(await store.swap(evil, record?.version ?? 0, evil + evil, LATER)).toBe(true)
      await store.feed.append(evil)
    }
    expect((await store.feed.readSince(0, 10)).entries).toHaveLength(5)
    await store.get('end')
    await ended.promise
    const scripts = ['getrange', 'set', 'xrevrange', 'xadd', 'xrange', 'time']
    expect([...seen].filter((name) => ![...scripts, 'get', 'eval', 'evalsha', 'publish'].includes(name))).toEqual([])
    expect((await server.admin.keys('*')).every((key) => key.startsWith('entryphone:'))).toBe(true)
  })

  test('a record is forgotten by the server too, a minute late', async () => {
    const server = await startRedis()
    onTestFinished(server.close)
    const store = await open(server.settings)
    await store.create('a', 'one', systemClock.now() + 10_000)
    const ttl = await server.admin.pttl('entryphone:a')
    expect(ttl).toBeGreaterThan(65_000)
    expect(ttl).toBeLessThanOrEqual(70_001)
    const record = await store.get('a')
    expect(await store.swap('a', record?.version ?? 0, 'over', systemClock.now())).toBe(true)
    expect(await server.admin.exists('entryphone:a')).toBe(0)
  })
})
