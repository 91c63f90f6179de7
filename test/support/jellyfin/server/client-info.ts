import type { IncomingHttpHeaders } from 'node:http'
import type { Version } from './version.ts'
import { differences } from './version.ts'

/** What a client says of itself, and the token that it shows; empty where it says nothing. */
export type ClientInfo = { client: string; device: string; deviceId: string; version: string; token: string }

/** A field of the query by its name in any letter case (recalled), the first one; empty when there is none. */
export type Query = (name: string) => string

export function readQuery(search: string): Query {
  return fieldsOf([...new URLSearchParams(search)])
}

/**
 * The query as it is read behind the check of tokens, by sockets and by routes: one that is a single name without a value is
 * taken for a query that was encoded as a whole (Jellyfin: UrlDecodeQueryFeature.cs).
 */
export function readQueryBehind(search: string): Query {
  const all = [...new URLSearchParams(search)]
  const [name = '', value = ''] = all[0] ?? []
  if (all.length !== 1 || value !== '' || !name.includes('=')) return fieldsOf(all)
  return fieldsOf(name.split('&').map((pair) => [pair.split('=', 1)[0] ?? '', pair.slice(pair.indexOf('=') + 1)]))
}

function fieldsOf(all: [string, string][]): Query {
  return (name) => all.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1] ?? ''
}

/**
 * Token places: `Authorization` with the scheme MediaBrowser and the query's `ApiKey`; with the old places switched on
 * also the scheme Emby, `X-Emby-Authorization`, `X-Emby-Token`, `X-MediaBrowser-Token` and the query's `api_key`.
 */
export function readClientInfo(headers: IncomingHttpHeaders, query: Query, version: Version): ClientInfo {
  const legacy = differences[version].legacyTokens
  const old = (name: string) => (legacy ? String(headers[name] ?? '') : '')
  const schemes = legacy ? ['mediabrowser', 'emby'] : ['mediabrowser']
  const parts = readParts(old('x-emby-authorization') || (headers.authorization ?? ''), schemes)
  const part = (name: string) => parts.get(name) ?? ''
  // An empty token is no token: the SDK always sends `Token=""`.
  const places = [
    part('token'),
    old('x-emby-token'),
    old('x-mediabrowser-token'),
    query('ApiKey'),
    legacy ? query('api_key') : '',
  ]
  return {
    client: part('client'),
    device: part('device'),
    deviceId: part('deviceid'),
    version: part('version'),
    token: places.find((place) => place !== '') ?? '',
  }
}

/** `Scheme Key="value", Key=value`: names in any letter case, values percent-decoded. */
function readParts(header: string, schemes: string[]): Map<string, string> {
  // Recalled: what is not ASCII is UTF-8, which Node reads byte by byte.
  const [, scheme = '', rest = ''] = /^(\S+) (.*)$/s.exec(Buffer.from(header, 'latin1').toString()) ?? []
  if (!schemes.includes(scheme.toLowerCase())) return new Map()
  const pairs = [...rest.matchAll(/([^=,\s]+)\s*=\s*(?:"([^"]*)"|([^,]*))/g)]
  return new Map(pairs.map(([, key = '', quoted, bare = '']) => [key.toLowerCase(), decode(quoted ?? bare.trim())]))
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
