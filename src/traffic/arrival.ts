import type { Socket } from 'node:net'
import { BlockList, isIP } from 'node:net'
import type { Place } from '../lib/place.ts'
import type { IsShared } from './shared-addresses.ts'

/** Where a request came from, and what was asked for on the way. */
export type Arrival = {
  /** The client, as far as the proxies that we trust tell; IPv4 is never written as mapped IPv6. */
  place: Place
  /** The authority that a trusted proxy says was asked for, unjudged. */
  host: string | undefined
}

/** Values of forwarding fields; several lines joined by commas, in order. */
export type ForwardingFields = {
  forwarded: string | undefined
  forwardedFor: string | undefined
  forwardedProto: string | undefined
  forwardedHost: string | undefined
}

/** Judges forwarding fields by who sent them. Never throws. */
export type Arrivals = (socket: Socket, fields: ForwardingFields) => Arrival

/**
 * Believes the proxies at these addresses and CIDRs; none: nobody. A shared address leaves the place uncertain.
 * Throws for an entry that is neither an address nor a CIDR.
 */
export function createArrivals(trustedProxies: readonly string[], isShared: IsShared): Arrivals {
  const trusted = trustedList(trustedProxies)
  const isTrusted = (address: string) => trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  const peers = new WeakMap<Socket, { address: string; trusted: boolean }>()

  function peerOf(socket: Socket) {
    const known = peers.get(socket)
    if (known !== undefined) return known
    const address = plainAddress(socket.remoteAddress ?? '') ?? '0.0.0.0'
    const peer = { address, trusted: isTrusted(address) }
    peers.set(socket, peer)
    return peer
  }

  const placeAt = (address: string, told: boolean): Place => ({ address, certain: told && !isShared(address) })

  return (socket, fields) => {
    const peer = peerOf(socket)
    // SECURITY: forwarding headers are claims of whoever sent them. Test: promise 9: nobody is trusted by default
    if (!peer.trusted) return { place: placeAt(peer.address, !anyOf(fields)), host: undefined }
    const address = rightmostUntrusted(fields.forwardedFor, isTrusted) ?? peer.address
    // The proxy's own address says nothing of who is behind it.
    return { place: placeAt(address, address !== peer.address), host: fields.forwardedHost }
  }
}

/**
 * The address that the nearest proxy outside our trust would have: read from the right, as each proxy appends the one
 * it saw. One entry that is no address makes the whole list worthless.
 */
function rightmostUntrusted(list: string | undefined, isTrusted: (address: string) => boolean): string | undefined {
  const entries = list?.split(',') ?? []
  let last: string | undefined
  for (let i = entries.length - 1; i >= 0; i--) {
    const address = plainAddress((entries[i] as string).trim())
    if (address === undefined) return undefined
    if (!isTrusted(address)) return address
    last = address
  }
  return last
}

/** An IP address without port, brackets, zone and IPv4 mapping; undefined for anything else. */
function plainAddress(text: string): string | undefined {
  if (text.length > 64) return undefined
  const bare = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(text)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/.exec(text)?.[1] ?? text
  const address = bare.replace(/%.*$/, '').toLowerCase()
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1]
  if (mapped !== undefined) return isIP(mapped) === 4 ? mapped : undefined
  return isIP(address) === 0 ? undefined : address
}

function anyOf(fields: ForwardingFields): boolean {
  return (
    fields.forwardedFor !== undefined ||
    fields.forwarded !== undefined ||
    fields.forwardedProto !== undefined ||
    fields.forwardedHost !== undefined
  )
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
