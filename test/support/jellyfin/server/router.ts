import type { IncomingHttpHeaders } from 'node:http'
import type { ClientInfo, Query } from './client-info.ts'
import type { ApiKey, Device } from './devices.ts'
import type { User } from './users.ts'
import { differences, type Version } from './version.ts'

export type Caller = { kind: 'nobody' } | { kind: 'user'; user: User; device: Device } | { kind: 'key'; key: ApiKey }

/** One request to the API, read. */
export type Call = {
  method: string
  headers: IncomingHttpHeaders
  query: Query
  /** What stood where the route's path has `{name}`. */
  param: (name: string) => string
  info: ClientInfo
  caller: Caller
  /** What was sent as JSON; undefined when nothing was. */
  body: unknown
  place: Place
}

/** Where a request comes from, as this server sees it. */
export type Place = { address: string; scheme: string; host: string; isLocal: boolean }

export type Answer = {
  status: number
  headers?: Record<string, string>
  body?: string | Buffer
}

export type Route = {
  methods: readonly string[]
  /** As documented; `{name}` stands for one segment. */
  path: string
  /** `admin`: an administrator, or an API key, which counts as one. */
  needs: 'nothing' | 'token' | 'admin'
  answer(call: Call): Answer
}

/** A route that is open to anybody, to whoever has a token, or to administrators and API keys. */
export function route(
  needs: Route['needs'],
  methods: string | readonly string[],
  path: string,
  answer: Route['answer'],
): Route {
  return { needs, methods: typeof methods === 'string' ? [methods] : methods, path, answer }
}

export function json(value: unknown, status = 200): Answer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(value) }
}

export const nothing: Answer = { status: 204 }

/** How this server speaks of its faults: never more than this line. */
export function fault(status: 400 | 401 | 403 | 404 | 405 | 500): Answer {
  return { status, headers: { 'content-type': 'text/plain' }, body: 'Error processing request.' }
}

/** The path that routes are compared with; undefined when it lies outside the base URL, where nothing is served. */
export function routedPath(path: string, baseUrl: string, version: Version): string | undefined {
  const inside = path.slice(baseUrl.length)
  if (path.slice(0, baseUrl.length).toLowerCase() !== baseUrl.toLowerCase() || !/^(?:\/|$)/.test(inside))
    return undefined
  // Path traps: the old prefixes are stripped before routing.
  return differences[version].legacyPrefixes ? inside.replace(/^\/(?:emby|mediabrowser)(?=\/)/i, '') : inside
}

/** What leads to `path`: routes know no letter case. Method by method, as several may share a path. */
export function matchRoutes(routes: Route[], path: string): { route: Route; params: Map<string, string> }[] {
  return routes.flatMap((route) => {
    const params = matchPath(route.path, path)
    return params === undefined ? [] : [{ route, params }]
  })
}

function matchPath(pattern: string, path: string): Map<string, string> | undefined {
  const wanted = pattern.split('/')
  const given = path.replace(/(?<=.)\/$/, '').split('/')
  if (wanted.length !== given.length) return undefined
  const params = new Map<string, string>()
  for (const [index, part] of wanted.entries()) {
    const segment = decodeURIComponent(given[index] ?? '')
    const name = /^\{(\w+)\}$/.exec(part)?.[1]
    if (name !== undefined) params.set(name, segment)
    else if (part.toLowerCase() !== segment.toLowerCase()) return undefined
  }
  return params
}
