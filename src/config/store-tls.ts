import type { Clock } from '../lib/clock.ts'
import { judgePair } from '../tls/pair.ts'
import { type CaFile, readCaFile } from './ca-file.ts'
import { readNamedFile, warnIfOpen } from './files.ts'
import { type Report, take } from './report.ts'
import { createSecret, type Secret } from './secret.ts'
import type { SettingsDraft } from './shape.ts'
import { parseServerName } from './upstream-tls.ts'

/** Whom to believe at a store that speaks TLS, and who we say that we are. */
export type StoreTlsConfig = {
  readonly caFile: CaFile | undefined
  readonly serverName: string | undefined
  /** A certificate of ours, with its chain. */
  readonly cert: CaFile | undefined
  readonly key: Secret | undefined
}

type Context = { directory: string; clock: Clock; report: Report }

/** What `store_tls` says, checked. */
export function resolveStoreTls({ store_tls: options = {} }: SettingsDraft, context: Context): StoreTlsConfig {
  const at = (option: string) => ['store_tls', option]
  const caFile = options.ca_file === undefined ? undefined : readCaFile(options.ca_file, at('ca_file'), context)
  const name = take(options.server_name, at('server_name'), parseServerName, context.report)
  return { caFile, serverName: name?.name, ...readPair(options, context) }
}

function readPair(
  { cert: certFile, key: keyFile }: NonNullable<SettingsDraft['store_tls']>,
  { directory, report }: Context,
): Pick<StoreTlsConfig, 'cert' | 'key'> {
  const at = (option: string) => ['store_tls', option]
  const none = { cert: undefined, key: undefined }
  if (certFile === undefined || keyFile === undefined) {
    const [alone, missing] = keyFile === undefined ? ['cert', 'key'] : ['key', 'cert']
    if (report.given(at(alone)) && !report.given(at(missing))) {
      report.problemAtKey(at(alone), `is given without ${missing}.`, 'Name both files of the pair.')
    }
    return none
  }
  const cert = readNamedFile(certFile, directory, at('cert'), report)
  const key = readNamedFile(keyFile, directory, at('key'), report)
  if (cert === undefined || key === undefined) return none
  warnIfOpen(keyFile, directory, at('key'), report)
  const { faults } = judgePair({ cert, key })
  for (const { file, fault, hint } of faults) report.problem(at(file), fault, hint)
  return { cert: { pem: cert, toJSON: () => certFile }, key: createSecret(key) }
}
