import { expect, test } from 'vitest'
import { effectiveConfig, effectiveYaml } from '../../src/config/effective.ts'
import { loadConfig } from '../../src/config/load.ts'
import { makeAuthority, makeCertificate } from '../support/certificate.ts'
import { complaints, goodConfig, goodEnv, writeConfig } from '../support/config-file.ts'

const PASSWORD = 'p@ss:w/rd#%41'
const env = { ...goodEnv, REDIS_PASSWORD: PASSWORD, REDIS_URL: `redis://anna:${PASSWORD}@redis:7000/3` }
const beside = { key: `1:${Buffer.alloc(32, 1).toString('base64')}\n`, redis: `${PASSWORD}\n` }

/** TLS with what everybody knows. */
const usualTls = { caFile: undefined, serverName: undefined, cert: undefined, key: undefined }

const withStore = (lines: string) => `${goodConfig}key_file: key\n${lines}\n`

async function load(lines: string) {
  const loaded = loadConfig(await writeConfig(withStore(lines), beside), env)
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems))
  return loaded.config
}

const told = async (lines: string) => complaints(withStore(lines), env, beside)

test('without store, records are in the data directory', async () => {
  expect((await load('')).store).toBeUndefined()
})

test.each([
  ['redis://redis', { nodes: [{ host: 'redis', port: 6379 }], tls: undefined, database: 0 }],
  [
    'rediss://redis.home.example:6380/4',
    { nodes: [{ host: 'redis.home.example', port: 6380 }], tls: usualTls, database: 4 },
  ],
  ['"redis://[fd00::1]:7000/"', { nodes: [{ host: 'fd00::1', port: 7000 }], tls: undefined, database: 0 }],
])('one address is one server: %s', async (store, expected) => {
  const found = (await load(`store: ${store}`)).store
  expect(found).toEqual({ cluster: false, sentinel: undefined, user: undefined, password: undefined, ...expected })
})

test.each([
  ['redis+sentinel://a,b:7000,c/mymaster', { tls: undefined, database: 0 }, undefined],
  [`rediss+sentinel://anna:\${REDIS_PASSWORD}@a,b:7000,c/mymaster/2`, { database: 2, user: 'anna' }, PASSWORD],
])('Sentinels stand in one address, with their name for the server: %s', async (address, expected, password) => {
  const { store } = await load(`store: ${address}\nstore_sentinel_password_file: redis`)
  expect(store).toMatchObject({ cluster: false, ...expected })
  expect(store?.nodes).toEqual([
    { host: 'a', port: 26_379 },
    { host: 'b', port: 7000 },
    { host: 'c', port: 26_379 },
  ])
  expect(store?.sentinel).toMatchObject({ master: 'mymaster' })
  expect(store?.sentinel?.password?.reveal()).toBe(PASSWORD)
  expect(store?.password?.reveal()).toBe(password)
})

test('TLS: whom to believe, and who we are', async () => {
  const authority = await makeAuthority()
  const pair = await makeCertificate(['entryphone'], { ca: authority })
  const files = { ...beside, 'ca.pem': authority.cert, 'cert.pem': pair.cert, 'key.pem': pair.key }
  const lines =
    'store: rediss://redis\nstore_tls: { ca_file: ca.pem, server_name: Redis.Home.example, cert: cert.pem, key: key.pem }'
  const loaded = loadConfig(await writeConfig(withStore(lines), files), env)
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems))
  const { tls } = loaded.config.store ?? {}
  expect([tls?.caFile?.pem, tls?.serverName, tls?.cert?.pem]).toEqual([authority.cert, 'redis.home.example', pair.cert])
  expect(tls?.key?.reveal()).toBe(pair.key)
  expect(effectiveConfig(loaded.config)['store_tls']).toEqual({
    ca_file: 'ca.pem',
    server_name: 'redis.home.example',
    cert: 'cert.pem',
    key: '[secret]',
  })
  expect(JSON.stringify(loaded.config)).not.toContain('PRIVATE KEY')
  const other = await makeCertificate(['entryphone'])
  const wrong = { ...files, 'key.pem': other.key }
  const { problems } = await complaints(withStore(lines), env, wrong)
  expect(problems).toEqual([expect.stringContaining('store_tls.key does not belong to the certificate.')])
})

test('a list is a Cluster, even of one', async () => {
  const one = (await load('store: [redis://a]')).store
  expect(one).toMatchObject({ cluster: true, nodes: [{ host: 'a', port: 6379 }] })
  const three = (await load('store: [redis://a:1, redis://b:2, redis://c:3]')).store
  expect(three?.nodes).toEqual([
    { host: 'a', port: 1 },
    { host: 'b', port: 2 },
    { host: 'c', port: 3 },
  ])
})

test.each([
  [`store: redis://anna:\${REDIS_PASSWORD}@redis`, 'anna'],
  [`store: redis://:\${REDIS_PASSWORD}@redis`, undefined],
  [`store: \${REDIS_URL}`, 'anna'],
  ['store: redis://anna@redis\nstore_password_file: redis', 'anna'],
  ['store: redis://redis\nstore_password_file: redis', undefined],
])('the password comes from a variable or a file, as it is: %s', async (lines, user) => {
  const { store } = await load(lines)
  expect([store?.user, store?.password?.reveal()]).toEqual([user, PASSWORD])
})

test('the password is shown nowhere', async () => {
  const config = await load(`store: redis://anna:\${REDIS_PASSWORD}@redis:6379/2`)
  const shown = [JSON.stringify(config), effectiveYaml(config), JSON.stringify(effectiveConfig(config))].join()
  expect(shown).not.toContain(PASSWORD)
  expect(effectiveConfig(config)['store']).toBe('redis://anna:[secret]@redis:6379/2')
  const cluster = await load('store: [rediss://a, rediss://b]')
  expect(effectiveConfig(cluster)['store']).toEqual(['rediss://a:6379', 'rediss://b:6379'])
  expect('store_tls' in effectiveConfig(cluster)).toBe(false)
  const sentinels = await load('store: rediss+sentinel://anna@a,b/mymaster/1\nstore_password_file: redis')
  expect(effectiveConfig(sentinels)['store']).toBe('rediss+sentinel://anna:[secret]@a:26379,b:26379/mymaster/1')
})

test.each([
  ['redis://anna:hunter2@redis', 'store has a password written out.'],
  [`redis://anna:hunter2\${REDIS_PASSWORD}@redis`, 'store has a password written out.'],
  [`[redis://a, "redis://:hunter2@b"]`, 'store[1] has a password written out.'],
  ['redis:6379', 'store is not the address of a Redis.'],
  ['http://redis', 'store is not the address of a Redis.'],
  ['redis://redis/films', 'store has more than host, port and the number of a database.'],
  ['redis://redis/1?x=2', 'store has more than host, port and the number of a database.'],
  ['redis://redis:99999', 'store has a port that is not a number from 1 to 65535.'],
  ['redis://', 'store has no host.'],
  ['[redis://a/1]', 'store names a database, but a list is a Cluster'],
  ['[redis://a, rediss://b]', 'store has nodes of one Cluster with different schemes'],
  ['redis+sentinel://a,b', 'store must end with the name that the Sentinels have for the server.'],
  ['redis+sentinel://a,b/', 'store must end with the name'],
  ['redis+sentinel://a,/mymaster', 'store has no host.'],
  ['redis+sentinel://a/my master', 'store must end with the name'],
  ['[redis+sentinel://a/mymaster]', 'store names Sentinels, but a list is a Cluster.'],
  ['redis://redis\nstore_sentinel_password_file: redis', 'store_sentinel_password_file is given, but store names no'],
  ['redis://redis\nstore_tls: { server_name: redis }', 'store_tls is given, but store does not begin with rediss.'],
  ['rediss://redis\nstore_tls: { server_name: 10.0.0.1 }', 'store_tls.server_name is an address.'],
  ['rediss://redis\nstore_tls: { cert: key }', 'store_tls.cert is given without key.'],
  ['rediss://redis\nstore_tls: { ca_file: key }', 'store_tls.ca_file names "key", which does not hold certificates'],
  ['redis://anna@redis', 'store names a user, but there is no password.'],
  ['{ redis: here }', 'store must be text or a list of texts, not a map.'],
  ['redis://redis\nstore_password_file: nowhere', 'store_password_file names "nowhere", which does not exist.'],
  [`redis://:\${REDIS_PASSWORD}@redis\nstore_password_file: redis`, 'store_password_file is given together'],
])('a store that cannot be used is refused: %s', async (store, problem) => {
  const { problems } = await told(`store: ${store}`)
  expect(problems.join('\n')).toContain(problem)
  expect(problems.join('\n')).not.toMatch(/hunter2|p@ss/)
})

test('a shared store needs the key file that all gateways have', async () => {
  const { problems } = await complaints(`${goodConfig}store: redis://redis\n`)
  expect(problems).toEqual([expect.stringContaining('store needs key_file')])
  expect((await told('store_password_file: redis')).problems).toEqual([
    expect.stringContaining('store_password_file is given without store.'),
  ])
})

test('a password in the clear is for a network at home', async () => {
  const warned = async (url: string) => (await told(`store: ${url}\nstore_password_file: redis`)).warnings
  expect(await warned('redis://redis.example.com')).toEqual([expect.stringContaining('in the clear')])
  expect(await warned('rediss://redis.example.com')).toEqual([])
  expect(await warned('redis://10.0.0.7')).toEqual([])
})
