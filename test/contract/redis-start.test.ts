import { readFileSync, rmSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { SECOND, systemClock } from '../../src/lib/clock.ts'
import type { Log } from '../../src/lib/log.ts'
import { silentLog } from '../../src/lib/log.ts'
import { OperatorError } from '../../src/lib/operator-error.ts'
import { openRedisStore } from '../../src/store/redis.ts'
import type { RedisSettings } from '../../src/store/redis-settings.ts'
import { leastRights } from '../../src/store/redis-trouble.ts'
import { createFakeClock } from '../support/clock.ts'
import { resp, startFakeRedis, usualAnswer } from '../support/fake-redis.ts'
import { needPart } from '../support/parts.ts'
import { freePort } from '../support/ports.ts'
import { redisSettings, startRedis } from '../support/redis-server.ts'
import { plainTls } from '../support/redis-tls.ts'

const PASSWORD = 'a-password-of-the-tests'

async function start(...options: string[]) {
  const server = await startRedis(options)
  onTestFinished(server.close)
  return server
}

/** What the operator reads when the store cannot be opened. */
async function complaint(settings: RedisSettings): Promise<string> {
  const opened = openRedisStore(settings, systemClock, silentLog)
  const error = await opened.then(
    (store) => store.close(),
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(OperatorError)
  const { message, cause } = error as OperatorError
  expect(message).toMatch(/^Redis at 127\.0\.0\.1:\d+/)
  expect(message).not.toContain(PASSWORD)
  expect(cause).toBeUndefined()
  return message
}

describe.skipIf(needPart('redis') === undefined)('a Redis that cannot be used is named, with what to do', () => {
  test('a wrong password, and a user that is not there', async () => {
    const { port } = await start('--requirepass', 'another')
    for (const user of [undefined, 'default', 'nobody']) {
      const message = await complaint(redisSettings([port], { user, password: PASSWORD }))
      expect(message).toContain('wrong password, or there is no such user')
    }
    // Here everybody could have signed in without a name.
    const open = await start()
    const message = await complaint(redisSettings([open.port], { user: 'nobody', password: PASSWORD }))
    expect(message).toContain('wrong password, or there is no such user')
  })

  test('no password where one is wanted', async () => {
    const { port } = await start('--requirepass', 'another')
    expect(await complaint(redisSettings([port]))).toContain('wants a password')
  })

  test('a user who lacks any one right of those that are documented', async () => {
    const { port, admin } = await start()
    const rights = leastRights.split(' ')
    const settings = redisSettings([port], { user: 'weak', password: PASSWORD, database: 1 })
    const setUser = (given: string[]) => admin.call('ACL', 'SETUSER', 'weak', 'reset', 'on', `>${PASSWORD}`, ...given)
    // Without these it goes on: news come by reading, one server is no Cluster, readiness is seen by the first answer,
    // and from 7.0 on HELLO is anybody's.
    const spared = [
      '+hello',
      '+publish',
      '+subscribe',
      '+info',
      '+ping',
      '+client|setname',
      '+cluster|slots',
      '&entryphone:*',
    ]
    const resets = ['resetkeys', 'resetchannels', 'nocommands']
    const needed = rights.filter((right) => ![...spared, ...resets].includes(right))
    expect(needed.length).toBe(12)
    for (const right of needed) {
      await setUser(rights.filter((one) => one !== right))
      await admin.script('FLUSH')
      const message = await complaint(settings)
      expect(message).toContain('does not let this user do what is needed')
      expect(message).toContain(`ACL SETUSER NAME ${leastRights}`)
    }
    expect(readFileSync('docs/replicas.md', 'utf8')).toContain(`on >PASSWORD ${leastRights}\n`)
    await setUser([...resets, ...needed])
    await (await openRedisStore(settings, systemClock, silentLog)).close()
  })

  test('a database that is not there', async () => {
    const { port } = await start('--databases', '2')
    expect(await complaint(redisSettings([port], { database: 2 }))).toContain('has no database 2')
    const store = await openRedisStore(redisSettings([port], { database: 1 }), systemClock, silentLog)
    await store.close()
  })

  test('a read-only replica', async () => {
    const primary = await start()
    const { port } = await start('--replicaof', '127.0.0.1', `${primary.port}`)
    expect(await complaint(redisSettings([port]))).toContain('is a read-only replica. Name the primary.')
  })

  test('a server that is full', async () => {
    const { port } = await start('--maxmemory', '1')
    expect(await complaint(redisSettings([port]))).toContain('is full')
  })

  test('a server that cannot save', async () => {
    const { port, dir, admin } = await start('--appendonly', 'no')
    await admin.config('SET', 'save', '3600 1')
    rmSync(dir, { recursive: true })
    await admin.bgsave()
    while (!(await admin.info('persistence')).includes('rdb_last_bgsave_status:err'));
    expect(await complaint(redisSettings([port]))).toContain('cannot save to its disk')
  })

  test('nobody there', async () => {
    expect(await complaint(redisSettings([await freePort()]))).toContain('ECONNREFUSED')
    expect(await complaint(redisSettings([await freePort()], { cluster: true }))).toContain('cannot be reached')
  })

  test('TLS with a server that does not speak it', async () => {
    const { port } = await start()
    expect(await complaint(redisSettings([port], { tls: plainTls }))).toContain('redis:// or rediss://')
  })

  test('a server that may forget what it was told is used, and named in the log', async () => {
    const told: unknown[] = []
    const log: Log = { ...silentLog, notice: (event, fields) => void told.push([event, fields?.['why']]) }
    const { port } = await start('--appendonly', 'no', '--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru')
    await (await openRedisStore(redisSettings([port]), systemClock, log)).close()
    expect(told).toEqual([
      ['store_may_forget', 'maxmemory-policy is allkeys-lru'],
      ['store_may_forget', 'no append-only file'],
    ])
  })

  test('a Cluster without its slots, and one without some of them', async () => {
    const options = ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1']
    const { port, admin } = await start(...options, '--cluster-port', `${await freePort()}`)
    const settings = redisSettings([port], { cluster: true })
    expect(await complaint(settings)).toContain('cannot be reached')
    await admin.cluster('ADDSLOTS', 0)
    expect(await complaint(settings)).toContain('the Cluster is down (')
  })

  test('one server taken for a Cluster, and a Cluster for one server', async () => {
    const single = await start()
    const cluster = await start('--cluster-enabled', 'yes', '--cluster-port', `${await freePort()}`)
    expect(await complaint(redisSettings([single.port], { cluster: true }))).toContain('is no Cluster')
    expect(await complaint(redisSettings([cluster.port]))).toContain('is a node of a Cluster')
  })
})

test('a server that goes on reading its data is given up after 20 seconds', async () => {
  const fake = await startFakeRedis((command, port) =>
    command[0]?.toLowerCase() === 'info' ? resp('loading:1\r\n') : (usualAnswer(command, port) ?? resp('OK')),
  )
  onTestFinished(fake.close)
  const clock = createFakeClock()
  const opened = openRedisStore(redisSettings([fake.port]), clock, silentLog)
  const complained = expect(opened).rejects.toThrow('not ready after 20 s')
  await clock.advance(20 * SECOND)
  await complained
})

test.each([
  ['a server without HELLO', '-ERR unknown command `HELLO`\r\n', 'older than 6'],
  [
    'a server that says so',
    usualAnswer(['HELLO'], 0, '6.0.16') ?? '',
    'is Redis 6.0.16. Entryphone needs 6.2 or newer',
  ],
  ['a server that says nothing of it', resp([]), 'Entryphone needs 6.2 or newer'],
  ['a Sentinel', resp(['version', '7.0.15', 'mode', 'sentinel']), 'is a Sentinel'],
])('too old, or not for data: %s', async (_, hello, expected) => {
  const fake = await startFakeRedis(([name = '']) => (name.toLowerCase() === 'hello' ? hello : resp(1)))
  onTestFinished(fake.close)
  expect(await complaint(redisSettings([fake.port]))).toContain(expected)
})
