/** A URL's hostname as sockets and certificates have it: IPv6 without its brackets. */
export function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}

/**
 * Whether answers of an https origin may demand https for its host (RFC 6797): that counts for every port, and beside an
 * unusual one there may be another program that speaks plain http.
 */
export function mayDemandHttps(origin: string): boolean {
  const { protocol, port } = new URL(origin)
  return protocol === 'https:' && port === ''
}
