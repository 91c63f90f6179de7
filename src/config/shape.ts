import { Settings as typeboxSettings } from 'typebox/system'
import { Value } from 'typebox/value'
import { appSchema } from './app-schema.ts'
import { type Path, pathText } from './problem.ts'
import { providerSchema } from './provider-schema.ts'
import type { OwnOption } from './recipes.ts'
import type { Report } from './report.ts'
import { type Settings, settingsSchema } from './schema.ts'
import { explain } from './shape-words.ts'

/** More would bury the reader; the checker stops here too. */
const MAX_PROBLEMS = 100
typeboxSettings.Set({ maxErrors: MAX_PROBLEMS })

/** What is left of `T` when everything that does not fit has been taken out. */
export type Draft<T> = T extends readonly (infer Item)[]
  ? (Draft<Item> | undefined)[]
  : T extends object
    ? { [Key in keyof T]?: Draft<T[Key]> | undefined }
    : T

/** A draft in which the options `Key` are always there, because the schema has defaults for them. */
type Filled<T, Key extends keyof T> = Draft<Omit<T, Key>> & { [K in Key]-?: Whole<NonNullable<T[K]>> }
type Whole<T> = T extends readonly unknown[] ? Draft<T> : T extends object ? Required<T> : T

export type ProviderDraft = Filled<
  NonNullable<Settings['provider']>,
  'client_auth' | 'endpoint_hosts' | 'scopes' | 'groups_claim'
>
export type AppDraft = Filled<
  Settings['apps'][string],
  'recipe' | 'cors' | 'trusted_origins' | 'request_headers' | OwnOption
>
export type SettingsDraft = Filled<
  Omit<Settings, 'apps' | 'provider' | 'providers'>,
  'name' | 'device_login' | 'trusted_proxies' | 'insecure_http' | 'data_dir' | 'stop' | 'log'
> & {
  apps?: Record<string, AppDraft | undefined>
  provider?: ProviderDraft
  providers?: Record<string, ProviderDraft | undefined>
}

/**
 * Holds `value` against the schema, reports what does not fit and returns the rest with defaults filled in, so that
 * the rules can judge it in the same go. Undefined when it is no map at all. `unusable` is left out unreported.
 */
export function fitToSchema(value: unknown, report: Report, unusable: readonly Path[]): SettingsDraft | undefined {
  const draft: unknown = structuredClone(value)
  const skipped = new Set(unusable.map(pathText))
  const findings = explain(Value.Errors(settingsSchema, value), value, report.quote).filter(
    (finding) => !skipped.has(pathText(finding.path)),
  )
  for (const { path, atKey, message, hint } of findings) {
    if (atKey) report.problemAtKey(path, message, hint)
    else report.problem(path, message, hint)
  }
  for (const path of unusable) takeOut(draft, path)
  for (const { path } of findings) takeOut(draft, path)
  return isMap(value) ? fillIn(draft) : undefined
}

function fillIn(draft: unknown): SettingsDraft {
  const filled = Value.Default(settingsSchema, draft) as SettingsDraft
  // The library fills in what a map of names holds only if that has a default as a whole.
  for (const app of Object.values(filled.apps ?? {})) Value.Default(appSchema, app)
  for (const provider of Object.values(filled.providers ?? {})) Value.Default(providerSchema, provider)
  return filled
}

function isMap(value: unknown): boolean {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function takeOut(root: unknown, path: Path): void {
  let node = root
  for (const step of path.slice(0, -1)) {
    if (node === null || typeof node !== 'object') return
    node = (node as Record<string | number, unknown>)[step]
  }
  const last = path.at(-1)
  if (node === null || typeof node !== 'object' || last === undefined) return
  // A list keeps its length, so that the places of the other items stay right.
  if (Array.isArray(node)) node[Number(last)] = undefined
  else delete (node as Record<string, unknown>)[String(last)]
}
