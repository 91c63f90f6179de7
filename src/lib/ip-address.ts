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

/** The address at the other end of a connection, in that spelling; `0.0.0.0` when it has gone already. */
export function peerAddress({ remoteAddress }: { remoteAddress?: string | undefined }): string {
  return canonicalAddress(remoteAddress ?? '') ?? '0.0.0.0'
}

/** The eight groups of an IPv6 address without zone, as numbers; undefined for anything else. */
export function groupsOf(address: string): number[] | undefined {
  const [head = '', tail] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const gap = tail === undefined ? 0 : 8 - left.length - right.length
  const groups = [...left, ...Array.from({ length: Math.max(0, gap) }, () => '0'), ...right]
  const isWhole = groups.length === 8 && groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))
  return isWhole ? groups.map((group) => Number.parseInt(group, 16)) : undefined
}
