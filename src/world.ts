import type { AppConfig, Config, StoreConfig } from './config/config.ts'
import type { ProviderSettings } from './provider/discovery.ts'
import type { RoadSettings } from './provider/road.ts'
import type { GrantChoice } from './provider/way.ts'
import type { SignInSettings } from './recipes/registry.ts'
import { recipeKinds } from './recipes/registry.ts'
import { cookieNames } from './sessions/cookies.ts'
import type { RedisSettings } from './store/redis-settings.ts'
import type { App } from './traffic/app.ts'

/** What the config says, in the shapes that the parts want. Frozen; a reload makes a new one. */
export type World = {
  /** The scheme that people type; `secure` when it is https. */
  scheme: 'http' | 'https'
  secure: boolean
  door: { origin: string; authority: string }
  /** Of the door and of every app; IPv6 in brackets. */
  hostnames: readonly string[]
  apps: readonly App[]
  /** By the name of the app: which recipe it has, and how people are signed in inside. */
  recipes: ReadonlyMap<string, { kind: string; signIn: SignInSettings | undefined }>
  provider: ProviderSettings
  /** How the provider is reached. */
  road: RoadSettings
  /** Who issues the code on a screen. */
  grant: GrantChoice
  /** Where gateways share their records; undefined: in the data directory. */
  redis: RedisSettings | undefined
}

/** Compiles a checked config. */
export function compileWorld(config: Config): World {
  const secure = config.publicUrl.startsWith('https:')
  const provider = config.providers.default
  return Object.freeze({
    scheme: secure ? 'https' : 'http',
    secure,
    door: { origin: config.publicUrl, authority: new URL(config.publicUrl).host },
    hostnames: [config.publicUrl, ...config.apps.map((app) => app.origin)].map((origin) => new URL(origin).hostname),
    apps: config.apps.map((app) => compileApp(app, secure)),
    recipes: new Map(config.apps.map((app) => [app.name, compileRecipe(app)])),
    provider: {
      issuer: provider.issuer,
      clientId: provider.clientId,
      clientSecret: provider.clientSecret?.reveal(),
      clientAuth: provider.clientAuth,
      profile: provider.profile,
      scopes: provider.scopes,
      groupsClaim: provider.groupsClaim,
      redirectUri: `${config.publicUrl}/callback`,
      insecureHttp: config.insecureHttp,
    },
    road: {
      issuer: provider.issuer,
      ca: provider.caFile?.pem,
      internalUrl: provider.internalUrl,
      endpointHosts: provider.endpointHosts,
    },
    grant: config.deviceLogin.grant,
    redis: config.store && compileStore(config.store),
  })
}

function compileStore({ password, sentinel, tls, ...rest }: StoreConfig): RedisSettings {
  return {
    ...rest,
    password: password?.reveal(),
    sentinel: sentinel && { master: sentinel.master, password: sentinel.password?.reveal() },
    tls: tls && {
      rejectUnauthorized: true,
      ca: tls.caFile?.pem,
      servername: tls.serverName,
      cert: tls.cert?.pem,
      key: tls.key?.reveal(),
    },
  }
}

function compileRecipe({ recipe, signIn, ...options }: AppConfig): { kind: string; signIn: SignInSettings } {
  const secret = (signIn?.apiKey ?? signIn?.token)?.reveal()
  const { users = {}, createUsers = false, screenAdmin = false } = signIn ?? {}
  const { passwordSignIn = false, imagesByAddress = false, openWebhooks = [], learnWebhooks = false } = options
  return Object.freeze({
    kind: recipe,
    signIn: {
      secret,
      rules: { users, createUsers, screenAdmin },
      options: { passwordSignIn, imagesByAddress, openWebhooks, learnWebhooks },
    },
  })
}

function compileApp(app: AppConfig, secure: boolean): App {
  return Object.freeze({
    name: app.name,
    title: app.title,
    authority: app.authority,
    origin: app.origin,
    upstream: new URL(app.upstream),
    upstreamTls: app.upstreamTls && {
      ca: app.upstreamTls.caFile?.pem,
      serverName: app.upstreamTls.serverName,
      fingerprints: app.upstreamTls.fingerprint,
    },
    allow: app.allow,
    cors: [...app.cors, ...(recipeKinds[app.recipe]?.cors ?? [])].map((origin) => origin.toLowerCase()),
    trustedOrigins: app.trustedOrigins.map((origin) => origin.toLowerCase()),
    requestHeaders: app.requestHeaders,
    cookies: cookieNames(secure, app.authority),
  })
}
