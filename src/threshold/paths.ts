import type { Keyring } from '../store/keyring.ts'
import type { App } from '../traffic/app.ts'

/** Everything of ours on an app's host lives below this; "auth" keeps apps' service workers away from it. */
export const THRESHOLD = '/.entryphone/auth'

/** A login's own address; its id goes into redirects, so nothing else may stand there. */
export const LOGIN = `${THRESHOLD}/:login(^[A-Za-z0-9_-]{22}$)`

/** Says who is signed in on this host, and ends that on a press. */
export const SIGN_OUT = `${THRESHOLD}/sign-out`

/** Takes whoever is signed in on this host into the app; and leaves that to the app itself. */
export const ENTER = `${THRESHOLD}/enter`
export const AS_IT_IS = `${THRESHOLD}/as-it-is`

/** Goes through the app's own page once, to show who somebody is there; and where that comes back to. */
export const PROVE = `${THRESHOLD}/prove`
export const PROVED = `${THRESHOLD}/proved`

const LONGEST_TARGET = 4096

/**
 * The address that a challenge leads to, with the target sealed inside. It carries no state and opens nothing;
 * sealing keeps it from becoming an open redirect and keeps the app's query out of our logs.
 */
export function startLink(keyring: Keyring, app: App, target: string): string {
  return withTarget('start', keyring, app, target)
}

/** Where a device is asked how it wants to sign in. */
export function chooseLink(keyring: Keyring, app: App, target: string): string {
  return withTarget('choose', keyring, app, target)
}

/** Where a device that could be shown a code says that it signs in by itself. */
export function hereLink(keyring: Keyring, app: App, target: string): string {
  return withTarget('way/here', keyring, app, target)
}

/** Where the person is asked about a request to the app. */
export function confirmLink(keyring: Keyring, app: App, target: string): string {
  return withTarget('confirm', keyring, app, target)
}

/** Where a browser that stays outside the app is told why, and from where it goes on to `target`. */
export function enterLink(keyring: Keyring, app: App, target: string): string {
  return withTarget('enter', keyring, app, target)
}

/** Where somebody who has signed out in the app says that they want in again. */
export function backLink(keyring: Keyring, app: App, target: string): string {
  return withTarget('way/back', keyring, app, target)
}

/** The target of a start link for `app`; `/` for anything that we did not seal for it. */
export function openTarget(keyring: Keyring, app: App, sealed: unknown): string {
  return (typeof sealed === 'string' && keyring.open('target', sealed, app.name)) || '/'
}

function withTarget(path: string, keyring: Keyring, app: App, target: string): string {
  const kept = target.length > LONGEST_TARGET ? '/' : target
  return `${THRESHOLD}/${path}?to=${keyring.seal('target', kept, app.name)}`
}
