import { expect, test } from 'vitest'
import { effectiveYaml } from '../../src/config/effective.ts'
import { loadConfig } from '../../src/config/load.ts'
import { makeAuthority } from '../support/certificate.ts'
import { complaints, goodConfig, goodEnv, writeConfig } from '../support/config-file.ts'

const withLines = (lines: string, config = goodConfig) => config.replace('  client_id', `  ${lines}\n  client_id`)
const atHome = goodConfig
  .replaceAll('home.example', 'lan')
  .replaceAll('https:', 'http:')
  .concat('insecure_http: true\n')

test('how the provider is reached is read, and shown without the certificates themselves', async () => {
  const lines =
    'ca_file: ca.pem\n  internal_url: https://CADDY:443\n  endpoint_hosts: [Api.home.example, "b.example:8443"]'
  const file = await writeConfig(withLines(lines), { 'ca.pem': (await makeAuthority()).cert })
  const loaded = loadConfig(file, goodEnv)
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems))
  expect(loaded.config.providers.default).toMatchObject({
    internalUrl: 'https://caddy',
    endpointHosts: ['api.home.example', 'b.example:8443'],
  })
  expect(effectiveYaml(loaded.config)).toContain('ca_file: ca.pem\n    internal_url: https://caddy\n')
})

test.each([
  ['internal_url: http://caddy', 'internal_url must begin with https://, as issuer does.'],
  ['internal_url: https://caddy/auth', 'internal_url has more than scheme, host and port.'],
  ['internal_url: caddy', 'internal_url is not an address.'],
  ['endpoint_hosts: ["https://api.example"]', 'endpoint_hosts[0] begins with a scheme.'],
  ['endpoint_hosts: ["*.example"]', 'endpoint_hosts[0] has a wildcard.'],
  ['ca_file: no.pem', 'ca_file names "no.pem", which does not exist.'],
])('provider: %s is refused', async (line, says) => {
  expect((await complaints(withLines(line))).problems).toEqual([expect.stringContaining(`provider.${says}`)])
})

test('J29: plain http to the inner address of a provider stays at home as well', async () => {
  expect((await complaints(withLines('internal_url: http://10.0.0.2:9000', atHome))).problems).toEqual([])
  expect((await complaints(withLines('internal_url: http://8.8.8.8', atHome))).problems).toEqual([
    expect.stringContaining('provider.internal_url is not an address of a home network.'),
  ])
  expect((await complaints(withLines('internal_url: https://10.0.0.2', atHome))).problems).toEqual([
    expect.stringContaining('provider.internal_url must begin with http://'),
  ])
})
