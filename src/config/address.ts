import { isIPv4, isIPv6 } from 'node:net'

/** Why a text is not what it should be: a sentence that goes on after the option's name, and what to do. */
export type Fault = { fault: string; hint?: string }

/** A web origin, in the form that browsers write. */
export type Origin = {
  scheme: string
  /** Lower case, in brackets for IPv6, Punycode for other alphabets. */
  hostname: string
  /** `hostname`, with `:port` unless it is the usual one of the scheme. */
  authority: string
  /** `scheme://authority`. */
  origin: string
}

const usualPorts: Record<string, number> = { http: 80, https: 443 }

/** Reads `scheme://host[:port]`; one `/` at the end is taken off. */
export function parseOrigin(text: string, schemes: readonly string[] = ['https', 'http']): Origin | Fault {
  const [, scheme, authority, rest] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#\\]*)(.*)$/is.exec(text) ?? []
  if (scheme === undefined || authority === undefined) {
    return {
      fault: 'is not an address.',
      hint: `Write it as ${schemes[0] ?? 'https'}://host or with :port at the end.`,
    }
  }
  if (schemes.length > 0 && !schemes.includes(scheme.toLowerCase())) {
    return { fault: `must begin with ${schemes.map((name) => `${name}://`).join(' or ')}.` }
  }
  if (rest !== '' && rest !== '/') return { fault: 'has more than scheme, host and port.', hint: 'Remove the path.' }
  return parseAuthority(authority, scheme.toLowerCase())
}

/** Reads `host` or `host:port`. */
export function parseAuthority(text: string, scheme: string): Origin | Fault {
  if (text.includes('://')) return { fault: 'begins with a scheme.', hint: 'Write only the host, or host:port.' }
  if (text.includes('@'))
    return { fault: 'has a user name or a password in it.', hint: 'Remove everything up to the @.' }
  if (/[/?#\\]/.test(text)) return { fault: 'has a path.', hint: 'Write only the host, or host:port.' }
  const [, host, digits] = /^(\[[^\]]*\]|[^:[\]]*)(?::(.*))?$/s.exec(text) ?? []
  if (host === undefined) return { fault: 'is not a host.', hint: 'IPv6 addresses go in brackets: "[fd00::1]".' }
  const hostname = parseHost(host)
  if (typeof hostname !== 'string') return hostname
  const port = digits === undefined ? undefined : parsePort(digits)
  if (port !== undefined && typeof port !== 'number') return port
  const authority = port === undefined || port === usualPorts[scheme] ? hostname : `${hostname}:${port}`
  return { scheme, hostname, authority, origin: `${scheme}://${authority}` }
}

/** A port number, 1 to 65535. */
export function parsePort(digits: string): number | Fault {
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0
  return port >= 1 && port <= 65_535 ? port : { fault: 'has a port that is not a number from 1 to 65535.' }
}

function parseHost(text: string): string | Fault {
  if (text === '') return { fault: 'has no host.' }
  if (text.includes('*')) return { fault: 'has a wildcard.', hint: 'Name each host.' }
  if (text.endsWith('.'))
    return { fault: 'ends with a dot.', hint: 'Remove it: browsers keep the dot, and would not match.' }
  const notHost: Fault = { fault: 'is not a host name or IP address.' }
  let hostname: string
  try {
    hostname = new URL(`http://${text}`).hostname
  } catch {
    return notHost
  }
  if (text.startsWith('[')) return isIPv6(text.slice(1, -1)) ? hostname : notHost
  // Short forms of IPv4 such as 127.1 mean one thing here and another elsewhere.
  if (isIPv4(hostname)) return hostname === text ? hostname : { ...notHost, hint: `Write it as ${hostname}.` }
  const labels = hostname.split('.')
  const valid = labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label))
  return valid && hostname.length <= 253 ? hostname : notHost
}
