import { execFile } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/lib/clock.ts'
import type { Log } from '../../src/lib/log.ts'
import { silentLog } from '../../src/lib/log.ts'
import { OperatorError } from '../../src/lib/operator-error.ts'
import { openRedisStore } from '../../src/store/redis.ts'
import type { RedisSettings } from '../../src/store/redis-client.ts'
import { makeCertificate } from '../support/certificate.ts'
import { resp, startFakeRedis, usualAnswer } from '../support/fake-redis.ts'
import { needPart } from '../support/parts.ts'
import { freePort } from '../support/ports.ts'
import { redisSettings, startRedis } from '../support/redis-server.ts'
import { makeTempDir } from '../support/temp-dir.ts'

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

  test('a user who may not do enough', async () => {
    const { port, admin } = await start()
    await admin.call('ACL', 'SETUSER', 'weak', 'on', `>${PASSWORD}`, '~entryphone:*', '+@read', '+@connection')
    const settings = redisSettings([port], { user: 'weak', password: PASSWORD })
    expect(await complaint(settings)).toContain('ACL SETUSER NAME ~entryphone:* &entryphone:* +@all -@dangerous +info')
  })

  test('the user that the remedy makes may do enough', async () => {
    const { port, admin } = await start()
    const rights = ['~entryphone:*', '&entryphone:*', '+@all', '-@dangerous', '+info']
    await admin.call('ACL', 'SETUSER', 'fine', 'on', `>${PASSWORD}`, ...rights)
    const settings = redisSettings([port], { user: 'fine', password: PASSWORD })
    const store = await openRedisStore(settings, systemClock, silentLog)
    onTestFinished(() => store.close())
    const heard = Promise.withResolvers<void>()
    store.feed.onAppended?.(() => heard.resolve())
    // Until the server has taken us for a listener, what is published reaches nobody.
    while ((await admin.pubsub('NUMSUB', 'entryphone:appended'))[1] === 0);
    await store.feed.append('news')
    await heard.promise
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
    expect(await complaint(redisSettings([port], { tls: true }))).toContain('redis:// or rediss://')
  })

  test('TLS, with a certificate that is believed and with one that is not', async () => {
    const dir = await makeTempDir()
    const { cert, key } = await makeCertificate(['localhost'])
    writeFileSync(join(dir, 'cert.pem'), cert)
    writeFileSync(join(dir, 'key.pem'), key)
    const port = await freePort()
    const files = ['--tls-cert-file', join(dir, 'cert.pem'), '--tls-key-file', join(dir, 'key.pem')]
    await start(
      '--tls-port',
      `${port}`,
      ...files,
      '--tls-ca-cert-file',
      join(dir, 'cert.pem'),
      '--tls-auth-clients',
      'no',
    )
    const settings = { ...redisSettings([port], { tls: true }), nodes: [{ host: 'localhost', port }] }
    await expect(openRedisStore(settings, systemClock, silentLog)).rejects.toThrow('self-signed certificate')
    const source = new URL('../../src/', import.meta.url)
    const program = `
      const { openRedisStore } = await import('${new URL('store/redis.ts', source)}')
      const { systemClock } = await import('${new URL('lib/clock.ts', source)}')
      const { silentLog } = await import('${new URL('lib/log.ts', source)}')
      const store = await openRedisStore(${JSON.stringify(settings)}, systemClock, silentLog)
      console.log(await store.create('a', 'one', 2e12))
      await store.close()`
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: join(dir, 'cert.pem') }
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { env })
    expect(stdout.trim()).toBe('true')
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
