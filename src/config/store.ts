import type { StoreConfig } from './config.ts'
import type { Context } from './context.ts'
import { readSecretFile } from './files.ts'
import { isPrivateHost } from './network.ts'
import type { Path } from './problem.ts'
import { parseRedisUrl, type RedisAddress } from './redis-address.ts'
import { type Report, take } from './report.ts'
import { createSecret, type Secret } from './secret.ts'
import type { SettingsDraft } from './shape.ts'
import { resolveStoreTls } from './store-tls.ts'

const companions = ['store_password_file', 'store_sentinel_password_file', 'store_tls'] as const

/** The Redis that `store` names; undefined without one, and, reported, where it is not usable. */
export function resolveStore(draft: SettingsDraft, context: Context): StoreConfig | undefined {
  const { report } = context
  const cluster = Array.isArray(draft.store)
  if (!report.given(['store'])) {
    for (const name of companions) {
      if (report.given([name])) report.problemAtKey([name], 'is given without store.', 'Remove it, or add store.')
    }
    return undefined
  }
  if (!report.given(['key_file'])) {
    const hint = 'Put a line "1:KEY" into a file, with KEY from openssl rand -base64 32, and name it on every gateway.'
    report.problemAtKey(['store'], 'needs key_file: all gateways on one store seal with the same key.', hint)
  }
  const addresses = [draft.store ?? []].flat().flatMap((text, index) => {
    const path = cluster ? ['store', index] : ['store']
    return readAddress(text, path, report) ?? []
  })
  const [first] = addresses
  if (first === undefined) return undefined
  judgeCluster(addresses, cluster, report)
  const { tls, master, user, database } = first
  const storeTls = resolveStoreTls(draft, context)
  if (report.given(['store_tls']) && !tls) {
    report.problemAtKey(['store_tls'], 'is given, but store does not begin with rediss.', 'Write rediss:// there.')
  }
  if (report.given(['store_sentinel_password_file']) && master === undefined) {
    const hint = 'Write store: redis+sentinel://host1,host2/NAME, or remove it.'
    report.problemAtKey(['store_sentinel_password_file'], 'is given, but store names no Sentinels.', hint)
  }
  const password = resolvePassword(draft, first, context)
  const sentinelFile = 'store_sentinel_password_file'
  const sentinelPassword = readSecretFile(draft[sentinelFile], [sentinelFile], context)
  return {
    nodes: addresses.flatMap(({ nodes }) => nodes),
    cluster,
    sentinel: master === undefined ? undefined : { master, password: sentinelPassword },
    tls: tls ? storeTls : undefined,
    user,
    password,
    database,
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

function judgeCluster(addresses: readonly RedisAddress[], cluster: boolean, report: Report): void {
  if (!cluster) return
  const common = ({ tls, user, password }: RedisAddress) => JSON.stringify([tls, user, password])
  if (new Set(addresses.map(common)).size > 1) {
    const message = 'has nodes of one Cluster with different schemes, users or passwords.'
    report.problem(['store'], message, 'Make them equal.')
  }
  if (addresses.some(({ database }) => database !== 0)) {
    report.problem(['store'], 'names a database, but a list is a Cluster, and that has only one.', 'Remove the number.')
  }
  if (addresses.some(({ master }) => master !== undefined)) {
    const hint = 'Write all Sentinels into one text: redis+sentinel://host1,host2/NAME'
    report.problem(['store'], 'names Sentinels, but a list is a Cluster.', hint)
  }
}

function resolvePassword(draft: SettingsDraft, address: RedisAddress, context: Context): Secret | undefined {
  const { nodes, tls, user, password } = address
  const { report } = context
  const file = ['store_password_file']
  if (report.given(file) && password !== undefined) {
    report.problemAtKey(file, 'is given together with a password in store.', 'Keep one of them.')
  }
  if (user !== undefined && password === undefined && !report.given(file)) {
    report.problem(['store'], 'names a user, but there is no password.', 'Add store_password_file: FILE.')
  }
  const secret = readSecretFile(draft.store_password_file, file, context) ?? (password && createSecret(password))
  if (secret && !tls && !nodes.every(({ host }) => isPrivateHost(host))) {
    report.warning(['store'], 'sends its password in the clear over a network that is not yours.', 'Use rediss://.')
  }
  return secret || undefined
}
