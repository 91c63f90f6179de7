import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Logins } from '../logins/logins.ts'
import type { Identity, Provider } from '../provider/provider.ts'
import type { Accounts } from '../recipes/accounts.ts'
import type { Inside } from '../recipes/inside.ts'
import type { Links } from '../recipes/links.ts'
import type { Recipe } from '../recipes/recipe.ts'
import type { Screen, ScreenFacts } from '../screens/screen.ts'
import type { CookieNames } from '../sessions/cookies.ts'
import type { LiveSessions } from '../sessions/live.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { Tickets } from '../sessions/tickets.ts'
import type { Keyring } from '../store/keyring.ts'
import type { App } from '../traffic/app.ts'
import type { Presses } from './presses.ts'
import type { Acquaintances } from './screens/acquaintances.ts'
import type { Journeys } from './sign-in/journeys.ts'
import type { Tries } from './tries.ts'

/** What the pages at the door need. */
export type DoorParts = {
  clock: Clock
  log: Log
  door: { origin: string; authority: string }
  secure: boolean
  /** Whether the gateway is on its way out, so that a load balancer shall lead people to another. */
  leaving(): boolean
  cookies: CookieNames
  /** By its name in the config. */
  apps: ReadonlyMap<string, App>
  classify(facts: ScreenFacts): Screen
  keyring: Keyring
  provider: Provider
  /** Shown where the provider is named to people. */
  issuerHost: string
  logins: Logins
  sessions: Sessions
  live: LiveSessions
  tickets: Tickets
  /** By the name of the app. */
  recipes: ReadonlyMap<string, Recipe>
  links: Links
  /** Somebody has signed in anew: what the provider says of them now counts in every app where people are linked. */
  describe(person: Identity): Promise<void>
  /** Where people are signed in inside, by the name of the app. */
  accounts: ReadonlyMap<string, Accounts>
  inside: Inside
  journeys: Journeys
  acquaintances: Acquaintances
  tries: Tries
  presses: Presses
}
