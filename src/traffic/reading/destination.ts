import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { RefusalCode } from '../answering/refusals.ts'
import type { App } from '../app.ts'
import type { TrafficParts } from '../parts.ts'
import type { Arrival } from './arrival.ts'
import { canonicalAuthority, hostOf } from './authority.ts'

/** Whose authority was asked for. */
export type Destination =
  | { kind: 'app'; app: App }
  | { kind: 'door'; authority: string }
  /** Where people may look for the door, by habit. */
  | { kind: 'www'; authority: string }
  | { kind: 'nowhere'; code: RefusalCode }

/** Finds where a request goes by its authority alone, before anybody looks at the path. */
export type Destinations = (host: string | undefined, arrival: Arrival, socket: Socket) => Destination

const unknown: Destination = { kind: 'nowhere', code: 'unknown-host' }
const malformed: Destination = { kind: 'nowhere', code: 'bad-host' }

/** Knows the door and every app by its canonical authority. */
export function createDestinations(
  parts: Pick<TrafficParts, 'apps' | 'door' | 'publicScheme' | 'tlsHere'>,
): Destinations {
  const known = new Map<string, Destination>()
  const www = `www.${parts.door.authority}`
  known.set(www, { kind: 'www', authority: www })
  for (const app of parts.apps) known.set(app.authority, { kind: 'app', app })
  known.set(parts.door.authority, { kind: 'door', authority: parts.door.authority })

  return (host = '', arrival, socket) => {
    const authority = known.has(host) ? host : canonicalAuthority(host, parts.publicScheme)
    if (authority === undefined) return malformed
    // SECURITY: the name that TLS was opened for is the name that is served. Test: V3: a host that TLS was not opened for is refused
    if (parts.tlsHere && !isNamed(socket, authority)) return unknown
    const destination = known.get(authority)
    if (destination !== undefined) return destination
    // Only for proxies that put the name of this machine into Host: a known Host is never overruled, because many pass
    // on whatever X-Forwarded-Host a client makes up.
    const forwarded = arrival.host === undefined ? undefined : canonicalAuthority(arrival.host, parts.publicScheme)
    return (forwarded !== undefined && known.get(forwarded)) || unknown
  }
}

/** Whether the certificate was asked for under the name that the request is for. */
function isNamed(socket: Socket, authority: string): boolean {
  const { servername } = socket as TLSSocket & { servername?: string | false | null }
  return typeof servername !== 'string' || servername.toLowerCase() === hostOf(authority)
}
