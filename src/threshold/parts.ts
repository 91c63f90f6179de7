import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Place } from '../lib/place.ts'
import type { Bell } from '../logins/bell.ts'
import type { Logins } from '../logins/logins.ts'
import type { Screen, ScreenFacts } from '../screens/screen.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { Tickets } from '../sessions/tickets.ts'
import type { Keyring } from '../store/keyring.ts'
import type { App } from '../traffic/app.ts'

/** What the pages on app hosts need. */
export type ThresholdParts = {
  clock: Clock
  log: Log
  /** The operator's name for the place. */
  placeName: string
  door: { origin: string; host: string }
  secure: boolean
  /** The app on whose host the request came. */
  appOf(request: IncomingMessage): App
  placeOf(request: IncomingMessage): Place
  classify(facts: ScreenFacts): Screen
  keyring: Keyring
  logins: Logins
  bell: Bell
  /** Whether the gateway is on its way out, so that nobody is kept waiting. */
  closing(): boolean
  sessions: Sessions
  tickets: Tickets
}

/** Everything of ours on an app's host lives below this; "auth" keeps apps' service workers away from it. */
export const THRESHOLD = '/.entryphone/auth'

/** What the device says about itself. */
export function screenFactsOf(request: FastifyRequest): ScreenFacts {
  const header = (name: string) => {
    const value = request.headers[name]
    return typeof value === 'string' ? value : undefined
  }
  return {
    userAgent: header('user-agent'),
    requestedWith: header('x-requested-with'),
    platformHint: header('sec-ch-ua-platform'),
    modelHint: header('sec-ch-ua-model'),
    formFactorsHint: header('sec-ch-ua-form-factors'),
  }
}
