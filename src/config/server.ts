import { readdirSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { DAMAGED, DATABASE } from '../lib/data-files.ts'
import { type Origin, parseOrigin } from './address.ts'
import type { HttpRedirect } from './config.ts'
import type { Context } from './context.ts'
import { readNamedFile } from './files.ts'
import { type ListenAddress, parseListen, parseRange } from './network.ts'
import { type Report, take } from './report.ts'
import { judgeScheme } from './rules.ts'
import type { SettingsDraft } from './shape.ts'

/** The door's origin. Plain http only on purpose, and never as a leftover beside https. */
export function resolveDoor(text: string | undefined, insecureHttp: boolean, report: Report): Origin | undefined {
  const path = ['public_url']
  const door = take(text, path, parseOrigin, report)
  if (door === undefined) return undefined
  const hint = 'Use https://. On a home network, insecure_http: true allows http:// for private addresses.'
  // SECURITY: sign-ins would cross the network in the clear. Test: a plain http door needs insecure_http
  if (door.scheme === 'http' && !insecureHttp) report.problem(path, 'is plain http.', hint)
  if (door.scheme === 'https' && insecureHttp) {
    report.problem(['insecure_http'], 'is on, but public_url begins with https://.', 'Remove insecure_http.')
  }
  judgeScheme(door, insecureHttp, path, report)
  return door
}

/** Where to listen; without `listen`, the usual port of what is spoken, on every interface. */
export function resolveListen({ listen, tls }: SettingsDraft, report: Report): ListenAddress[] {
  if (listen === undefined) return [{ host: undefined, port: tls === undefined ? 8080 : 443 }]
  const single = typeof listen === 'string'
  const seen = new Set<string>()
  return (single ? [listen] : listen).flatMap((text, index) => {
    const path = single ? ['listen'] : ['listen', index]
    const address = take(text, path, parseListen, report)
    if (address === undefined) return []
    const key = `${address.host ?? ''} ${address.port}`
    if (address.port !== 0 && seen.has(key)) report.problem(path, 'is in the list twice.', 'Keep one of them.')
    seen.add(key)
    return address
  })
}

/** Where plain http leads to https, beside our own TLS. */
export function resolveHttpRedirect(
  draft: SettingsDraft,
  listen: readonly ListenAddress[],
  report: Report,
): HttpRedirect | undefined {
  const path = ['http_redirect']
  if (!report.given(path)) {
    const byDefault = draft.tls !== undefined && draft.listen === undefined
    return byDefault ? { address: { host: undefined, port: 80 }, byDefault } : undefined
  }
  if (typeof draft.http_redirect !== 'string') return undefined
  if (draft.tls === undefined) {
    report.problemAtKey(path, 'is given without tls.', 'Remove it: the proxy in front leads to https.')
  }
  const address = take(draft.http_redirect, path, parseListen, report)
  if (address === undefined) return undefined
  const taken = listen.some(({ port }) => port === address.port && port !== 0)
  if (taken) report.problem(path, 'is a port of listen.', 'Plain http needs a port of its own.')
  return { address, byDefault: false }
}

/** Addresses and ranges whose forwarding headers count. */
export function resolveProxies(list: readonly (string | undefined)[], report: Report): string[] {
  return list.flatMap((text, index) => {
    const path = ['trusted_proxies', index]
    const parsed = take(text, path, parseRange, report)
    if (parsed === undefined) return []
    const hint = 'Anybody in it can claim any address. Name your own proxies.'
    if (parsed.wide) report.warning(path, 'is a very wide range.', hint)
    return parsed.range
  })
}

/** Absolute path of the data directory, which need not be there yet. */
export function resolveDataDir(name: string, { directory, report }: Context): string {
  const path = resolve(directory, name)
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat !== undefined && !stat.isDirectory()) {
    report.problem(['data_dir'], `names ${report.quote(['data_dir'], name)}, which is not a directory.`)
  }
  if (stat?.isDirectory()) warnOfDamage(path, report)
  return path
}

/** A database that was set aside at some start is told of until somebody has seen to it. */
function warnOfDamage(directory: string, report: Report): void {
  const names = listed(directory).filter((name) => name.startsWith(DATABASE + DAMAGED) && !/-(wal|shm)$/.test(name))
  for (const name of names) {
    report.warning(
      ['data_dir'],
      `holds ${report.quote([], name)}: this database was damaged, and a new one was begun.`,
      'Whoever was signed in has to sign in again. Look at the disk, then repair or delete that file.',
    )
  }
}

function listed(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

/** Absolute path of the key file, which must be there and nobody else's. */
export function resolveKeyFile(name: string | undefined, context: Context): string | undefined {
  if (name === undefined || readNamedFile(name, ['key_file'], context) === undefined) return undefined
  return resolve(context.directory, name)
}
