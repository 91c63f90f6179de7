import type { Socket } from 'node:net'
import { BlockList, isIP } from 'node:net'
import { peerAddress } from '../../lib/ip-address.ts'
import type { Place } from '../../lib/place.ts'
import { type Client, clientOf, disputes } from './named-client.ts'
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

/** Lists of this length and less are remembered, so many at a time. */
const LONGEST = 100
const REMEMBERED = 1000

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
  const lists = new Map<string, Client>()

  function peerOf(socket: Socket): Peer {
    const known = peers.get(socket)
    if (known !== undefined) return known
    const address = peerAddress(socket)
    const peer = { address, trusted: isTrusted(address) }
    peers.set(socket, peer)
    return peer
  }

  function placeAt(address: string, isDisputed: boolean): Place {
    const certain = !isShared(address)
    return isDisputed ? { address, certain, disputed: true } : { address, certain }
  }

  /** The client that a list names; the same people come again and again. */
  function clientIn(list: string): Client | undefined {
    const known = lists.get(list)
    if (known !== undefined) return known
    const client = clientOf(list, isTrusted)
    if (client === undefined || list.length > LONGEST) return client
    if (lists.size >= REMEMBERED) lists.clear()
    lists.set(list, client)
    return client
  }

  function placeOf(peer: Peer, fields: ForwardingFields): Place {
    const client = fields.forwardedFor === undefined ? undefined : clientIn(fields.forwardedFor)
    // The proxy's own address says nothing of who is behind it.
    if (client === undefined) return { address: peer.address, certain: false }
    // SECURITY: in a list of trusted addresses alone, the first may be the invention of whoever sits at the second. Test: H6: an odd value is the address of the proxy, and never somebody at home
    if (client.isTrusted) return { address: client.address, certain: false }
    const place = placeAt(client.address, disputes(fields, client.address, isTrusted))
    return client.isPrivate ? { ...place, via: client.seenBy ?? peer.address } : place
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
  return (forwardedFor ?? forwarded ?? clientClaims ?? forwardedProto ?? forwardedHost) !== undefined
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
