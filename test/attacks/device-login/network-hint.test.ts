import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { isWhereItWas, type NetworkHint, networkHint, type Place } from '../../../src/lib/place.ts'
import { createArrivals } from '../../../src/traffic/reading/arrival.ts'
import { readHead } from '../../../src/traffic/reading/head.ts'
import { createSharedAddresses } from '../../../src/traffic/reading/shared-addresses.ts'

/** This machine is 192.168.1.5 behind the router 192.168.1.1, or a container behind 172.17.0.1 and fd00:dead::1. */
const isShared = createSharedAddresses('door.home.example', () => ({
  gateways: new Set(['192.168.1.1', '172.17.0.1', 'fd00:dead::1']),
  own: new Set(['192.168.1.5', '172.17.0.2', '2001:db8:1:2::5']),
}))

/** Somebody who connects from `peer` and sends these headers. */
type Sender = [peer: string, ...headers: string[]]

function placeOf([peer, ...headers]: Sender, trusted: readonly string[]): Place {
  const raw = headers.flatMap((header) => header.split(/: (.*)/s).slice(0, 2))
  const arrivals = createArrivals(trusted, isShared)
  return arrivals({ remoteAddress: peer } as Socket, readHead('GET', '1.1', '/', raw)).place
}

type Case = [what: string, screen: Sender, phone: Sender, hint: NetworkHint]

/** Both ways round: the hint knows no direction. */
function expectHints(trusted: readonly string[], cases: readonly Case[]): void {
  for (const [what, screen, phone, hint] of cases) {
    const [one, other] = [placeOf(screen, trusted), placeOf(phone, trusted)]
    expect([what, networkHint(one, other), networkHint(other, one)]).toEqual([what, hint, hint])
  }
}

const tv = '192.168.1.20'
const hand = '192.168.1.31'
const xff = (...addresses: string[]) => `X-Forwarded-For: ${addresses.join(', ')}`

test('U18: without anything in front, the addresses of the connections decide', () => {
  expectHints(
    [],
    [
      ['at home', [tv], [hand], 'same'],
      ['at home, as Node names IPv4 on an IPv6 socket', [`::ffff:${tv}`], [`::ffff:${hand}`], 'same'],
      ['two private networks', [tv], ['192.168.2.31'], 'different'],
      ['a phone in a VPN', [tv], ['10.8.0.2'], 'different'],
      ['a phone on mobile data, the screen behind its private address', [tv], ['198.51.100.9'], 'unknown'],
      ['one public address: a home behind NAT', ['203.0.113.7'], ['203.0.113.7'], 'same'],
      ['two public addresses', ['203.0.113.7'], ['198.51.100.9'], 'different'],
      ['shared address space of a provider', ['100.64.1.1'], ['100.64.1.1'], 'unknown'],
      ['its last address', ['100.127.255.254'], ['100.127.255.254'], 'unknown'],
      ['addresses next to it', ['100.63.1.1'], ['100.128.1.1'], 'different'],
      ['IPv6, one /64', ['2001:db8:1:2::7'], ['2001:db8:1:2:a:b:c:d'], 'same'],
      ['IPv6, another /64 of one /56', ['2001:db8:1:2::7'], ['2001:db8:1:3::9'], 'different'],
      ['IPv6 and IPv4', ['2001:db8:1:2::7'], ['203.0.113.7'], 'unknown'],
      ['unique-local, one /64', ['fd12:3456:789a:1::7'], ['fd12:3456:789a:1::9'], 'same'],
      ['unique-local, two', ['fd12:3456:789a:1::7'], ['fd12:3456:789a:2::9'], 'different'],
      ['unique-local and global', ['fd12:3456:789a:1::7'], ['2001:db8:1:2::7'], 'unknown'],
      ['link-local is the same prefix on every link', ['fe80::1%eth0'], ['fe80::2%wlan0'], 'unknown'],
      ['so is 169.254.0.0/16', ['169.254.1.1'], ['169.254.1.1'], 'unknown'],
      ['translated IPv4 in one prefix (RFC 6052)', ['64:ff9b::203.0.113.7'], ['64:ff9b::198.51.100.9'], 'unknown'],
      ['Teredo: customers of one relay', ['2001:0:1:2::7'], ['2001:0:1:2::9'], 'unknown'],
    ],
  )
})

test("U18: one private address for both is a proxy's, not a home's", () => {
  expectHints(
    [],
    [
      ['a proxy that tells nothing, in another container', ['172.18.0.3'], ['172.18.0.3'], 'unknown'],
      ["a tunnel's end", ['10.8.0.1'], ['10.8.0.1'], 'unknown'],
      ['a proxy with a global IPv6 address', ['2001:db8:1:2::80'], ['2001:db8:1:2::80'], 'unknown'],
      ["a cluster's node", ['10.42.1.0'], ['10.42.1.0'], 'unknown'],
    ],
  )
  // One device at two times does have one address.
  const then = placeOf([tv], [])
  expect(isWhereItWas(then, placeOf([tv], []))).toBe(true)
  expect(isWhereItWas(then, placeOf(['192.168.1.77'], []))).toBe(true)
  expect(isWhereItWas(then, placeOf(['192.168.2.20'], []))).toBe(false)
  expect(isWhereItWas(then, placeOf([tv, xff(tv)], []))).toBe(false)
})

test('U18: what a container, a router or this machine translates says nothing', () => {
  expectHints(
    [],
    [
      ['published port of a container', ['172.17.0.1'], ['172.17.0.1'], 'unknown'],
      ['and somebody in a container beside', ['172.17.0.1'], ['172.17.0.9'], 'unknown'],
      ['the same by IPv6', ['fd00:dead::1'], ['fd00:dead::9'], 'unknown'],
      ['a router that leads requests back in', ['192.168.1.1'], [hand], 'unknown'],
      ['a proxy on this machine, by its own address', ['192.168.1.5'], [hand], 'unknown'],
      ['and by its global one', ['2001:db8:1:2::5'], ['2001:db8:1:2::9'], 'unknown'],
      ['and by loopback', ['127.0.0.1'], ['127.0.0.1'], 'unknown'],
    ],
  )
})

test('U18: behind a proxy that is not in the list nobody is said to be at home', () => {
  const proxy = '203.0.113.80'
  expectHints(
    [],
    [
      ['a remote screen and a phone at home', [proxy, xff('198.51.100.9')], [proxy, xff('203.0.113.7')], 'unknown'],
      ['only the screen comes that way', [proxy, xff('198.51.100.9')], [proxy], 'unknown'],
      ['a proxy on the LAN', ['192.168.1.2', xff('198.51.100.9')], [hand], 'unknown'],
      ['it tells the scheme alone', [proxy, 'X-Forwarded-Proto: https'], [proxy], 'unknown'],
      ['it writes RFC 7239', [proxy, 'Forwarded: for=198.51.100.9'], [proxy], 'unknown'],
      ['it is nginx with X-Real-IP', [proxy, 'X-Real-IP: 198.51.100.9'], [proxy], 'unknown'],
      ['it is Cloudflare', [proxy, 'CF-Connecting-IP: 198.51.100.9'], [proxy], 'unknown'],
    ],
  )
})

test('U18: behind a proxy in the list what it tells decides', () => {
  expectHints(
    ['127.0.0.1', '172.18.0.0/16'],
    [
      ['at home, through split DNS', ['127.0.0.1', xff(tv)], ['127.0.0.1', xff(hand)], 'same'],
      ['at home, from outside', ['127.0.0.1', xff('203.0.113.7')], ['127.0.0.1', xff('203.0.113.7')], 'same'],
      ['a stranger', ['127.0.0.1', xff('198.51.100.9')], ['127.0.0.1', xff('203.0.113.7')], 'different'],
      ['through two', ['127.0.0.1', xff('203.0.113.7', '172.18.0.3')], ['127.0.0.1', xff('203.0.113.7')], 'same'],
      ['it tells nothing', ['127.0.0.1'], ['127.0.0.1'], 'unknown'],
      ['it tells nonsense', ['127.0.0.1', xff('a')], ['127.0.0.1', xff('a')], 'unknown'],
      ['it tells of itself alone', ['127.0.0.1', xff('172.18.0.9')], ['127.0.0.1', xff('172.18.0.9')], 'unknown'],
      ['an IPv6 home', ['127.0.0.1', xff('2001:db8:1:2::7')], ['127.0.0.1', xff('[2001:DB8:1:2::9]:80')], 'same'],
      [
        'mapped IPv4, in hexadecimal',
        ['127.0.0.1', xff('::ffff:cb00:7107')],
        ['127.0.0.1', xff('203.0.113.7')],
        'same',
      ],
      ['and two of those', ['127.0.0.1', xff('::ffff:cb00:7107')], ['127.0.0.1', xff('::ffff:c633:6409')], 'different'],
    ],
  )
})

test('U18: a tunnel on this machine tells as any proxy does', () => {
  // cloudflared passes on what Cloudflare wrote: the client last in X-Forwarded-For, and once more in CF-Connecting-IP.
  const through = (client: string, ...before: string[]): Sender => [
    '127.0.0.1',
    xff(...before, client),
    `CF-Connecting-IP: ${client}`,
    'X-Forwarded-Proto: https',
  ]
  expectHints(
    ['127.0.0.1'],
    [
      ['at home', through('203.0.113.7'), through('203.0.113.7'), 'same'],
      ['a stranger', through('198.51.100.9'), through('203.0.113.7'), 'different'],
      [
        'a stranger who says to be at home',
        through('198.51.100.9', '203.0.113.7'),
        through('203.0.113.7'),
        'different',
      ],
    ],
  )
  expectHints([], [['not in the list', through('203.0.113.7'), through('203.0.113.7'), 'unknown']])
})

test('U18: a content network in front of the proxy hides who asks until it is in the list as well', () => {
  const through = (client: string): Sender => ['127.0.0.1', xff(client, '172.64.0.9'), `CF-Connecting-IP: ${client}`]
  const strangers: Case = ['two clients of one edge', through('198.51.100.9'), through('203.0.113.7'), 'unknown']
  expectHints(['127.0.0.1'], [strangers])
  expectHints(['127.0.0.1', '172.64.0.0/13'], [[...strangers.slice(0, 3), 'different'] as unknown as Case])
})

test('U18: the same private range behind two proxies is not one network', () => {
  expectHints(
    ['127.0.0.1', '10.8.0.2', '10.8.0.3'],
    [
      ['two sites', ['10.8.0.2', xff(tv)], ['10.8.0.3', xff(hand)], 'unknown'],
      ['one of them', ['10.8.0.2', xff(tv)], ['10.8.0.2', xff(hand)], 'same'],
      ['here and there', ['10.8.0.2', xff(tv)], [hand], 'unknown'],
      [
        'two sites behind one more proxy',
        ['127.0.0.1', xff(tv, '10.8.0.2')],
        ['127.0.0.1', xff(hand, '10.8.0.3')],
        'unknown',
      ],
      ['one site behind it', ['127.0.0.1', xff(tv, '10.8.0.2')], ['127.0.0.1', xff(hand, '10.8.0.2')], 'same'],
      // A public address is one wherever it was seen.
      ['a public address', ['10.8.0.2', xff('203.0.113.7')], ['10.8.0.3', xff('203.0.113.7')], 'same'],
    ],
  )
})

test('U18: a header can take a claim of the same network away, and never bring one', () => {
  const claims = (address: string) => [
    [xff(address)],
    [`Forwarded: for=${address}`],
    [`Forwarded: for="[${address}]:80";proto=https`],
    ['Forwarded: for=unknown'],
    ['Forwarded: proto=https'],
    [`X-Real-IP: ${address}`],
    [`CF-Connecting-IP: ${address}`],
    [`True-Client-IP: ${address}`],
    [`X-Real-IP: ${address}`, `CF-Connecting-IP: 198.51.100.9`],
    [`X-Real-IP: a`],
    ['X-Forwarded-Proto: https'],
    ['X-Forwarded-Host: door.home.example'],
  ]
  const home = '203.0.113.7'
  for (const headers of claims(home)) {
    // A stranger's screen claims the home's address, to a gateway that stands alone and to one behind a proxy.
    expectHints([], [[headers.join(), ['198.51.100.9', ...headers], [home], 'different']])
    const [first = '', ...rest] = headers
    const sent = first.startsWith('X-Forwarded-For') ? [`${first}, 198.51.100.9`] : [...headers, xff('198.51.100.9')]
    expectHints(
      ['127.0.0.1'],
      [[headers.join(), ['127.0.0.1', ...sent, ...rest], ['127.0.0.1', xff(home)], 'different']],
    )
    // Nor does it help between private networks.
    expectHints([], [[headers.join(), ['192.168.9.9', ...headers], [hand], 'different']])
  }
  for (const headers of claims('198.51.100.9')
    .slice(0, -2)
    .filter(([header]) => !header?.startsWith('X-Forwarded-For'))) {
    const screen: Sender = ['127.0.0.1', xff(home), ...headers]
    expectHints(['127.0.0.1'], [[headers.join(), screen, ['127.0.0.1', xff(home)], 'unknown']])
  }
})
