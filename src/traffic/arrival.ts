import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { BlockList, isIP } from 'node:net'
import type { Scheme } from './parts.ts'

/** Where a request came from. */
export type Arrival = {
  /** IP address of the client, as far as the proxies that we trust tell; IPv4 is never written as mapped IPv6. */
  address: string
  /** Nobody stands in between as far as we can see: no trusted proxy, and no forwarding header either. */
  direct: boolean
  scheme: Scheme
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

export interface Arrivals {
  /** Judges forwarding fields by who sent them. Never throws. */
  arrival(socket: Socket, fields: ForwardingFields): Arrival
  /** The same for cold code. */
  clientOf(req: IncomingMessage): Arrival
}

export type ArrivalParts = {
  /** Addresses and CIDRs; empty: nobody is believed. */
  trustedProxies: readonly string[]
  publicScheme: Scheme
  tlsHere: boolean
}

/** Throws for an entry of `trustedProxies` that is neither an address nor a CIDR. */
export function createArrivals(parts: ArrivalParts): Arrivals {
  const trusted = trustedList(parts.trustedProxies)
  const isTrusted = (address: string) => trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  const peers = new WeakMap<Socket, { address: string; trusted: boolean }>()
  // Without a word from a proxy that we trust, people are taken to use the address that the operator gave them.
  const ownScheme = parts.tlsHere ? 'https' : parts.publicScheme

  function peerOf(socket: Socket) {
    const known = peers.get(socket)
    if (known !== undefined) return known
    const address = plainAddress(socket.remoteAddress ?? '') ?? '0.0.0.0'
    const peer = { address, trusted: isTrusted(address) }
    peers.set(socket, peer)
    return peer
  }

  function arrival(socket: Socket, fields: ForwardingFields): Arrival {
    const peer = peerOf(socket)
    // SECURITY: forwarding headers are claims of whoever sent them. Test: promise 9: nobody is trusted by default
    if (!peer.trusted) return { address: peer.address, direct: !anyOf(fields), scheme: ownScheme, host: undefined }
    return {
      address: rightmostUntrusted(fields.forwardedFor, isTrusted) ?? peer.address,
      direct: false,
      scheme: schemeOf(fields.forwardedProto) ?? ownScheme,
      host: fields.forwardedHost,
    }
  }

  return {
    arrival,
    clientOf(req) {
      const joined = (name: string) => req.headersDistinct[name]?.join(', ')
      return arrival(req.socket, {
        forwarded: joined('forwarded'),
        forwardedFor: joined('x-forwarded-for'),
        forwardedProto: joined('x-forwarded-proto'),
        forwardedHost: joined('x-forwarded-host'),
      })
    },
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

function schemeOf(value: string | undefined): Scheme | undefined {
  const scheme = value?.toLowerCase()
  return scheme === 'https' || scheme === 'http' ? scheme : undefined
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
