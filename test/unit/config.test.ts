import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { effectiveConfig, effectiveYaml } from '../../src/config/effective.ts'
import { loadConfig } from '../../src/config/load.ts'
import { goodConfig, goodEnv, writeConfig } from '../support/config-file.ts'

function load(file: string, env: NodeJS.ProcessEnv = goodEnv) {
  const loaded = loadConfig(file, env)
  if ('problems' in loaded) throw new Error(inspect(loaded.problems))
  return loaded
}

test('the shortest config gets every safe default', async () => {
  const file = await writeConfig(goodConfig)
  const { config, warnings } = load(file)
  expect(warnings).toEqual([])
  expect(effectiveConfig(config)).toEqual({
    public_url: 'https://door.home.example',
    name: 'Home',
    providers: {
      default: {
        issuer: 'https://id.home.example',
        client_id: 'entryphone',
        client_secret: '[secret]',
        client_auth: 'auto',
        scopes: ['openid', 'profile', 'email'],
        groups_claim: 'groups',
        endpoint_hosts: [],
      },
    },
    apps: {
      jellyfin: {
        host: 'jellyfin.home.example',
        title: 'Jellyfin',
        upstream: 'http://jellyfin:8096',
        recipe: 'generic',
        cors: [],
        trusted_origins: [],
        request_headers: [],
      },
    },
    device_login: { grant: 'auto' },
    listen: [':8080'],
    trusted_proxies: [],
    insecure_http: false,
    data_dir: join(dirname(file), 'data'),
    stop: { drain: '0s', finish: '5s' },
    log: { level: 'info' },
  })
})

test('every option arrives, in one spelling, with absolute paths', async () => {
  const file = await writeConfig(
    `public_url: HTTP://Door.LAN:80/
name: Cottage
providers:
  default: { issuer: http://192.168.1.2:8000/realms/home/, client_id: e, client_secret_file: secrets/oidc, client_auth: basic,
    profile: keycloak, scopes: [openid, groups], groups_claim: roles }
apps:
  home-assistant: { host: "HA.lan:8123", upstream: "https://[FD00::1]:8123/", allow: { groups: [a], emails: [B@c.de], subjects: [s] },
    cors: "*", trusted_origins: ["https://X.example:443", "capacitor://localhost"], request_headers: [X-Plex-*, Depth], title: HA }
  door_cam: { host: cam, upstream: http://10.0.0.3, allow: {}, cors: [https://a.example], recipe: generic }
listen: [":8080", "[::1]:80", "Localhost:81"]
trusted_proxies: [127.0.0.1, "fd00::/8"]
insecure_http: true
data_dir: /var/lib/entryphone
key_file: key
device_login: { grant: provider }
stop: { drain: 20s, finish: 2m }
log: { level: debug }
`,
    { 'secrets/oidc': ' top secret\n', key: 'x' },
  )
  const { config } = load(file)
  expect(config).toMatchObject({
    file,
    publicUrl: 'http://door.lan',
    name: 'Cottage',
    listen: [
      { host: undefined, port: 8080 },
      { host: '::1', port: 80 },
      { host: 'localhost', port: 81 },
    ],
    trustedProxies: ['127.0.0.1', 'fd00::/8'],
    tls: undefined,
    insecureHttp: true,
    dataDir: '/var/lib/entryphone',
    keyFile: join(dirname(file), 'key'),
    deviceLogin: { grant: 'provider' },
    stop: { drain: 20_000, finish: 120_000 },
    log: { level: 'debug' },
  })
  expect(config.providers.default).toMatchObject({
    issuer: 'http://192.168.1.2:8000/realms/home/',
    clientAuth: 'basic',
    profile: 'keycloak',
    scopes: ['openid', 'groups'],
    groupsClaim: 'roles',
  })
  expect(config.providers.default.clientSecret?.reveal()).toBe('top secret')
  expect(config.apps).toEqual([
    {
      name: 'home-assistant',
      title: 'HA',
      authority: 'ha.lan:8123',
      origin: 'http://ha.lan:8123',
      upstream: 'https://[fd00::1]:8123',
      recipe: 'generic',
      allow: { groups: ['a'], emails: ['B@c.de'], subjects: ['s'] },
      cors: ['*'],
      trustedOrigins: ['https://x.example', 'capacitor://localhost'],
      requestHeaders: ['x-plex-*', 'depth'],
    },
    {
      name: 'door_cam',
      title: 'Door cam',
      authority: 'cam',
      origin: 'http://cam',
      upstream: 'http://10.0.0.3',
      recipe: 'generic',
      allow: {},
      cors: ['https://a.example'],
      upstreamTls: undefined,
      trustedOrigins: [],
      requestHeaders: [],
    },
  ])
})

test('a config cannot be changed', async () => {
  const { config } = load(await writeConfig(goodConfig))
  for (const part of [config, config.apps, config.apps[0], config.apps[0]?.cors, config.providers.default.scopes]) {
    expect(Object.isFrozen(part)).toBe(true)
  }
})

test('a secret shows itself to nobody who does not ask for it', async () => {
  const { config } = load(await writeConfig(goodConfig))
  const secret = config.providers.default.clientSecret
  expect(secret?.reveal()).toBe(goodEnv.OIDC_SECRET)
  const prints = [
    inspect(config, { depth: 9, showHidden: true }),
    JSON.stringify(config),
    `${secret}`,
    effectiveYaml(config),
  ]
  for (const print of prints) {
    expect(print).toContain('[secret]')
    expect(print).not.toContain(goodEnv.OIDC_SECRET)
  }
})

test('a variable fills in any value, and $${ stays as text', async () => {
  const text = goodConfig.replace('door.home.example', `door.\${DOMAIN}`).concat(`name: "a $\${b} \${EMPTY}c"\n`)
  const { config } = load(await writeConfig(text), { ...goodEnv, DOMAIN: 'home.arpa', EMPTY: '' })
  expect(config.publicUrl).toBe('https://door.home.arpa')
  expect(config.name).toBe(`a \${b} c`)
})

test('what check shows is a config that means the same', async () => {
  const file = await writeConfig(goodConfig)
  const { config } = load(file)
  await writeFile(file, effectiveYaml(config).replace('"[secret]"', `\${OIDC_SECRET}`))
  expect(effectiveConfig(load(file).config)).toEqual(effectiveConfig(config))
})

test('an anchor shares a list of people between apps', async () => {
  const text = `${goodConfig}    allow: &us { emails: [a@b.c] }\n  two: { host: two.home.example, upstream: http://two, allow: *us }\n`
  const { config } = load(await writeConfig(text))
  expect(config.apps[1]?.allow).toEqual({ emails: ['a@b.c'] })
})
