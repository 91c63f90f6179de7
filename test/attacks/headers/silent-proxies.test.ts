import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { MINUTE } from '../../../src/lib/clock.ts'
import {
  createSharedAddresses,
  gatewaysIn,
  gatewaysIn6,
  hidingHere,
} from '../../../src/traffic/reading/shared-addresses.ts'
import { createFakeClock } from '../../support/clock.ts'
import { useHouse } from '../../support/house.ts'
import { signedInPhone } from '../../support/let-in.ts'
import { openOnTelevision } from '../../support/television.ts'

const house = useHouse({ trustLoopback: true })

/** A container of 172.17.0.0/16, as Linux shows it. */
const routes = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask
eth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000
eth0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF
`
/** One with an IPv6 network of its own. */
const routes6 = `fd00dead000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 fd00dead000000000000000000000001 00000400 00000002 00000000 00000003     eth0
00000000000000000000000000000001 80 00000000000000000000000000000000 00 00000000000000000000000000000000 00000000 00000002 00000000 80200001       lo
`
const gateways = new Set([...gatewaysIn(routes), ...gatewaysIn6(routes6)])
const own = new Set(['192.168.1.5', 'fd00:dead::2'])
const table = '/proc/net/route'
const [ownGateway] = existsSync(table) ? gatewaysIn(readFileSync(table, 'latin1')) : []

test('U18: a proxy that tells nothing, and a container, hide who asks', () => {
  const isShared = createSharedAddresses('door.home.example', () => ({ gateways, own }))
  for (const address of ['127.0.0.1', '127.8.9.1', '::1', '172.17.0.1', 'fd00:dead::1', ...own]) {
    expect([address, isShared(address)]).toEqual([address, true])
  }
  for (const address of ['192.168.1.20', '172.17.0.2', '203.0.113.7', '2001:db8::1']) {
    expect([address, isShared(address)]).toEqual([address, false])
  }
  // At home on this machine, loopback is where people are.
  for (const door of ['door.localhost', 'localhost', '127.0.0.1', '[::1]']) {
    expect([door, createSharedAddresses(door, () => ({ gateways, own }))('127.0.0.1')]).toEqual([door, false])
  }
  for (const [door, address] of [
    ['192.168.1.5', '192.168.1.5'],
    ['[fd00:dead::2]', 'fd00:dead::2'],
  ] as const) {
    expect([door, createSharedAddresses(door, () => ({ gateways, own }))(address)]).toEqual([door, false])
  }
})

test('only gateways are read from tables of routes', () => {
  expect([...gatewaysIn6(routes6)]).toEqual(['fd00:dead::1'])
  expect([...gatewaysIn6('no table\nat all 00 zz\n')]).toEqual([])
  expect([...gatewaysIn(routes)]).toEqual(['172.17.0.1'])
  expect([...gatewaysIn('')]).toEqual([])
  expect([...gatewaysIn('no table\nat all 00 zz\n')]).toEqual([])
})

test('U18: a network that comes up after the gateway hides who asks within a minute', async () => {
  const clock = createFakeClock()
  let reads = 0
  let up = false
  const isShared = createSharedAddresses(
    'door.home.example',
    hidingHere(clock, () => {
      reads++
      return { gateways: new Set(up ? ['172.17.0.1'] : []), own }
    }),
  )
  expect(isShared('172.17.0.1')).toBe(false)
  up = true
  await clock.advance(MINUTE - 1)
  expect([isShared('172.17.0.1'), reads]).toEqual([false, 1])
  await clock.advance(1)
  expect([isShared('172.17.0.1'), isShared('172.17.0.1'), reads]).toEqual([true, true, 2])
})

test.skipIf(ownGateway === undefined)(
  'U18: two that come through our own gateway are not said to be on the same network',
  async () => {
    const hidden = { 'x-forwarded-for': ownGateway ?? '' }
    const tv = await openOnTelevision(house, { headers: hidden })
    const html = await (await (await signedInPhone(house)).go(tv.link, undefined, hidden)).text()
    expect(/<b class="(same|different|unknown)"/.exec(html)?.[1]).toBe('unknown')
  },
)
