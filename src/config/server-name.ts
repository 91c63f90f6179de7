import { isIP } from 'node:net'
import { type Fault, parseAuthority } from './address.ts'
import type { Path } from './problem.ts'
import { type Report, take } from './report.ts'

/** A name that the certificate of somebody else must hold. Undefined without one and, reported, where it cannot be. */
export function takeServerName(text: string | undefined, path: Path, report: Report): string | undefined {
  return take(text, path, parseServerName, report)?.name
}

function parseServerName(text: string): { name: string } | Fault {
  const host = parseAuthority(text, 'tls')
  if ('fault' in host) return host
  if (host.authority !== host.hostname) return { fault: 'has a port.', hint: 'Write the name alone.' }
  if (isIP(host.hostname) !== 0 || host.hostname.startsWith('[')) {
    return { fault: 'is an address.', hint: 'Only names can be asked for. The address goes where it is connected to.' }
  }
  return { name: host.hostname }
}
