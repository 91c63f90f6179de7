import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Bell } from '../logins/bell.ts'
import type { GrantPolls } from '../logins/grant-polls.ts'
import type { Logins } from '../logins/logins.ts'
import type { Way } from '../provider/way.ts'
import type { Accounts } from '../recipes/accounts.ts'
import type { Inside } from '../recipes/inside.ts'
import type { Recipe } from '../recipes/recipe.ts'
import type { Screen, ScreenFacts } from '../screens/screen.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { Tickets } from '../sessions/tickets.ts'
import type { Keyring } from '../store/keyring.ts'
import type { StartLimits } from './start-limits.ts'

/** What the pages on app hosts need. */
export type ThresholdParts = {
  clock: Clock
  log: Log
  /** The operator's name for the place. */
  placeName: string
  door: { origin: string; authority: string }
  secure: boolean
  classify(facts: ScreenFacts): Screen
  keyring: Keyring
  logins: Logins
  limits: StartLimits
  /** Who issues the code of a login that begins now. */
  way: Way
  polls: GrantPolls
  bell: Bell
  /** Whether the gateway is on its way out, so that nobody is kept waiting. */
  closing(): boolean
  sessions: Sessions
  tickets: Tickets
  /** By the name of the app. */
  recipes: ReadonlyMap<string, Recipe>
  inside: Inside
  /** Where people are signed in inside, by the name of the app. */
  accounts: ReadonlyMap<string, Accounts>
}
