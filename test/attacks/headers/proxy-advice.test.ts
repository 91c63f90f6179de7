import { expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../../src/lib/clock.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { readHead } from '../../../src/traffic/reading/head.ts'
import { createProxyAdvice } from '../../../src/traffic/reading/proxy-advice.ts'
import { createFakeClock } from '../../support/clock.ts'
import { complaints, goodConfig } from '../../support/config-file.ts'
import { sendRaw } from '../../support/raw.ts'
import { type HarnessOptions, startTraffic } from '../../support/traffic-harness.ts'

async function startAdvised(parts: NonNullable<HarnessOptions['parts']>) {
  const clock = createFakeClock()
  const gate = await startTraffic({ clock, parts })
  return {
    gate,
    clock,
    /** Sends one request; what the log has been told since the last. */
    async told(...headers: string[]) {
      gate.notices.length = 0
      await sendRaw(gate.port, gate.anonymous('GET /', ...headers))
      return gate.notices.map(({ event, ...fields }) => [event, fields] as const)
    },
  }
}

test('a proxy that is not in the list is named once an hour, with the line that puts it in', async () => {
  const { gate, clock, told } = await startAdvised({ trustedProxies: ['10.0.0.1', 'fd00:1::/64'] })
  const remedy = 'trusted_proxies: [10.0.0.1, "fd00:1::/64", 127.0.0.1]'
  const advice = [
    'proxy_not_trusted',
    {
      peer: '127.0.0.1',
      why: 'it sends forwarding headers, which are not believed',
      remedy,
      warning: 'Only if this is your own proxy: whoever is listed can claim any address. Otherwise do nothing.',
    },
  ]
  expect(await told()).toEqual([])
  expect(await told('X-Forwarded-For: 1.2.3.4')).toEqual([advice])
  expect(await told('X-Forwarded-For: 6.6.6.6')).toEqual([])
  await clock.advance(HOUR - MINUTE)
  expect(await told('X-Real-IP: 1.2.3.4')).toEqual([])
  await clock.advance(MINUTE)
  for (const header of ['Forwarded: for=1.2.3.4', 'CF-Connecting-IP: 1.2.3.4', 'X-Forwarded-Proto: https']) {
    expect(await told(header)).toEqual([advice])
    await clock.advance(HOUR)
  }
  await gate.close()
  // The line is one that the config takes.
  expect(await complaints(`${goodConfig}${remedy}\n`)).toEqual({ problems: [], warnings: [] })
})

test('an https door that is reached by plain http and trusts nobody says what is missing', async () => {
  const { gate, told } = await startAdvised({ trustedProxies: [] })
  expect(await told()).toMatchObject([
    [
      'proxy_not_trusted',
      { why: 'public_url is https, but this came as plain http', remedy: 'trusted_proxies: [127.0.0.1]' },
    ],
  ])
  expect(await told('X-Forwarded-For: 1.2.3.4')).toEqual([])
  await gate.close()
  const plain = await startAdvised({ trustedProxies: [], publicScheme: 'http' })
  expect(await plain.told()).toEqual([])
  await plain.gate.close()
})

test('a proxy in the list that does not name clients, or says that they came by plain http, is told of', async () => {
  const { gate, told } = await startAdvised({ trustedProxies: ['127.0.0.1'] })
  expect(await told('X-Forwarded-For: 1.2.3.4', 'X-Forwarded-Proto: https')).toEqual([])
  expect(await told('X-Forwarded-Proto: https')).toMatchObject([['proxy_hides_clients', { peer: '127.0.0.1' }]])
  expect(await told('X-Forwarded-Proto: https')).toEqual([])
  const asked = await startAdvised({ trustedProxies: ['127.0.0.1'] })
  await sendRaw(asked.gate.port, 'GET /health HTTP/1.1\r\nHost: door.home.example\r\nConnection: close\r\n\r\n')
  expect(asked.gate.notices).toEqual([])
  await asked.gate.close()
  for (const proto of ['http', 'HTTP, https', 'ws']) {
    const said = await startAdvised({ trustedProxies: ['127.0.0.1'] })
    expect(await said.told('X-Forwarded-For: 1.2.3.4', `X-Forwarded-Proto: ${proto}`)).toMatchObject([
      ['proxy_says_http', { peer: '127.0.0.1' }],
    ])
    await said.gate.close()
  }
  await gate.close()
})

test('whoever has many addresses fills no log with advice, and hides none', async () => {
  const clock = createFakeClock()
  const lines: unknown[] = []
  const advise = createProxyAdvice({
    clock,
    log: { ...silentLog, warn: (_event, fields) => void lines.push(fields?.['peer']) },
    trustedProxies: ['10.0.0.1'],
    publicScheme: 'https',
    tlsHere: false,
  })
  const head = readHead('GET', '1.1', '/', ['X-Forwarded-For', '1.2.3.4'])
  const knock = (from: number, to: number) => {
    for (let i = from; i < to; i++) advise({ address: `203.0.113.${i}`, trusted: false }, head)
  }
  knock(0, 100)
  expect(lines).toHaveLength(20)
  advise({ address: '172.18.0.3', trusted: false }, head)
  expect(lines.splice(20)).toEqual(['172.18.0.3'])
  await clock.advance(HOUR)
  knock(100, 200)
  expect(lines.slice(20)).toEqual(Array.from({ length: 20 }, (_, i) => `203.0.113.${100 + i}`))
})
