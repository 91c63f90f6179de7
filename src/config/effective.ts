import { Document, visit } from 'yaml'
import type { AppConfig, Config, StoreConfig } from './config.ts'
import { durationText } from './duration.ts'
import { listenText } from './network.ts'
import { rootSchema } from './schema-walk.ts'

/** The config as plain values under the names that the file uses, in the schema's order, secrets as "[secret]". */
export function effectiveConfig({ file: _file, ...config }: Config): Record<string, unknown> {
  const options: Record<string, unknown> = {
    ...(spelled(config) as Record<string, unknown>),
    listen: config.listen.map(listenText),
    ...(config.httpRedirect && { http_redirect: listenText(config.httpRedirect.address) }),
    ...(config.store && { store: storeTexts(config.store) }),
    ...(config.store?.tls && Object.values(config.store.tls).some(Boolean) && { store_tls: spelled(config.store.tls) }),
    stop: Object.fromEntries(Object.entries(config.stop).map(([name, ms]) => [name, durationText(ms)])),
    apps: Object.fromEntries(config.apps.map((app) => [app.name, appOptions(app)])),
  }
  const order = Object.keys(rootSchema.properties ?? {}).filter((name) => name in options)
  return Object.fromEntries(order.map((name) => [name, options[name]]))
}

/** The same as YAML, lists on one line. */
export function effectiveYaml(config: Config): string {
  const document = new Document(effectiveConfig(config))
  visit(document, {
    Seq(_key, node) {
      node.flow = true
    },
  })
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}

function appOptions({ name: _name, authority, origin: _origin, signIn, ...rest }: AppConfig): Record<string, unknown> {
  return {
    host: authority,
    ...(spelled(rest) as Record<string, unknown>),
    // The names of people are their own.
    ...(signIn && { sign_in: { ...(spelled(signIn) as Record<string, unknown>), users: signIn.users } }),
  }
}

/** One address, or a list of them for a Cluster, as the file has them. */
function storeTexts({ nodes, cluster, sentinel, tls, user = '', password, database }: StoreConfig): string | string[] {
  const scheme = `redis${tls ? 's' : ''}${sentinel ? '+sentinel' : ''}`
  const begin = `${scheme}://${password === undefined ? '' : `${user}:${password}@`}`
  const end = database === 0 ? '' : `/${database}`
  if (sentinel) return `${begin}${nodes.map(listenText).join()}/${sentinel.master}${end}`
  const texts = nodes.map((node) => `${begin}${listenText(node)}${end}`)
  return cluster ? texts : (texts[0] ?? '')
}

/** Names in snake_case, without what is undefined; what knows how to print itself does. */
function spelled(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(spelled)
  if ('toJSON' in value && typeof value.toJSON === 'function') return value.toJSON()
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
  return Object.fromEntries(entries.map(([key, inner]) => [snakeCase(key), spelled(inner)]))
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
