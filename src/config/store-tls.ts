import type { Context } from './context.ts'
import { type PemFile, pemFile, readCaFile, readPair } from './pem-files.ts'
import { createSecret, type Secret } from './secret.ts'
import { takeServerName } from './server-name.ts'
import type { SettingsDraft } from './shape.ts'

/** Whom to believe at a store that speaks TLS, and who we say that we are. */
export type StoreTlsConfig = {
  readonly caFile: PemFile | undefined
  readonly serverName: string | undefined
  /** A certificate of ours, with its chain. */
  readonly cert: PemFile | undefined
  readonly key: Secret | undefined
}

const at = (option: string) => ['store_tls', option]

/** What `store_tls` says, checked. */
export function resolveStoreTls({ store_tls: options = {} }: SettingsDraft, context: Context): StoreTlsConfig {
  return {
    caFile: readCaFile(options.ca_file, at('ca_file'), context),
    serverName: takeServerName(options.server_name, at('server_name'), context.report),
    ...ownCertificate(options, context),
  }
}

function ownCertificate(
  { cert, key }: NonNullable<SettingsDraft['store_tls']>,
  context: Context,
): Pick<StoreTlsConfig, 'cert' | 'key'> {
  const { report } = context
  const [alone, missing] = key === undefined ? ['cert', 'key'] : ['key', 'cert']
  if (report.given(at(alone)) && !report.given(at(missing))) {
    report.problemAtKey(at(alone), `is given without ${missing}.`, 'Name both files of the pair.')
  }
  const pair = cert === undefined || key === undefined ? undefined : readPair({ cert, key }, ['store_tls'], context)
  if (cert === undefined || pair === undefined) return { cert: undefined, key: undefined }
  return { cert: pemFile(cert, pair.pem.cert), key: createSecret(pair.pem.key) }
}
