import { dirname } from 'node:path'
import type { Clock } from '../lib/clock.ts'
import { resolveApp } from './app.ts'
import type { Config } from './config.ts'
import { insecureOptions } from './insecure.ts'
import { resolveProvider } from './provider.ts'
import type { Report } from './report.ts'
import { judgeGrant, judgeScheme, judgeTogether } from './rules.ts'
import {
  resolveDataDir,
  resolveDoor,
  resolveHttpRedirect,
  resolveKeyFile,
  resolveListen,
  resolveProxies,
} from './server.ts'
import type { SettingsDraft } from './shape.ts'
import { resolveStop } from './stop.ts'
import { resolveStore } from './store.ts'
import { checkTls, warnOfHosts } from './tls.ts'

/** The config that `draft` means, where every rule has had its say. Only usable if the report holds no problem. */
export function resolveConfig(file: string, draft: SettingsDraft, clock: Clock, report: Report): Config | undefined {
  const context = { directory: dirname(file), clock, report }
  const insecureHttp = draft.insecure_http
  const door = resolveDoor(draft.public_url, insecureHttp, report)
  const scheme = door?.scheme ?? 'https'
  const provider = resolveProvider(draft, { ...context, insecureHttp })
  const apps = Object.entries(draft.apps ?? {}).flatMap(([name, app]) =>
    app === undefined ? [] : resolveApp(name, app, { ...context, scheme }),
  )
  for (const { host, path } of apps) if (host !== undefined) judgeScheme(host, insecureHttp, [...path, 'host'], report)
  judgeTogether(door, apps, provider, report)
  if (provider !== undefined) judgeGrant(draft.device_login.grant, provider, report)
  const tls = draft.tls && checkTls(draft.tls, context)
  if (draft.tls !== undefined && scheme === 'http') {
    const hint = 'Write public_url with https://, or remove tls.'
    report.problemAtKey(['tls'], 'is given, but public_url begins with http://.', hint)
  }
  const hostnames = [door, ...apps.map((app) => app.host)].flatMap((host) => host?.hostname ?? [])
  if (tls !== undefined) warnOfHosts(tls.certificate, hostnames, report)
  const listen = resolveListen(draft, report)
  const httpRedirect = resolveHttpRedirect(draft, listen, report)
  const trustedProxies = resolveProxies(draft.trusted_proxies, report)
  const dataDir = resolveDataDir(draft.data_dir, context)
  const keyFile = resolveKeyFile(draft.key_file, context)
  const store = resolveStore(draft, context)
  if (door === undefined || provider === undefined) return undefined
  return {
    file,
    publicUrl: door.origin,
    name: draft.name,
    listen,
    trustedProxies,
    tls: tls && { ...tls.paths, http2: draft.tls?.http2 ?? false },
    httpRedirect,
    insecureHttp,
    insecureOptions: insecureOptions(draft, report),
    dataDir,
    keyFile,
    store,
    providers: { default: provider },
    deviceLogin: draft.device_login,
    apps: apps.flatMap((app) => app.config ?? []),
    stop: resolveStop(draft, report),
    log: draft.log,
  }
}
