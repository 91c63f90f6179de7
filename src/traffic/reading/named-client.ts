import { canonicalAddress } from '../../lib/ip-address.ts'
import { networkOf } from '../../lib/network-of.ts'

/** Whom a list names: `seenBy` is the trusted proxy that saw it, unless that is the peer. */
export type Client = { address: string; seenBy?: string; isTrusted: boolean; isPrivate: boolean }

/**
 * The address that the nearest proxy outside our trust would have. Read from the right, as each proxy appends the one it
 * saw. One entry that is no address makes the whole list worthless.
 */
export function clientOf(list: string, isTrusted: (address: string) => boolean): Client | undefined {
  let seenBy: string | undefined
  for (const entry of list.split(',').reverse()) {
    const address = addressIn(entry.trim())
    if (address === undefined) return undefined
    if (!isTrusted(address)) {
      const isPrivate = networkOf(address)?.isPrivate === true
      return { address, isTrusted: false, isPrivate, ...(seenBy !== undefined && { seenBy }) }
    }
    seenBy = address
  }
  return seenBy === undefined ? undefined : { address: seenBy, isTrusted: true, isPrivate: false }
}

/**
 * Whether another field names another client. Most proxies pass on what they do not write themselves, so that it may be
 * the client's own invention, or the word of a proxy further out that is not in the list.
 */
export function disputes(
  { forwarded, clientClaims }: { forwarded: string | undefined; clientClaims: string | undefined },
  client: string,
  isTrusted: (address: string) => boolean,
): boolean {
  const agrees = (text: string) => {
    const claimed = addressIn(text.trim())
    return claimed !== undefined && (claimed === client || isTrusted(claimed))
  }
  if (clientClaims !== undefined && !clientClaims.split(',').every(agrees)) return true
  if (forwarded === undefined) return false
  // RFC 7239 §4: for=192.0.2.43, for="[2001:db8::1]:4711"
  const named = [...forwarded.matchAll(/(?:^|[;,\s])for=("[^"]*"|[^;,\s]*)/gi)].map(([, value = '']) => value)
  return clientOf(named.map((value) => value.replaceAll('"', '')).join(), isTrusted)?.address !== client
}

/** The address in an entry that may have a port, brackets and a zone; undefined for anything else. */
function addressIn(text: string): string | undefined {
  if (text.length > 64) return undefined
  const bare = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(text)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/.exec(text)?.[1] ?? text
  return canonicalAddress(bare)
}
