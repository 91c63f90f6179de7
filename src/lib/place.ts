/** Where a request came from, as far as it can be known. */
export type Place = {
  address: string
  /** False when something in between hides the real address (an untrusted proxy, a container's gateway). */
  certain: boolean
}

/** `unknown` when it cannot be told; never a reason to spare somebody the approval. */
export type NetworkHint = 'same' | 'different' | 'unknown'

/**
 * Whether two requests came from one network. A hint for people: it may add friction, it never removes the one
 * approval. IPv4: equal, or both private in one /24. IPv6: the same /64. Anything doubtful is `unknown`.
 */
export function networkHint(a: Place, b: Place): NetworkHint {
  if (!a.certain || !b.certain) return 'unknown'
  const left = networkOf(a.address)
  const right = networkOf(b.address)
  if (left === undefined || right === undefined || left.family !== right.family) return 'unknown'
  // A phone at home on mobile data meets a screen behind the home's private address: nothing can be said.
  if (left.isPrivate !== right.isPrivate) return 'unknown'
  return left.network === right.network ? 'same' : 'different'
}

type Network = { family: 4 | 6; network: string; isPrivate: boolean }

function networkOf(address: string): Network | undefined {
  if (address.includes(':')) return networkOf6(address)
  const octets = address.split('.').map(Number)
  const [a = -1, b = -1, c = -1] = octets
  if (octets.length !== 4 || octets.some((octet) => !(octet >= 0 && octet <= 255))) return undefined
  // Shared address space (RFC 6598): a whole town may come from one address.
  if (a === 100 && b >= 64 && b <= 127) return undefined
  if (a === 127) return { family: 4, network: 'loopback', isPrivate: true }
  const isPrivate = a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168)
  return { family: 4, network: isPrivate ? `${a}.${b}.${c}` : address, isPrivate }
}

function networkOf6(address: string): Network | undefined {
  const bare = address.split('%')[0] ?? ''
  if (bare === '::1') return { family: 6, network: 'loopback', isPrivate: true }
  const [head = '', tail] = bare.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const gap = tail === undefined ? 0 : 8 - left.length - right.length
  const groups = [...left, ...Array.from({ length: Math.max(0, gap) }, () => '0'), ...right]
  if (groups.length !== 8 || groups.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return undefined
  const first = Number.parseInt(groups[0] as string, 16)
  const isPrivate = (first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfe80
  return {
    family: 6,
    network: groups
      .slice(0, 4)
      .map((g) => Number.parseInt(g, 16))
      .join(':'),
    isPrivate,
  }
}
