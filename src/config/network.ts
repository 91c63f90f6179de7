import { BlockList, isIP, isIPv4 } from 'node:net'
import { withoutBrackets } from '../lib/hostname.ts'
import type { Fault } from './address.ts'
import { parsePort } from './address.ts'

/** Where to listen; without a host, on every interface. */
export type ListenAddress = { host: string | undefined; port: number }

/** Loopback, private, unique-local and link-local addresses (RFC 1918, RFC 4193, RFC 3927, RFC 4291). */
const privateRanges = new BlockList()
for (const [net, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const) {
  privateRanges.addSubnet(net, bits, 'ipv4')
}
privateRanges.addAddress('::1', 'ipv6')
privateRanges.addSubnet('fc00::', 7, 'ipv6')
privateRanges.addSubnet('fe80::', 10, 'ipv6')

/** Whether a host (lower case, IPv6 in brackets) is at home: a private address, or a name that no public DNS has. */
export function isPrivateHost(hostname: string): boolean {
  const address = withoutBrackets(hostname)
  const version = isIP(address)
  if (version !== 0) return privateRanges.check(address, version === 4 ? 'ipv4' : 'ipv6')
  return !hostname.includes('.') || /\.(localhost|local|lan|internal|home\.arpa)$/.test(hostname)
}

/** An address or CIDR range of trusted proxies, as written; `wide` when it takes in most of the internet. */
export function parseRange(text: string): { range: string; wide: boolean } | Fault {
  const [, address, bits] = /^([^/]*)(?:\/(.*))?$/s.exec(text) ?? []
  const version = isIP(address ?? '')
  if (address === undefined || version === 0 || address.includes('%')) {
    const hint = /^\d+$/.test(text)
      ? 'Hop counts are not supported: name the addresses of your proxies.'
      : 'Names are not supported: write the address or range, such as 127.0.0.1 or 172.18.0.0/16.'
    return { fault: 'is not an IP address or a range of them.', hint }
  }
  const most = version === 4 ? 32 : 128
  if (bits === undefined) return { range: address, wide: false }
  const length = /^\d{1,3}$/.test(bits) ? Number(bits) : most + 1
  if (length > most) return { fault: `has a prefix length that is not a number from 1 to ${most}.` }
  const everybody = length === 0 || coversIPv4(address, length)
  // SECURITY: whoever can connect could claim any address. Test: a range that trusts everybody is refused
  if (everybody) return { fault: 'trusts everybody.', hint: 'Name the addresses of your own proxies.' }
  return { range: `${address}/${length}`, wide: length < (isIPv4(address) ? 8 : 16) }
}

/** Whether an IPv6 range holds the IPv4-mapped addresses (RFC 4291 §2.5.5.2) of the whole of IPv4. */
function coversIPv4(address: string, length: number): boolean {
  if (isIPv4(address)) return false
  const list = new BlockList()
  list.addSubnet(address, length, 'ipv6')
  return list.check('::ffff:1.1.1.1', 'ipv6') && list.check('::ffff:200.1.1.1', 'ipv6')
}

/** Reads `host:port`, `:port` or `[::1]:port`. Port 0 takes any free one. */
export function parseListen(text: string): ListenAddress | Fault {
  const hint = 'Write ":8080", "127.0.0.1:8080" or "[::1]:8080".'
  const [, bracketed, plain, digits] = /^(?:\[([^\]]*)\]|([^:[\]]*)):(.*)$/s.exec(text) ?? []
  if (digits === undefined) return { fault: 'is not host:port.', hint }
  const port = digits === '0' ? 0 : parsePort(digits)
  if (typeof port !== 'number') return { ...port, hint }
  if (bracketed !== undefined) {
    return isIP(bracketed) === 6 ? { host: bracketed, port } : { fault: 'has no IPv6 address in its brackets.', hint }
  }
  if (plain === undefined || plain === '') return { host: undefined, port }
  const isName = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(plain)
  return isName ? { host: plain.toLowerCase(), port } : { fault: 'has a host that cannot be listened on.', hint }
}

/** An address as `parseListen` reads it. */
export function listenText({ host, port }: ListenAddress): string {
  return `${host?.includes(':') ? `[${host}]` : (host ?? '')}:${port}`
}
