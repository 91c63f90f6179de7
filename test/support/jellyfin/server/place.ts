import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import type { Place } from './router.ts'

/**
 * Proxy settings: with no known proxies every forwarding header is ignored, and everybody seems to come from the
 * gateway's own address. Otherwise a known proxy is believed about address, scheme and host, without a limit of hops.
 */
export function placeOf(request: IncomingMessage, knownProxies: readonly string[]): Place {
  const peer = request.socket.remoteAddress ?? ''
  const field = (name: string) => String(request.headers[name] ?? '')
  if (!knownProxies.includes(peer))
    return { address: peer, scheme: 'http', host: field('host'), isLocal: isLocal(peer) }
  const hops = field('x-forwarded-for')
    .split(',')
    .map((hop) => hop.trim())
  const client = hops.reverse().find((hop) => isIP(hop) > 0 && !knownProxies.includes(hop))
  const address = client ?? peer
  return {
    address,
    scheme: field('x-forwarded-proto') || 'http',
    host: field('x-forwarded-host') || field('host'),
    isLocal: isLocal(address),
  }
}

const home = new BlockList()
home.addSubnet('127.0.0.0', 8)
home.addSubnet('10.0.0.0', 8)
home.addSubnet('172.16.0.0', 12)
home.addSubnet('192.168.0.0', 16)
home.addAddress('::1', 'ipv6')

function isLocal(address: string): boolean {
  return home.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
