import type { NativeRequest } from './native-clients.ts'

/** A native client's request as it goes over the wire, on a connection of its own. */
export function nativeText(
  { method, target, headers, body }: NativeRequest,
  host: string,
  more: string[] = [],
): Buffer {
  const fields = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}`)
  if (headers['connection'] === undefined) fields.push('connection: close')
  if (body !== undefined) fields.push(`content-length: ${Buffer.byteLength(body)}`)
  return Buffer.from(`${method} ${target} HTTP/1.1\r\n${[...fields, ...more].join('\r\n')}\r\n\r\n${body ?? ''}`)
}
