import { withoutBrackets } from '../lib/hostname.ts'
import { type Fault, parseAuthority } from './address.ts'

/** What one text of `store` says. */
export type RedisAddress = {
  /** One server, or the Sentinels that know it. */
  nodes: { host: string; port: number }[]
  /** What Sentinels call the server. */
  master: string | undefined
  tls: boolean
  user: string | undefined
  password: string | undefined
  database: number
}

const USUAL_PORT = 6379
const USUAL_SENTINEL_PORT = 26_379

const form =
  'Write it as redis://host:6379, or rediss://host:6379 for TLS; with Sentinels as redis+sentinel://host1,host2/NAME.'

/** The password reaches to the last @ and is taken as it is, without percent-escapes. */
export function parseRedisUrl(text: string): RedisAddress | Fault {
  const [, scheme, sentinel, signIn, places, rest = ''] =
    /^(rediss?)(\+sentinel)?:\/\/(?:(.*)@)?([^@/?#]*)(.*)$/is.exec(text) ?? []
  if (scheme === undefined || places === undefined) return { fault: 'is not the address of a Redis.', hint: form }
  const nodes: RedisAddress['nodes'] = []
  for (const place of sentinel === undefined ? [places] : places.split(',')) {
    const node = readNode(place, sentinel === undefined ? USUAL_PORT : USUAL_SENTINEL_PORT)
    if ('fault' in node) return node
    nodes.push(node)
  }
  const way = sentinel === undefined ? readDatabase(rest) : readMaster(rest)
  if ('fault' in way) return way
  const [, user = '', password = ''] = /^([^:]*)(?::(.*))?$/s.exec(signIn ?? '') ?? []
  return {
    nodes,
    master: way.master,
    tls: scheme.toLowerCase() === 'rediss',
    user: user === '' ? undefined : user,
    password: password === '' ? undefined : password,
    database: Number(way.digits),
  }
}

function readNode(text: string, usualPort: number): { host: string; port: number } | Fault {
  const host = parseAuthority(text, 'redis')
  if ('fault' in host) return host
  const port = host.authority.slice(host.hostname.length + 1)
  return { host: withoutBrackets(host.hostname), port: port === '' ? usualPort : Number(port) }
}

type Way = { master: string | undefined; digits: string }

function readDatabase(rest: string): Way | Fault {
  const [, digits] = /^\/?(\d{0,4})$/.exec(rest) ?? []
  if (digits !== undefined) return { master: undefined, digits }
  return { fault: 'has more than host, port and the number of a database.', hint: form }
}

function readMaster(rest: string): Way | Fault {
  // The names that Sentinel allows.
  const [, master, digits = ''] = /^\/([A-Za-z0-9._-]+)(?:\/(\d{0,4}))?$/.exec(rest) ?? []
  if (master !== undefined) return { master, digits }
  const hint = 'It is in the line "sentinel monitor NAME …" of sentinel.conf: redis+sentinel://host1,host2/NAME'
  return { fault: 'must end with the name that the Sentinels have for the server.', hint }
}
