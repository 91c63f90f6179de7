import { readFileSync } from 'node:fs'

/** Whether an address stands for anybody at all, so that two requests from it say nothing of where people are. */
export type IsShared = (address: string) => boolean

/**
 * Knows the addresses that hide who asks: `gateways` of our own network, and loopback, unless that is where people open
 * the door (`doorHost`). A hint that is wrong is worse than none: it says that a stranger's screen is at home.
 */
export function createSharedAddresses(doorHost: string, gateways: ReadonlySet<string> = gatewaysHere()): IsShared {
  const loopbackIsHome = isLoopback(doorHost) || /(?:^|\.)localhost$/.test(doorHost)
  return (address) => gateways.has(address) || (isLoopback(address) && !loopbackIsHome)
}

/**
 * The IPv4 gateways in the text of Linux's `/proc/net/route`. What comes from one has been translated on its way: by a
 * container's network, or by a router that leads its own network's requests back in.
 */
export function gatewaysIn(routes: string): ReadonlySet<string> {
  const fields = routes.split('\n').map((line) => line.trim().split(/\s+/))
  return new Set(fields.flatMap(([, , gateway = '']) => addressOf(gateway) ?? []))
}

function gatewaysHere(): ReadonlySet<string> {
  try {
    return gatewaysIn(readFileSync('/proc/net/route', 'latin1'))
  } catch {
    // Another system than Linux, or a sandbox.
    return new Set()
  }
}

/** From eight hexadecimal digits, the lowest byte first. */
function addressOf(hex: string): string | undefined {
  if (!/^[0-9A-F]{8}$/i.test(hex) || hex === '00000000') return undefined
  return [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join('.')
}

function isLoopback(host: string): boolean {
  return /^127\.\d+\.\d+\.\d+$/.test(host) || host === '::1' || host === '[::1]'
}
