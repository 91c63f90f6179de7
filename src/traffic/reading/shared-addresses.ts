import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import type { Clock } from '../../lib/clock.ts'
import { MINUTE } from '../../lib/clock.ts'
import { withoutBrackets } from '../../lib/hostname.ts'
import { canonicalAddress } from '../../lib/ip-address.ts'

/** Whether an address stands for anybody at all, so that two requests from it say nothing of where people are. */
export type IsShared = (address: string) => boolean

/** What hides who asks, besides loopback: our network's gateways, and this machine, where a proxy may run. */
export type Hiding = { gateways: ReadonlySet<string>; own: ReadonlySet<string> }

/**
 * Knows the addresses that hide who asks: gateways of our own network, loopback and this machine's own, unless that is
 * where people open the door (`doorHost`). A hint that is wrong is worse than none: it says that a stranger's screen is
 * at home.
 */
export function createSharedAddresses(doorHost: string, hiding: () => Hiding): IsShared {
  const loopbackIsHome = isLoopback(withoutBrackets(doorHost)) || /(?:^|\.)localhost$/.test(doorHost)
  const home = canonicalAddress(withoutBrackets(doorHost))
  return (address) => {
    if (isLoopback(address)) return !loopbackIsHome
    const { gateways, own } = hiding()
    return gateways.has(address) || (own.has(address) && address !== home)
  }
}

/**
 * The gateways in the text of Linux's `/proc/net/route`. What comes from one has been translated on its way: by a
 * container's network, or by a router that leads its own network's requests back in.
 */
export function gatewaysIn(routes: string): ReadonlySet<string> {
  const fields = routes.split('\n').map((line) => line.trim().split(/\s+/))
  return new Set(fields.flatMap(([, , gateway = '']) => addressOf4(gateway) ?? []))
}

/** The gateways in the text of Linux's `/proc/net/ipv6_route`, whose fifth column is the next hop. */
export function gatewaysIn6(routes: string): ReadonlySet<string> {
  const fields = routes.split('\n').map((line) => line.trim().split(/\s+/))
  return new Set(fields.flatMap(([, , , , hop = '']) => addressOf6(hop) ?? []))
}

/** What `read` finds, looked up again after a minute: networks come up after us, and change. */
export function hidingHere(clock: Clock, read: () => Hiding = readHiding): () => Hiding {
  let found = read()
  let until = clock.now() + MINUTE
  return () => {
    const now = clock.now()
    if (now >= until || now < until - MINUTE) {
      found = read()
      until = now + MINUTE
    }
    return found
  }
}

function readHiding(): Hiding {
  const interfaces = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return {
    gateways: new Set([...gatewaysIn(textOf('/proc/net/route')), ...gatewaysIn6(textOf('/proc/net/ipv6_route'))]),
    own: new Set(interfaces.flatMap(({ address }) => canonicalAddress(address) ?? [])),
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    // Another system than Linux, or a sandbox.
    return ''
  }
}

/** From eight hexadecimal digits, the lowest byte first. */
function addressOf4(hex: string): string | undefined {
  if (!/^[0-9A-F]{8}$/i.test(hex) || hex === '00000000') return undefined
  return [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join('.')
}

/** From 32 hexadecimal digits, in the order of the address. */
function addressOf6(hex: string): string | undefined {
  if (!/^[0-9a-f]{32}$/i.test(hex) || /^0+$/.test(hex)) return undefined
  return canonicalAddress((hex.match(/.{4}/g) ?? []).join(':'))
}

function isLoopback(host: string): boolean {
  return /^127\.\d+\.\d+\.\d+$/.test(host) || host === '::1'
}
