import { groupsOf } from './ip-address.ts'

/** The network that an address belongs to, as far as addresses tell. */
export type Network = {
  family: 4 | 6
  /** Equal for two addresses of one network. */
  network: string
  isPrivate: boolean
  /** The network is a single address, behind which there is a whole home, or this machine. */
  isOneAddress: boolean
}

/**
 * The network of a canonical address; undefined where equal addresses or prefixes say nothing: shared address space
 * (RFC 6598), link-local (RFC 3927, RFC 4291), what is no address of a device (RFC 6890), and IPv6 prefixes that hold the
 * whole of IPv4 or all customers of a relay (RFC 6052, RFC 8215, RFC 4380).
 */
export function networkOf(address: string): Network | undefined {
  return address.includes(':') ? networkOf6(address) : networkOf4(address)
}

function networkOf4(address: string): Network | undefined {
  const octets = address.split('.').map(Number)
  const [a = -1, b = -1, c = -1] = octets
  if (octets.length !== 4 || octets.some((octet) => !(octet >= 0 && octet <= 255))) return undefined
  if (a === 127) return { family: 4, network: 'loopback', isPrivate: true, isOneAddress: true }
  const isNobodys = a === 0 || a >= 224 || (a === 192 && b === 0 && c === 0)
  if (isNobodys || (a === 100 && b >= 64 && b <= 127) || (a === 169 && b === 254)) return undefined
  const isPrivate = a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168)
  return { family: 4, network: isPrivate ? `${a}.${b}.${c}` : address, isPrivate, isOneAddress: !isPrivate }
}

function networkOf6(address: string): Network | undefined {
  const groups = groupsOf(address)
  if (groups === undefined) return undefined
  const [first = 0, second = 0] = groups
  if (groups.join() === '0,0,0,0,0,0,0,1') {
    return { family: 6, network: 'loopback', isPrivate: true, isOneAddress: true }
  }
  const isPrivate = (first & 0xfe00) === 0xfc00
  const isGlobal = (first & 0xe000) === 0x2000
  const isTeredo = first === 0x2001 && second === 0
  if (!(isPrivate || isGlobal) || isTeredo) return undefined
  return { family: 6, network: groups.slice(0, 4).join(':'), isPrivate, isOneAddress: false }
}
