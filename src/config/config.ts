import type { Allow } from '../sessions/allow.ts'
import type { InsideConfig } from './inside.ts'
import type { ListenAddress } from './network.ts'
import type { PemFile } from './pem-files.ts'
import type { RecipeName } from './recipes.ts'
import type { Settings } from './schema.ts'
import type { Secret } from './secret.ts'
import type { StoreTlsConfig } from './store-tls.ts'
import type { UpstreamTlsConfig } from './upstream-tls.ts'

/** The config as the gateway uses it: checked, defaults filled in, paths absolute, deeply frozen. */
export type Config = {
  /** Absolute path of the file that it came from. */
  readonly file: string
  /** Origin of the door: `https://door.home.example`. */
  readonly publicUrl: string
  readonly name: string
  readonly listen: readonly ListenAddress[]
  /** Addresses and CIDR ranges. */
  readonly trustedProxies: readonly string[]
  readonly tls: { readonly cert: string; readonly key: string; readonly http2: boolean } | undefined
  readonly httpRedirect: HttpRedirect | undefined
  readonly insecureHttp: boolean
  /** Paths of the options named `insecure_…` that are on. */
  readonly insecureOptions: readonly string[]
  readonly dataDir: string
  readonly keyFile: string | undefined
  /** Instead of the database in `dataDir`. */
  readonly store: StoreConfig | undefined
  readonly providers: { readonly default: ProviderConfig }
  readonly deviceLogin: Readonly<Required<NonNullable<Settings['device_login']>>>
  /** In the order of the file; at least one. */
  readonly apps: readonly AppConfig[]
  readonly stop: StopConfig
  readonly log: Readonly<Required<NonNullable<Settings['log']>>>
}

/** Milliseconds. */
export type StopConfig = { readonly drain: number; readonly finish: number }

/** Where plain http leads to https. Of one that nobody wrote, it is no error when the port cannot be had. */
export type HttpRedirect = { readonly address: ListenAddress; readonly byDefault: boolean }

/** A Redis that several gateways share. */
export type StoreConfig = {
  /** One server, some nodes of a Cluster, or the Sentinels of one server. */
  readonly nodes: readonly { readonly host: string; readonly port: number }[]
  readonly cluster: boolean
  readonly sentinel: { readonly master: string; readonly password: Secret | undefined } | undefined
  readonly tls: StoreTlsConfig | undefined
  readonly user: string | undefined
  readonly password: Secret | undefined
  readonly database: number
}

type ProviderOptions = NonNullable<Settings['provider']>

export type ProviderConfig = {
  /** As the provider writes it, character by character. */
  readonly issuer: string
  readonly clientId: string
  /** Undefined exactly when `clientAuth` is `none`. */
  readonly clientSecret: Secret | undefined
  readonly clientAuth: NonNullable<ProviderOptions['client_auth']>
  readonly profile: ProviderOptions['profile']
  readonly scopes: readonly string[]
  readonly groupsClaim: string
  readonly caFile: PemFile | undefined
  /** Origin that is dialled in place of the issuer's. */
  readonly internalUrl: string | undefined
  /** Authorities of further hosts whose endpoints may be asked. */
  readonly endpointHosts: readonly string[]
}

export type AppConfig = InsideConfig & {
  readonly name: string
  readonly title: string
  /** Lower case host, with `:port` unless it is the scheme's usual one. */
  readonly authority: string
  /** Scheme of the door and authority of the app. */
  readonly origin: string
  /** Origin of the app itself: `http://jellyfin:8096`. */
  readonly upstream: string
  readonly upstreamTls: UpstreamTlsConfig | undefined
  readonly recipe: RecipeName
  readonly allow: Readonly<Allow> | undefined
  /** Origins, or `*` alone. */
  readonly cors: readonly string[]
  readonly trustedOrigins: readonly string[]
  /** Lower case names; a `*` at the end stands for the rest. */
  readonly requestHeaders: readonly string[]
}

/** Freezes a value and everything in it. */
export function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) deepFreeze(inner)
  }
  return value
}
