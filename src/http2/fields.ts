/** A request's head as HTTP/1.1 writes it; headers are flat: name, value, name, value … */
export type RequestFields = { method: string; path: string; headers: string[] }

/** Of one connection each, and ours to write (RFC 9113 §8.2.2). */
const hopByHop = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade'])

/**
 * Reads the fields of a request (RFC 9113 §8.3): `:authority` becomes Host. Undefined for what can be read in two ways,
 * for another scheme, and for CONNECT.
 */
export function readFields(raw: readonly string[], withBody: boolean): RequestFields | undefined {
  const single = new Map<string, string>()
  const headers: string[] = []
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] as string
    const value = raw[i + 1] as string
    const isSingle = name.startsWith(':') || name === 'host'
    if (hopByHop.has(name) || (isSingle && single.has(name))) return undefined
    if (isSingle) single.set(name, value)
    else headers.push(name, value)
  }
  const host = single.get('host')
  const authority = single.get(':authority') ?? host
  // SECURITY: somebody in front may have judged the other one. Test: HTTP/2: a Host that is not the authority is refused
  if (host !== undefined && host !== authority) return undefined
  const method = single.get(':method')
  const path = single.get(':path')
  if (method === undefined || path === undefined || method === 'CONNECT') return undefined
  // SECURITY: Node's client writes it in capitals, and asks for what nobody has sent. Test: HTTP/2: a method in another spelling is refused
  if (method !== method.toUpperCase()) return undefined
  if (single.get(':scheme') !== 'https') return undefined
  const hasLength = headers.some((name, i) => i % 2 === 0 && name === 'content-length')
  const framing = withBody && !hasLength ? ['Transfer-Encoding', 'chunked'] : []
  return { method, path, headers: ['Host', authority ?? '', 'Connection', 'close', ...framing, ...headers] }
}

/** The fields of a response, without those of the connection that it came on. */
export function responseFields(status: number, raw: readonly string[]): string[] {
  const fields = [':status', String(status)]
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase()
    if (!hopByHop.has(name)) fields.push(name, raw[i + 1] as string)
  }
  return fields
}
