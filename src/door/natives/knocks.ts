import { foldCode } from '../../logins/user-code.ts'
import type { Identity } from '../../provider/provider.ts'
import type { Accounts } from '../../recipes/accounts.ts'
import type { Knock, RecipeKnocks } from '../../recipes/recipe.ts'
import { judge } from '../../sessions/allow.ts'
import type { App } from '../../traffic/app.ts'
import type { DoorExchange, PhoneExchange } from '../exchange.ts'

/** A native app that asks to be let in, and where. */
export type Asking = { app: App; knock: Knock; knocks: RecipeKnocks; accounts: Accounts }

const MOST = 3

/** Whether there is anything that could ask this person. */
export function mayBeAsked({ parts }: DoorExchange, person: Identity): boolean {
  return openedBy(parts, person).length > 0
}

/** Those that wait in the network that this phone is in, newest first, of the apps that the person may open. */
export async function knocksNear({ parts, place }: DoorExchange, person: Identity): Promise<Asking[]> {
  const asked = openedBy(parts, person).map(async (one) => {
    const found = await one.knocks.near(place)
    return found.map((knock) => ({ ...one, knock }))
  })
  const all = (await Promise.all(asked)).flat()
  return all.sort((one, other) => other.knock.askedAt - one.knock.askedAt).slice(0, MOST)
}

/** The one that shows what was typed, wherever it is. */
export async function knockByDigits(
  { parts }: DoorExchange,
  person: Identity,
  typed: string,
): Promise<Asking | undefined> {
  const digits = foldCode(typed)
  if (digits === undefined || !/^\d{6}$/.test(digits)) return undefined
  for (const one of openedBy(parts, person)) {
    const knock = await one.knocks.byCode(digits)
    if (knock !== undefined) return { ...one, knock }
  }
  return undefined
}

/** A knock as our pages on this phone name it. */
export function sealKnock({ parts, phone }: PhoneExchange, { app, knock }: Asking): string {
  return parts.keyring.seal('knock', JSON.stringify([app.name, knock.code, knock.askedAt]), phone.id)
}

/** The knock that a page on this phone named, if it still waits. */
export async function openKnock(
  { parts, phone }: PhoneExchange,
  person: Identity,
  sealed: string,
): Promise<Asking | undefined> {
  // SECURITY(replace: phone.id → ''): what another phone has found by its digits was counted there. Test: the address of a knock opens nothing on another phone
  const text = parts.keyring.open('knock', sealed, phone.id)
  if (text === undefined) return undefined
  const [name, code, askedAt] = JSON.parse(text) as [string, string, number]
  const one = openedBy(parts, person).find(({ app }) => app.name === name)
  const knock = await one?.knocks.byCode(code)
  return one !== undefined && knock?.askedAt === askedAt ? { ...one, knock } : undefined
}

/** The apps with native apps of their own that a person may open. */
function openedBy({ apps, recipes, accounts }: DoorExchange['parts'], person: Identity) {
  return [...apps.values()].flatMap((app) => {
    const [knocks, known] = [recipes.get(app.name)?.knocks, accounts.get(app.name)]
    if (knocks === undefined || known === undefined) return []
    // SECURITY: only whom the app's rule names can let something into it, or see what waits. Test: whoever may not open an app sees no knocks of it and lets none in
    if (!judge(app.allow, person).allowed) return []
    return [{ app, knocks, accounts: known }]
  })
}
