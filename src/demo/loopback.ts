import { type LookupOptions, lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { Agent, fetch as undiciFetch } from 'undici'

/** Whether browsers send this host name to their own machine (RFC 6761 §6.3). */
function isLocalhostName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost')
}

/** Resolves `*.localhost` to 127.0.0.1, which many system resolvers refuse to do, and all else as usual. */
export const loopbackLookup: LookupFunction = (host, options, done) => {
  if (!isLocalhostName(host)) return systemLookup(host, options as LookupOptions, done)
  if (options.all) done(null, [{ address: '127.0.0.1', family: 4 }])
  else done(null, '127.0.0.1', 4)
}

/** `fetch` as browsers on this machine would do it. For the demo alone: `close` ends its connections. */
export function createLoopbackFetch(): { fetch: typeof fetch; close(): Promise<void> } {
  const agent = new Agent({ connect: { lookup: loopbackLookup } })
  const loopbackFetch = (input: unknown, init: object = {}) =>
    undiciFetch(input as string, { ...init, dispatcher: agent })
  return { fetch: loopbackFetch as unknown as typeof fetch, close: () => agent.close() }
}
