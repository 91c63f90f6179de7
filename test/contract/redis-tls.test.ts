import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import { openRedisStore } from '../../src/store/redis.ts'
import type { RedisTls } from '../../src/store/redis-settings.ts'
import { needPart } from '../support/parts.ts'
import { freePort } from '../support/ports.ts'
import { redisSettings, startRedis } from '../support/redis-server.ts'
import { makeRedisTls, plainTls, type RedisTlsFiles } from '../support/redis-tls.ts'
import { startSentinels } from '../support/sentinels.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const LATER = Date.UTC(2040, 0)

describe.skipIf(needPart('redis') === undefined)('a Redis that speaks TLS', () => {
  let dir: string
  let files: RedisTlsFiles
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'entryphone-'))
    files = await makeRedisTls(dir)
  })
  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  async function start(clients: 'yes' | 'no') {
    const port = await freePort()
    const server = await startRedis(files.options(port, clients))
    onTestFinished(server.close)
    return port
  }

  const settingsFor = (port: number, host: string, tls: Partial<RedisTls>) => ({
    ...redisSettings([port], { tls: { ...plainTls, ...tls } }),
    nodes: [{ host, port }],
  })

  /** Whether a record can be made; or why the store could not be opened. */
  async function tryOut(...where: Parameters<typeof settingsFor>): Promise<unknown> {
    return openRedisStore(settingsFor(...where), systemClock, silentLog).then(
      async (store) => {
        const heard = Promise.withResolvers<void>()
        store.feed.onAppended?.(heard.resolve)
        const created = await store.create(`${where[1]} ${Object.keys(where[2])}`, 'one', LATER)
        await store.close()
        return created
      },
      (error: Error) => error.message,
    )
  }

  test('is believed by its authority and its name, and otherwise not at all', async () => {
    const port = await start('no')
    const { ca } = files
    expect(await tryOut(port, 'localhost', { ca })).toBe(true)
    expect(await tryOut(port, 'localhost', {})).toMatch(
      /is not believed: .*certificate.* Name its authority in store_tls.ca_file\.$/,
    )
    expect(await tryOut(port, '127.0.0.1', { ca })).toMatch(
      /is not believed: .*altnames.* Look at store_tls.server_name\.$/,
    )
    expect(await tryOut(port, '127.0.0.1', { ca, servername: 'redis.home.example' })).toBe(true)
    expect(await tryOut(port, 'localhost', { ca, servername: 'other.home.example' })).toMatch(/store_tls.server_name/)
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    try {
      expect(await tryOut(port, 'localhost', {})).toMatch(/is not believed/)
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    }
  })

  test('that wants to know who we are is shown a certificate, or says that it was not', async () => {
    const port = await start('yes')
    const { ca, client } = files
    expect(await tryOut(port, 'localhost', { ca, ...client })).toBe(true)
    expect(await tryOut(port, 'localhost', { ca })).toMatch(
      /wants another certificate of ours .* store_tls.cert and key/,
    )
    const stranger = await makeRedisTls(await makeTempDir())
    expect(await tryOut(port, 'localhost', { ca, ...stranger.client })).toMatch(/wants another certificate of ours/)
  })

  test('as a Cluster, whose nodes name each other by address', async () => {
    const [port, bus] = [await freePort(), await freePort()]
    const options = ['--cluster-enabled', 'yes', '--cluster-port', `${bus}`, '--cluster-announce-ip', '127.0.0.1']
    const server = await startRedis([...options, '--tls-cluster', 'yes', ...files.options(port)])
    onTestFinished(server.close)
    await server.admin.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383)
    while (!(await server.admin.cluster('INFO')).includes('cluster_state:ok')) await setTimeout(20)
    const tls = { ...plainTls, ca: files.ca, servername: 'redis.home.example' }
    const settings = { ...redisSettings([port], { cluster: true, tls }), nodes: [{ host: 'localhost', port }] }
    const store = await openRedisStore(settings, systemClock, silentLog)
    onTestFinished(() => store.close())
    expect(await store.create('a', 'one', LATER)).toBe(true)
  })

  test.skipIf(needPart('sentinel') === undefined)('behind Sentinels that speak it too', async () => {
    const sentinels = await startSentinels({ tls: files })
    onTestFinished(sentinels.close)
    const tls = { ...plainTls, ca: files.ca, servername: 'redis.home.example' }
    const store = await openRedisStore({ ...sentinels.settings, tls }, systemClock, silentLog)
    onTestFinished(() => store.close())
    expect(await store.create('a', 'one', LATER)).toBe(true)
    const unnamed = { ...sentinels.settings, tls: { ...tls, servername: undefined } }
    await expect(openRedisStore(unnamed, systemClock, silentLog)).rejects.toThrow(
      /^Sentinel at .* is not believed: .*altnames/,
    )
  })
})
