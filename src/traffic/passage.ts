import type { FoundSession } from '../sessions/sessions.ts'

/** On whose behalf a request goes on to the app. Only the cookie's session takes the app's own cookies along. */
export type Passage =
  /** Somebody's browser, or a native device that somebody let in. */
  | { by: 'session' | 'device'; found: FoundSession }
  /** A credential that the app vouches for; what the recipe leaves open; a CORS preflight. */
  | { by: 'app' | 'open' | 'preflight'; found?: undefined }
