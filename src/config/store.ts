import { withoutBrackets } from '../lib/hostname.ts'
import { type Fault, parseAuthority } from './address.ts'
import type { StoreConfig } from './config.ts'
import { readSecretFile } from './files.ts'
import { isPrivateHost } from './network.ts'
import type { Path } from './problem.ts'
import { type Report, take } from './report.ts'
import { createSecret, type Secret } from './secret.ts'
import type { SettingsDraft } from './shape.ts'

type RedisAddress = {
  host: string
  port: number
  tls: boolean
  user: string | undefined
  password: string | undefined
  database: number
}

const USUAL_PORT = 6379
const form = 'Write it as redis://host:6379, or rediss://host:6379 for TLS.'

/** The Redis that `store` names; undefined without one, and, reported, where it is not usable. */
export function resolveStore(draft: SettingsDraft, directory: string, report: Report): StoreConfig | undefined {
  const cluster = Array.isArray(draft.store)
  const passwordFile = report.given(['store_password_file'])
  if (!report.given(['store'])) {
    if (passwordFile)
      report.problemAtKey(['store_password_file'], 'is given without store.', 'Remove it, or add store.')
    return undefined
  }
  if (!report.given(['key_file'])) {
    const hint = 'Put a line "1:KEY" into a file, with KEY from openssl rand -base64 32, and name it on every gateway.'
    report.problemAtKey(['store'], 'needs key_file: all gateways on one store seal with the same key.', hint)
  }
  const nodes = [draft.store ?? []].flat().flatMap((text, index) => {
    const path = cluster ? ['store', index] : ['store']
    return readAddress(text, path, report) ?? []
  })
  const [first] = nodes
  if (first === undefined) return undefined
  judgeNodes(nodes, cluster, report)
  const password = resolvePassword(draft, first, directory, report)
  return {
    nodes: nodes.map(({ host, port }) => ({ host, port })),
    cluster,
    tls: first.tls,
    user: first.user,
    password,
    database: first.database,
  }
}

function readAddress(text: string | undefined, path: Path, report: Report): RedisAddress | undefined {
  const address = take(text, path, parseRedisUrl, report)
  if (text === undefined || address === undefined) return undefined
  const written = parseRedisUrl(report.original(path) ?? text)
  const literal = 'fault' in written ? undefined : written.password
  if (literal !== undefined && !/^\$\{\w+\}$/.test(literal)) {
    const hint = `Put it into a file and name that with store_password_file, or write redis://user:\${NAME}@host and set NAME.`
    report.problem(path, 'has a password written out.', hint)
  }
  return address
}

/** The password reaches to the last @ and is taken as it is, without percent-escapes. */
function parseRedisUrl(text: string): RedisAddress | Fault {
  const [, scheme, signIn, place, rest] = /^(rediss?):\/\/(?:(.*)@)?([^@/?#]*)(.*)$/is.exec(text) ?? []
  if (scheme === undefined || place === undefined) return { fault: 'is not the address of a Redis.', hint: form }
  const host = parseAuthority(place, 'redis')
  if ('fault' in host) return host
  const [, digits] = /^\/?(\d{0,4})$/.exec(rest ?? '') ?? []
  if (digits === undefined) return { fault: 'has more than host, port and the number of a database.', hint: form }
  const [, user = '', password] = /^([^:]*)(?::(.*))?$/s.exec(signIn ?? '') ?? []
  const port = host.authority.slice(host.hostname.length + 1)
  return {
    host: withoutBrackets(host.hostname),
    port: port === '' ? USUAL_PORT : Number(port),
    tls: scheme.toLowerCase() === 'rediss',
    user: user === '' ? undefined : user,
    password: password === '' ? undefined : password,
    database: Number(digits),
  }
}

function judgeNodes(nodes: readonly RedisAddress[], cluster: boolean, report: Report): void {
  const common = ({ tls, user, password }: RedisAddress) => JSON.stringify([tls, user, password])
  if (new Set(nodes.map(common)).size > 1) {
    report.problem(
      ['store'],
      'has nodes of one Cluster with different schemes, users or passwords.',
      'Make them equal.',
    )
  }
  if (cluster && nodes.some(({ database }) => database !== 0)) {
    report.problem(['store'], 'names a database, but a list is a Cluster, and that has only one.', 'Remove the number.')
  }
}

function resolvePassword(
  draft: SettingsDraft,
  { host, tls, user, password }: RedisAddress,
  directory: string,
  report: Report,
): Secret | undefined {
  const file = ['store_password_file']
  if (report.given(file) && password !== undefined) {
    report.problemAtKey(file, 'is given together with a password in store.', 'Keep one of them.')
  }
  if (user !== undefined && password === undefined && !report.given(file)) {
    report.problem(['store'], 'names a user, but there is no password.', 'Add store_password_file: FILE.')
  }
  const secret =
    draft.store_password_file === undefined
      ? password && createSecret(password)
      : readSecretFile(draft.store_password_file, directory, file, report)
  if (secret && !tls && !isPrivateHost(host)) {
    report.warning(['store'], 'sends its password in the clear over a network that is not yours.', 'Use rediss://.')
  }
  return secret || undefined
}
