import { networkOf } from './network-of.ts'

/** Where a request came from, as far as it can be known. */
export type Place = {
  /** The nearest that is known of the client; canonical. */
  address: string
  /** False when something in between hides the real address: a container's gateway, a proxy that does not tell. */
  certain: boolean
  /** Somebody who need not be believed names another client: good for telling two places apart, not for calling them one. */
  disputed?: true
  /** The trusted proxy that saw a client at a private address: two sites may use the same range. */
  via?: string
}

/** `unknown` when it cannot be told; never a reason to spare somebody the approval. */
export type NetworkHint = 'same' | 'different' | 'unknown'

/**
 * Whether two devices are in one network. A hint for people: it may add friction, it never removes the one approval.
 * IPv4: one public address, or two private ones in one /24. IPv6: two addresses in one /64. A wrong `same` would call a
 * stranger's screen at home, so everything doubtful is `unknown`.
 */
export function networkHint(one: Place, other: Place): NetworkHint {
  const between = compare(one, other)
  if (between !== 'same') return between
  // SECURITY: at home each device has an address of its own; one for both is that of whatever stands in front, and says nothing of who is behind. Test: U18: one private address for both is a proxy's, not a home's
  if (one.address === other.address && !networkOf(one.address)?.isOneAddress) return 'unknown'
  return 'same'
}

/** Whether one device is where it was before. False when it cannot be told. */
export function isWhereItWas(before: Place, now: Place): boolean {
  return compare(before, now) === 'same'
}

function compare(one: Place, other: Place): NetworkHint {
  if (!one.certain || !other.certain) return 'unknown'
  const left = networkOf(one.address)
  const right = networkOf(other.address)
  if (left === undefined || right === undefined || left.family !== right.family) return 'unknown'
  // A phone at home on mobile data meets a screen behind the home's private address: nothing can be said.
  if (left.isPrivate !== right.isPrivate) return 'unknown'
  // SECURITY: 192.168.1.0/24 is in a million homes. Test: U18: the same private range behind two proxies is not one network
  if (left.isPrivate && one.via !== other.via) return 'unknown'
  // Whoever adds a header must not get rid of this answer: it is the one that asks for more.
  if (left.network !== right.network) return 'different'
  // SECURITY: a forwarding header may come from a proxy that hides who asks. Test: U18: a header can take a claim of the same network away, and never bring one
  if (one.disputed || other.disputed) return 'unknown'
  return 'same'
}
