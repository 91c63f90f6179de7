import { isIP, SocketAddress } from 'node:net'

/** An IP address in the one spelling that we compare: no zone, and IPv4 never as mapped IPv6 (RFC 4291 §2.5.5.2, RFC 5952). */
export function canonicalAddress(text: string): string | undefined {
  const bare = text.replace(/%.*$/s, '')
  const version = isIP(bare)
  if (version !== 6) return version === 4 ? bare : undefined
  const { address } = new SocketAddress({ address: bare, family: 'ipv6' })
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1]
  return mapped ?? address
}
