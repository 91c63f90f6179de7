import { MINUTE } from '../../lib/clock.ts'
import type { Identity } from '../../provider/provider.ts'
import type { Accounts } from '../../recipes/accounts.ts'
import { judge } from '../../sessions/allow.ts'
import type { FoundSession } from '../../sessions/sessions.ts'
import type { App } from '../../traffic/app.ts'
import type { DoorExchange, PhoneExchange } from '../exchange.ts'
import type { DoorParts } from '../parts.ts'
import { isOwnPress, recognise } from '../phone.ts'

/** One request about somebody's account in one app, which they may open. */
export type AccountExchange = PhoneExchange & {
  app: App
  accounts: Accounts
  person: Identity
  found: FoundSession
  /** The page about it. */
  here: string
}

/** What is carried from one page to the next lives this long, as the app's own codes do. */
const CARRIED_MS = 10 * MINUTE

/** An app that the person may open and where they are signed in inside. */
export function appFor(parts: DoorParts, person: Identity, name: string): { app: App; accounts: Accounts } | undefined {
  const app = parts.apps.get(name)
  const accounts = parts.accounts.get(name)
  // SECURITY: who may not open an app learns nothing of it. Test: whoever may not open an app can neither look at an account there nor link one
  if (app === undefined || accounts === undefined || !judge(app.allow, person).allowed) return undefined
  return { app, accounts }
}

/** The app that the address names; `nobody`: no one is signed in. */
export async function findApp(exchange: DoorExchange): Promise<AccountExchange | 'nobody' | undefined> {
  const known = await recognise(exchange)
  const { found } = known.phone
  if (found === undefined) return 'nobody'
  const person = found.session.approvedBy
  const there = appFor(exchange.parts, person, nameIn(exchange))
  return there && { ...known, ...there, person, found, here: appPath(there.app) }
}

/** The same for a press on our own page; undefined for any other. */
export async function pressedFor(
  exchange: DoorExchange,
  token: string | undefined,
): Promise<AccountExchange | undefined> {
  const about = await findApp(exchange)
  if (about === undefined || about === 'nobody') return undefined
  // SECURITY: no other page links anybody. Test: C2: a page of another site can neither link an account nor part with one
  if (!isOwnPress(about, purposeOf(about.app), token)) return undefined
  return about
}

/** The name of the app in the address. */
export function nameIn({ request }: DoorExchange): string {
  return (request.params as { app: string }).app
}

/** The page about the person's account in an app. */
export const appPath = (app: Pick<App, 'name'>): string => `/me/apps/${encodeURIComponent(app.name)}`

/** What the forms of that page are for. */
export const purposeOf = (app: Pick<App, 'name'>): string => `app ${app.name}`

/** Something for a later page of the same phone, person and app, and of no other. */
export function carry(about: AccountExchange, what: string, value: unknown): string {
  const { parts } = about
  return parts.keyring.seal('carried', JSON.stringify([parts.clock.now() + CARRIED_MS, value]), contextOf(about, what))
}

/** What was carried here; undefined when it was not, or is too old. */
export function carried<T>(about: AccountExchange, what: string, sealed: unknown): T | undefined {
  const { parts } = about
  const text = typeof sealed === 'string' ? parts.keyring.open('carried', sealed, contextOf(about, what)) : undefined
  if (text === undefined) return undefined
  const [until, value] = JSON.parse(text) as [number, T]
  return parts.clock.now() < until ? value : undefined
}

function contextOf({ phone, app, found }: AccountExchange, what: string): string {
  // SECURITY(replace: phone.id, found.key, app.name → app.name): a proof that another phone began would make this person somebody else. Test: a proof that was begun by another person, on another phone or for another app links nobody
  return JSON.stringify([what, phone.id, found.key, app.name])
}
