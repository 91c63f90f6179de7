import { expect, test } from 'vitest'
import { effectiveConfig } from '../../src/config/effective.ts'
import { loadConfig } from '../../src/config/load.ts'
import { makeCertificate } from '../support/certificate.ts'
import { complaints, goodConfig, goodEnv, writeConfig } from '../support/config-file.ts'

const pair = await makeCertificate(['door.home.example', 'jellyfin.home.example'])
const beside = { 'cert.pem': pair.cert, 'key.pem': pair.key }
const TLS = 'tls: { cert: cert.pem, key: key.pem }\n'

async function redirectOf(lines: string) {
  const loaded = loadConfig(await writeConfig(goodConfig + lines, beside), goodEnv)
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems))
  return { ...loaded.config.httpRedirect, shown: effectiveConfig(loaded.config)['http_redirect'] }
}

test('plain http leads to https on port 80 by itself with tls, unless listen or false says otherwise', async () => {
  const port80 = { address: { host: undefined, port: 80 }, shown: ':80' }
  expect(await redirectOf(TLS)).toEqual({ ...port80, byDefault: true })
  expect(await redirectOf(`${TLS}http_redirect: ":80"\n`)).toEqual({ ...port80, byDefault: false })
  for (const lines of [`${TLS}http_redirect: false\n`, `${TLS}listen: ":8443"\n`, ''])
    expect(await redirectOf(lines)).toEqual({ shown: undefined })
  expect(await redirectOf(`${TLS}listen: ":8443"\nhttp_redirect: "127.0.0.1:8080"\n`)).toEqual({
    address: { host: '127.0.0.1', port: 8080 },
    byDefault: false,
    shown: '127.0.0.1:8080',
  })
})

test.each([
  ['http_redirect: ":80"\n', 'http_redirect is given without tls.'],
  [`${TLS}http_redirect: "80"\n`, 'http_redirect is not host:port.'],
  [`${TLS}http_redirect: ":443"\n`, 'http_redirect is a port of listen.'],
  [`${TLS}http_redirect: 80\n`, 'http_redirect must be'],
  [`${TLS}http_redirect: true\n`, 'http_redirect must be'],
])('%j is refused', async (lines, says) => {
  expect((await complaints(goodConfig + lines, goodEnv, beside)).problems).toEqual([expect.stringContaining(says)])
})
