import type { ColdExchange } from '../http/cold-server.ts'
import type { Place } from '../lib/place.ts'
import type { App } from '../traffic/app.ts'
import type { ThresholdParts } from './parts.ts'

/** What the gate knows of a request on an app's host: whose host it is, and where the request comes from. */
export type ThresholdFacts = { app: App; place: Place }

/** One request below `/.entryphone/auth/` on an app's host, and all that it takes to answer it. */
export type ThresholdExchange = ColdExchange<ThresholdParts, ThresholdFacts>
