import type { Socket } from 'node:net'
import { BlockList, isIP } from 'node:net'
import { canonicalAddress } from '../lib/ip-address.ts'
import { networkOf } from '../lib/network-of.ts'
import type { Place } from '../lib/place.ts'
import type { IsShared } from './shared-addresses.ts'

/** Where a request came from, and what was asked for on the way. */
export type Arrival = {
  /** Who opened the connection. */
  peer: Peer
  /** The client, as far as the proxies that we trust tell. */
  place: Place
  /** The authority that a trusted proxy says was asked for, unjudged. */
  host: string | undefined
}

export type Peer = { address: string; trusted: boolean }

/** Values of forwarding fields; several lines joined by commas, in order. */
export type ForwardingFields = {
  forwardedFor: string | undefined
  forwarded: string | undefined
  /** X-Real-IP, CF-Connecting-IP and True-Client-IP. */
  clientClaims: string | undefined
  forwardedProto: string | undefined
  forwardedHost: string | undefined
}

/** Judges forwarding fields by who sent them. Never throws. */
export type Arrivals = (socket: Socket, fields: ForwardingFields) => Arrival

/**
 * Believes the proxies at these addresses and CIDRs; none: nobody. Of what they say of the client X-Forwarded-For alone
 * counts; other fields can only dispute it. A shared address leaves the place uncertain.
 * Throws for an entry that is neither an address nor a CIDR.
 */
export function createArrivals(trustedProxies: readonly string[], isShared: IsShared): Arrivals {
  const isTrusted = createTrust(trustedProxies)
  const peers = new WeakMap<Socket, Peer>()

  function peerOf(socket: Socket): Peer {
    const known = peers.get(socket)
    if (known !== undefined) return known
    const address = canonicalAddress(socket.remoteAddress ?? '') ?? '0.0.0.0'
    const peer = { address, trusted: isTrusted(address) }
    peers.set(socket, peer)
    return peer
  }

  const placeAt = (address: string, isDisputed: boolean): Place => ({
    address,
    certain: !isShared(address),
    ...(isDisputed && { disputed: true }),
  })

  function placeOf(peer: Peer, fields: ForwardingFields): Place {
    const { client, seenBy } = clientOf(fields.forwardedFor, isTrusted)
    // The proxy's own address says nothing of who is behind it; nor does a chain that nobody outside our trust began.
    if (client === undefined) return { address: peer.address, certain: false }
    if (isTrusted(client)) return { address: client, certain: false }
    const place = placeAt(client, disputes(fields, client, isTrusted))
    return networkOf(client)?.isPrivate === true ? { ...place, via: seenBy ?? peer.address } : place
  }

  return (socket, fields) => {
    const peer = peerOf(socket)
    // SECURITY: forwarding headers are claims of whoever sent them. Test: promise 9: nobody is trusted by default
    if (!peer.trusted) return { peer, place: placeAt(peer.address, isForwarded(fields)), host: undefined }
    return { peer, place: placeOf(peer, fields), host: fields.forwardedHost }
  }
}

/** Whether an address is in a list of addresses and CIDRs. Throws for an entry that is neither. */
export function createTrust(entries: readonly string[]): (address: string) => boolean {
  const trusted = trustedList(entries)
  return (address) => trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

/** Whether there is any sign that somebody stands between the client and the sender. */
export function isForwarded(fields: ForwardingFields): boolean {
  const { forwardedFor, forwarded, clientClaims, forwardedProto, forwardedHost } = fields
  return [forwardedFor, forwarded, clientClaims, forwardedProto, forwardedHost].some((value) => value !== undefined)
}

/**
 * The address that the nearest proxy outside our trust would have, and the trusted one that saw it, unless that is the
 * peer. Read from the right, as each proxy appends the one it saw. One entry that is no address makes the whole list
 * worthless.
 */
function clientOf(
  list: string | undefined,
  isTrusted: (address: string) => boolean,
): { client?: string; seenBy?: string } {
  const entries = list?.split(',') ?? []
  let last: string | undefined
  for (let i = entries.length - 1; i >= 0; i--) {
    const client = addressIn((entries[i] as string).trim())
    if (client === undefined) return {}
    if (!isTrusted(client)) return last === undefined ? { client } : { client, seenBy: last }
    last = client
  }
  return last === undefined ? {} : { client: last }
}

/**
 * Whether another field names another client. Most proxies pass on what they do not write themselves, so that it may be
 * the client's own invention, or the word of a proxy further out that is not in the list.
 */
function disputes(
  { forwarded, clientClaims }: ForwardingFields,
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
  const { client: told } = clientOf(named.map((value) => value.replaceAll('"', '')).join(), isTrusted)
  return told !== client
}

/** The address in an entry that may have a port, brackets and a zone; undefined for anything else. */
function addressIn(text: string): string | undefined {
  if (text.length > 64) return undefined
  const bare = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(text)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/.exec(text)?.[1] ?? text
  return canonicalAddress(bare)
}

function trustedList(entries: readonly string[]): BlockList {
  const list = new BlockList()
  for (const entry of entries) {
    const [net = '', bits, ...rest] = entry.split('/')
    const family = isIP(net)
    const widest = family === 6 ? 128 : 32
    const prefix = bits === undefined ? widest : Number(bits)
    const valid =
      family !== 0 && rest.length === 0 && bits !== '' && Number.isInteger(prefix) && prefix >= 0 && prefix <= widest
    if (!valid) throw new Error(`not an address or CIDR: ${entry}`)
    list.addSubnet(net, prefix, family === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}
