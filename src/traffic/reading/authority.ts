import type { Scheme } from '../parts.ts'

const hostAndPort = /^([a-z0-9_](?:[a-z0-9._-]{0,252})|\[[0-9a-f:.]{2,45}\])(?::([1-9]\d{0,4}))?$/

/**
 * An authority (RFC 9110 §7.2) in the one spelling that we compare: lower case, no trailing dot, no default port.
 * Undefined for anything that is not exactly a host with an optional port.
 */
export function canonicalAuthority(text: string, scheme: Scheme): string | undefined {
  const match = hostAndPort.exec(text.toLowerCase())
  if (match === null) return undefined
  const host = (match[1] as string).replace(/\.$/, '')
  const port = match[2]
  if (host === '' || host.includes('..') || Number(port ?? 0) > 65_535) return undefined
  return port === undefined || port === defaultPort(scheme) ? host : `${host}:${port}`
}

/** The host of a canonical authority. */
export function hostOf(authority: string): string {
  return authority.replace(/:\d+$/, '')
}

/** The port of a canonical authority, the scheme's own when it names none. */
export function portOf(authority: string, scheme: Scheme): string {
  return /:(\d+)$/.exec(authority)?.[1] ?? defaultPort(scheme)
}

function defaultPort(scheme: Scheme): string {
  return scheme === 'https' ? '443' : '80'
}
