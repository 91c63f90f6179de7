import { createBuckets } from '../../lib/buckets.ts'
import type { Clock } from '../../lib/clock.ts'
import { HOUR } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import { networkOf } from '../../lib/network-of.ts'
import type { Scheme } from '../parts.ts'
import type { ForwardingFields, Peer } from './arrival.ts'
import { isForwarded } from './arrival.ts'
import type { Head } from './head.ts'

/** Looks at who sent a request and tells the operator where the proxy in front and the config do not fit. */
export type AdviseProxy = (peer: Peer, head: ForwardingFields & Pick<Head, 'target'>) => void

/** In an hour, of peers at private addresses and of all others. */
const MOST_LINES = 20

/** What balancers ask by themselves, for nobody. */
const HEALTH = '/health'

const warning = 'Only if this is your own proxy: whoever is listed can claim any address. Otherwise do nothing.'

/** Tells each fault once an hour for each peer. */
export function createProxyAdvice(parts: {
  clock: Clock
  log: Log
  trustedProxies: readonly string[]
  publicScheme: Scheme
  tlsHere: boolean
}): AdviseProxy {
  const { clock, log, trustedProxies } = parts
  const isPublicHttps = parts.publicScheme === 'https'
  // Somebody in front must have opened https, and nobody says who.
  const somebodyIsMissing = isPublicHttps && !parts.tlsHere && trustedProxies.length === 0
  const told = createBuckets(clock, { burst: 1, everyMs: HOUR, most: 512 })
  // Strangers who have many addresses fill neither the log, nor the place of what is said of our own proxies.
  const lines = createBuckets(clock, { burst: MOST_LINES, everyMs: HOUR / MOST_LINES, most: 2 })
  const lineOf = (address: string) => lines.take(networkOf(address)?.isPrivate === true ? 'near' : 'far')
  const isNew = (event: string, { address }: Peer) => told.take(`${event} ${address}`) === 0 && lineOf(address) === 0

  function notTrusted(peer: Peer, why: string): void {
    if (!isNew('proxy_not_trusted', peer)) return
    const remedy = `trusted_proxies: [${[...trustedProxies, peer.address].map(yamlText).join(', ')}]`
    log.warn('proxy_not_trusted', { peer: peer.address, why, remedy, warning })
  }

  return (peer, head) => {
    if (head.target === HEALTH) return
    if (!peer.trusted) {
      if (isForwarded(head)) notTrusted(peer, 'it sends forwarding headers, which are not believed')
      else if (somebodyIsMissing) notTrusted(peer, 'public_url is https, but this came as plain http')
      return
    }
    if (head.forwardedFor === undefined && isNew('proxy_hides_clients', peer)) {
      const remedy =
        'let this proxy set X-Forwarded-For: without it nobody is told apart, and clients can send their own'
      log.warn('proxy_hides_clients', { peer: peer.address, remedy })
    }
    const scheme = head.forwardedProto?.split(',', 1)[0]?.trim().toLowerCase()
    if (isPublicHttps && (scheme === 'http' || scheme === 'ws') && isNew('proxy_says_http', peer)) {
      const remedy =
        'let this proxy redirect plain http to https; if another one in front of it speaks https, let it say so'
      log.warn('proxy_says_http', { peer: peer.address, remedy })
    }
  }
}

/** In a list of YAML; a colon would need a second look. */
function yamlText(address: string): string {
  return address.includes(':') ? `"${address}"` : address
}
