import { groupsOf } from './ip-address.ts'
import { networkOf } from './network-of.ts'
import type { Place } from './place.ts'

/** What an address is counted under, as CIDR text: a host's or household's own, and the one around it. */
export type Prefixes = { narrow: string; wide: string }

/**
 * IPv4: the address itself, and its /24. IPv6: its /64, which is what one host has to itself, and its /48, which anybody
 * gets for asking. Whatever is no address is counted by itself.
 */
export function prefixesOf(address: string): Prefixes {
  const groups = groupsOf(address)
  if (groups !== undefined) return { narrow: `${prefix6(groups, 4)}/64`, wide: `${prefix6(groups, 3)}/48` }
  const end = address.lastIndexOf('.')
  return { narrow: address, wide: end < 0 ? address : `${address.slice(0, end)}.0/24` }
}

/** What a place may be held to; undefined where anybody at all may stand behind its address, so that nobody is. */
export function limitedPrefixes({ address, certain, disputed }: Place): Prefixes | undefined {
  return certain && disputed === undefined && networkOf(address) !== undefined ? prefixesOf(address) : undefined
}

function prefix6(groups: readonly number[], count: number): string {
  return `${groups
    .slice(0, count)
    .map((group) => group.toString(16))
    .join(':')}::`
}
