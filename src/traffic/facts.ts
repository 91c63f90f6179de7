import type { Holder } from '../recipes/recipe.ts'
import type { Session } from '../sessions/session.ts'
import type { App } from './app.ts'
import type { Head } from './reading/head.ts'

/** All that a decision may look at: plain data, free of request, response, clock and store. */
export type Facts = {
  app: AppRules
  head: Head
  /** A WebSocket handshake; everything else that wants to upgrade is an ordinary request. */
  webSocket: boolean
  /** Live. It may still be another app's, or the door's. */
  session: Session | undefined
  /** What the app's recipe says of the request; undefined where it says nothing. */
  recipe: { open: boolean; holder: Holder } | undefined
}

/** What a decision may know of an app. */
export type AppRules = Pick<App, 'name' | 'origin' | 'allow' | 'cors' | 'trustedOrigins'>
