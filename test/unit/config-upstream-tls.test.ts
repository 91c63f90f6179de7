import { X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { effectiveYaml } from '../../src/config/effective.ts'
import { loadConfig } from '../../src/config/load.ts'
import { makeAuthority, makeCertificate } from '../support/certificate.ts'
import { complaints, goodConfig, goodEnv, writeConfig } from '../support/config-file.ts'

const DAY = 86_400_000
const https = goodConfig.replace('http://jellyfin:8096', 'https://jellyfin:8920')
const withTls = (options: string, config = https) => `${config}    upstream_tls: ${options}\n`
const past = { from: new Date(Date.now() - 3 * DAY), until: new Date(Date.now() - DAY) }

test('upstream_tls is read, and shown without the certificates themselves', async () => {
  const { fingerprint256 } = new X509Certificate((await makeCertificate(['a'])).cert)
  const spellings = [
    fingerprint256,
    fingerprint256.replaceAll(':', '').toLowerCase(),
    `sha256 Fingerprint=${fingerprint256}`,
  ]
  for (const spelling of spellings) {
    const loaded = loadConfig(await writeConfig(withTls(`{ fingerprint: "${spelling}" }`)), goodEnv)
    expect(loaded).toMatchObject({ config: { apps: [{ upstreamTls: { fingerprint: [fingerprint256] } }] } })
  }
  const file = await writeConfig(withTls('{ ca_file: ca.pem, server_name: Pve.LAN }'), {
    'ca.pem': (await makeAuthority()).cert,
  })
  const loaded = loadConfig(file, goodEnv)
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems))
  expect(loaded.config.apps[0]?.upstreamTls?.serverName).toBe('pve.lan')
  expect(effectiveYaml(loaded.config)).toContain('upstream_tls:\n      ca_file: ca.pem\n      server_name: pve.lan\n')
})

test('a ca_file that cannot be used is a problem, and one that vouches for nobody a warning', async () => {
  const root = await makeAuthority('Root')
  const beside = {
    'words.pem': 'words',
    'cut.pem': root.cert.slice(0, 200),
    'old.pem': `${root.cert}\n${(await makeAuthority('Old', past)).cert}`,
    'between.pem': (await makeAuthority('Between', { ca: root })).cert,
  }
  const of = (name: string) => complaints(withTls(`{ ca_file: ${name} }`), goodEnv, beside)
  expect((await of('no.pem')).problems).toEqual([
    expect.stringContaining('ca_file names "no.pem", which does not exist.'),
  ])
  for (const name of ['words.pem', 'cut.pem'])
    expect((await of(name)).problems).toEqual([expect.stringContaining('does not hold certificates in PEM form.')])
  expect(await of('old.pem')).toMatchObject({
    problems: [],
    warnings: [expect.stringMatching(/upstream_tls\.ca_file holds "CN=Old", which expired on /)],
  })
  expect((await of('between.pem')).warnings).toEqual([expect.stringContaining('which somebody else signed.')])
})

test.each([
  ['{ server_name: 10.0.0.1 }', 'server_name is an address.'],
  ['{ server_name: "a.b:443" }', 'server_name has a port.'],
  ['{ fingerprint: AB:CD }', 'fingerprint is not the SHA-256 of a certificate'],
  [`{ fingerprint: [${'AB'.repeat(32)}, x] }`, 'fingerprint[1] is not the SHA-256'],
  ['{ insecure: true }', 'upstream_tls.insecure is not an option'],
])('upstream_tls: %s is refused', async (options, says) => {
  expect((await complaints(withTls(options))).problems).toEqual([expect.stringContaining(says)])
})

test('upstream_tls is refused where it would mean nothing', async () => {
  expect((await complaints(withTls('{ server_name: a }', goodConfig))).problems).toEqual([
    expect.stringContaining('upstream_tls is given, but upstream begins with http://.'),
  ])
  const both = `{ ca_file: ca.pem, fingerprint: "${'AB'.repeat(32)}" }`
  expect((await complaints(withTls(both), goodEnv, { 'ca.pem': (await makeAuthority()).cert })).problems).toEqual([
    expect.stringContaining('ca_file is given together with fingerprint.'),
  ])
})
