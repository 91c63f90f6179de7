import type { Clock } from '../lib/clock.ts'
import type { Finding } from '../lib/finding.ts'
import type { Log } from '../lib/log.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { Keyring } from '../store/keyring.ts'
import type { Records } from '../store/records.ts'
import type { App } from '../traffic/app.ts'
import { homeAssistant } from './home-assistant/home-assistant.ts'
import type { Inside } from './inside.ts'
import { jellyfin } from './jellyfin/jellyfin.ts'
import type { Links } from './links.ts'
import type { Recipe } from './recipe.ts'
import type { SignInRules } from './who-inside.ts'

/** One kind of app that Entryphone knows. */
export type RecipeKind = {
  /** Foreign origins whose preflights and reads pass besides those in the config; `*` is allowed. */
  cors: readonly string[]
  create(parts: RecipeParts): Recipe
  /**
   * What `check --online` says: versions, rights, settings of the app's own. Runs without a gateway and without a store,
   * changes nothing at the app, and is given up after ten seconds.
   */
  check?(parts: CheckParts): Promise<Finding[]>
}

/** What is asked with, where nothing is kept. */
export type CheckParts = Pick<RecipeParts, 'app' | 'signIn' | 'clock' | 'log'>

/** What a recipe is made with, for one app. */
export type RecipeParts = {
  app: App
  signIn: SignInSettings | undefined
  clock: Clock
  log: Log
  keyring: Keyring
  links: Links
  inside: Inside
  sessions: Pick<Sessions, 'createUnder' | 'findUnder' | 'end'>
  /** Addresses of our own on the app's host; `confirm` asks the person about a target of the app. */
  pages: { enter: string; enterFor(target: string): string; confirm(target: string): string }
  /** A drawer of the store that only this recipe uses. */
  drawer<T>(name: string): Records<T>
}

/** What the config says of signing people in inside an app. */
export type SignInSettings = {
  /** The app's API key or administrator's token; undefined: people meet the app's own sign-in. */
  secret: string | undefined
  rules: SignInRules
  options: {
    /** Native apps may sign in by name and password, without anybody's yes on a phone. */
    passwordSignIn: boolean
    imagesByAddress: boolean
    openWebhooks: readonly string[]
    learnWebhooks: boolean
  }
}

/** Nothing is known of the app. */
const generic: RecipeKind = { cors: [], create: () => ({}) }

/** By the name in the config. Outside of their folders, recipes are named here alone. */
export const recipeKinds: Readonly<Record<string, RecipeKind>> = { generic, jellyfin, 'home-assistant': homeAssistant }
