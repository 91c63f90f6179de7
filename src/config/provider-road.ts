import { type Fault, type Origin, parseAuthority, parseOrigin } from './address.ts'
import type { ProviderConfig } from './config.ts'
import type { Context } from './context.ts'
import { isPrivateHost } from './network.ts'
import { readCaFile } from './pem-files.ts'
import type { Path } from './problem.ts'
import { take } from './report.ts'
import type { ProviderDraft } from './shape.ts'

/** How the provider is reached, checked. `issuer` is the one in the file, unless it is unusable. */
export function resolveRoad(
  path: Path,
  options: ProviderDraft,
  issuer: string | undefined,
  context: Context,
): Pick<ProviderConfig, 'caFile' | 'internalUrl' | 'endpointHosts'> {
  const { report } = context
  const at = (option: string) => [...path, option]
  const scheme = issuer?.startsWith('http:') ? 'http' : 'https'
  if (options.ca_file !== undefined && scheme === 'http') {
    report.problemAtKey(at('ca_file'), 'is given, but issuer begins with http://.', 'Remove it.')
  }
  const caFile = readCaFile(options.ca_file, at('ca_file'), context)
  const inner = take(options.internal_url, at('internal_url'), (text) => parseInner(text, scheme), report)
  const endpointHosts = options.endpoint_hosts.flatMap((text, index) => {
    const host = take(text, [...at('endpoint_hosts'), index], (written) => parseAuthority(written, scheme), report)
    return host?.authority ?? []
  })
  return { caFile, internalUrl: inner?.origin, endpointHosts }
}

/** Plain http stays at home, as the issuer's does. */
function parseInner(text: string, scheme: string): Origin | Fault {
  const origin = parseOrigin(text)
  if ('fault' in origin) return origin
  if (origin.scheme !== scheme) {
    const hint = 'Name the place that speaks as the issuer does, such as the proxy in front of the provider.'
    return { fault: `must begin with ${scheme}://, as issuer does.`, hint }
  }
  if (scheme === 'http' && !isPrivateHost(origin.hostname)) return { fault: 'is not an address of a home network.' }
  return origin
}
