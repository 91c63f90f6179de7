import type { Keyring } from '../store/keyring.ts'
import type { App } from '../traffic/app.ts'
import { THRESHOLD } from './parts.ts'

const LONGEST_TARGET = 4096

/**
 * The address that a challenge leads to, with the target sealed inside. It carries no state and opens nothing;
 * sealing keeps it from becoming an open redirect and keeps the app's query out of our logs.
 */
export function startLink(keyring: Keyring, app: App, target: string): string {
  const kept = target.length > LONGEST_TARGET ? '/' : target
  return `${THRESHOLD}/start?to=${keyring.seal('target', kept, app.name)}`
}

/** The target of a start link for `app`; `/` for anything that we did not seal for it. */
export function openTarget(keyring: Keyring, app: App, sealed: unknown): string {
  return (typeof sealed === 'string' && keyring.open('target', sealed, app.name)) || '/'
}
