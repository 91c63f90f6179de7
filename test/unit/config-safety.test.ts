import { chmod, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { makeCertificate } from '../support/certificate.ts'
import { createFakeClock } from '../support/clock.ts'
import { complaints, goodConfig, goodEnv, writeConfig } from '../support/config-file.ts'

const httpConfig = (door: string, app = 'jellyfin.lan', issuer = 'https://id.example') =>
  goodConfig
    .replace('https://door.home.example', `http://${door}`)
    .replace('jellyfin.home.example', `"${app}"`)
    .replace('https://id.home.example', issuer)

test('a range that trusts everybody is refused', async () => {
  for (const range of ['0.0.0.0/0', '::/0', '10.0.0.1/0', '::ffff:0:0/96', '::ffff:0.0.0.0/96']) {
    const { problems } = await complaints(`${goodConfig}trusted_proxies: ["${range}"]\n`)
    expect(problems).toEqual([expect.stringContaining('trusted_proxies[0] trusts everybody.')])
  }
})

test('an app on the address of the door is refused', async () => {
  for (const host of ['door.home.example', 'DOOR.home.example:443']) {
    const { problems } = await complaints(goodConfig.replace('jellyfin.home.example', host))
    expect(problems).toEqual([expect.stringContaining('apps.jellyfin.host is the address of the door (public_url).')])
  }
})

test('an app without allow is refused at an issuer open to the world', async () => {
  const issuers = [
    'https://accounts.google.com',
    'https://login.microsoftonline.com/common/v2.0',
    'https://login.microsoftonline.com/Consumers/v2.0',
    'https://login.microsoftonline.com/organizations/v2.0',
    'https://LOGIN.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0',
  ]
  for (const issuer of issuers) {
    const open = goodConfig.replace('https://id.home.example', issuer)
    expect((await complaints(open)).problems).toEqual([
      expect.stringContaining('apps.jellyfin has no allow, and anybody'),
    ])
    expect((await complaints(`${open}    allow: { emails: [a@b.c] }\n`)).problems).toEqual([])
  }
  const tenant = goodConfig.replace(
    'https://id.home.example',
    'https://login.microsoftonline.com/3f1c2b7a-0000-4000-8000-000000000000/v2.0',
  )
  expect((await complaints(tenant)).problems).toEqual([])
})

test('a plain http door needs insecure_http', async () => {
  const { problems } = await complaints(httpConfig('door.lan'))
  expect(problems).toEqual([expect.stringContaining('public_url is plain http.')])
  expect((await complaints(`${httpConfig('door.lan')}insecure_http: true\n`)).problems).toEqual([])
})

test('plain http stays at home', async () => {
  const insecure = async (door: string, app?: string, issuer?: string) =>
    (await complaints(`${httpConfig(door, app, issuer)}insecure_http: true\n`)).problems
  const home = [
    'door',
    'door.localhost',
    'door.local',
    'door.home.arpa',
    'a.b.internal',
    '192.168.1.4:8080',
    '[fd12::1]',
    '127.0.0.1',
  ]
  for (const door of home) expect(await insecure(door)).toEqual([])
  const away = ['door.home.example', '8.8.8.8', '[2001:db8::1]', 'door.xlan', 'local.example']
  for (const door of away)
    expect(await insecure(door)).toEqual([expect.stringContaining('public_url is not an address of a home')])
  expect(await insecure('door.lan', 'jelly.example')).toEqual([
    expect.stringContaining('apps.jellyfin.host is not an address of a home'),
  ])
  expect(await insecure('door.lan', 'j.lan', 'http://id.example')).toEqual([
    expect.stringContaining('provider.issuer is plain http.'),
  ])
  expect(await insecure('door.lan', 'j.lan', 'http://10.1.2.3:9000')).toEqual([])
})

test('a header that carries an identity cannot be let through', async () => {
  const refused = [
    'Remote-User',
    'remote_user',
    'X-Forwarded-For',
    'x-forw*',
    'x*',
    'X.Real.IP',
    'forwarded',
    'Cookie',
    'c*',
    'Host',
    'Connection',
    'te',
    'transfer-encoding',
    'X-Auth-Request-*',
  ]
  for (const name of refused) {
    const { problems } = await complaints(`${goodConfig}    request_headers: ["${name}"]\n`)
    expect(problems, name).toEqual([expect.stringContaining('request_headers[0] would let clients set')])
  }
  const { problems } = await complaints(`${goodConfig}    request_headers: [X-Plex-*, Depth, x-my-app-version]\n`)
  expect(problems).toEqual([])
})

test('a secret that every user can read brings a warning', async () => {
  const file = await writeConfig(goodConfig.replace(/client_secret: .*/, 'client_secret_file: oidc'), { oidc: 's' })
  expect(loadConfig(file, {}).warnings).toEqual([])
  await chmod(join(dirname(file), 'oidc'), 0o644)
  expect(loadConfig(file, {})).toMatchObject({
    warnings: [{ path: 'provider.client_secret_file', line: 5, hint: 'Run: chmod 600 oidc' }],
    config: { publicUrl: 'https://door.home.example' },
  })
})

test('own TLS needs a certificate and the key that belongs to it', async () => {
  const hosts: [string, string] = ['door.home.example', 'jellyfin.home.example']
  const [pair, other] = [await makeCertificate(hosts), await makeCertificate(['door.home.example'])]
  const beside = { 'tls/cert.pem': pair.cert, 'tls/key.pem': pair.key, 'other.pem': other.cert, 'words.pem': 'words' }
  const tls = (cert: string, key: string) =>
    complaints(`${goodConfig}tls: { cert: ${cert}, key: ${key} }\n`, goodEnv, beside)
  expect(await tls('tls/cert.pem', 'tls/key.pem')).toEqual({ problems: [], warnings: [] })
  const spoken = await writeConfig(`${goodConfig}tls: { cert: tls/cert.pem, key: tls/key.pem, http2: true }\n`, beside)
  expect(loadConfig(spoken, goodEnv)).toMatchObject({ config: { tls: { http2: true } } })
  expect((await tls('other.pem', 'tls/key.pem')).problems).toEqual([
    expect.stringContaining('tls.key does not belong to the certificate'),
  ])
  expect((await tls('words.pem', 'tls/cert.pem')).problems).toEqual([
    expect.stringContaining('10:14: tls.cert does not hold a certificate in PEM form.'),
    expect.stringContaining('10:30: tls.key does not hold a private key in PEM form.'),
  ])
  expect((await tls('no.pem', 'tls/key.pem')).problems).toEqual([
    expect.stringContaining('tls.cert names "no.pem", which does not exist.'),
  ])
})

test('own TLS listens on 443, and warns of dates and hosts', async () => {
  const pair = await makeCertificate(['door.home.example'])
  const file = await writeConfig(`${goodConfig}tls: { cert: cert.pem, key: key.pem }\n`, {
    'cert.pem': pair.cert,
    'key.pem': pair.key,
  })
  const hosts = { path: 'tls.cert', message: 'is not valid for jellyfin.home.example.' }
  const later = loadConfig(file, goodEnv, createFakeClock(Date.now() + 30 * 86_400_000))
  expect(later).toMatchObject({
    config: { listen: [{ port: 443 }], tls: { cert: join(dirname(file), 'cert.pem'), http2: false } },
  })
  expect(later.warnings).toMatchObject([
    { path: 'tls.cert', message: expect.stringMatching(/^expired on \d{4}-\d\d-\d\d\.$/) },
    hosts,
  ])
  expect(loadConfig(file, goodEnv).warnings).toMatchObject([hosts])
  const soon = loadConfig(file, goodEnv, createFakeClock(Date.now() + 22 * 3_600_000)).warnings
  expect(soon).toMatchObject([{ path: 'tls.cert', message: expect.stringMatching(/^expires on /) }, hosts])
  await writeFile(file, `${httpConfig('door.lan')}insecure_http: true\ntls: { cert: cert.pem, key: key.pem }\n`)
  expect(loadConfig(file, goodEnv)).toMatchObject({
    problems: [{ path: 'tls', message: 'is given, but public_url begins with http://.' }],
  })
})

test('a secret that stands where the name of its file belongs is not printed', async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: how a config names a variable
  const mistaken = goodConfig.replace(/client_secret.*/, 'client_secret_file: ${OIDC_SECRET}')
  const { problems } = await complaints(mistaken)
  expect(problems).toEqual([expect.stringContaining('Its value must be the name of a file')])
  expect(problems.join()).not.toContain(goodEnv['OIDC_SECRET'])
})
