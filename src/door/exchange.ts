import type { ColdExchange } from '../http/cold-server.ts'
import type { Place } from '../lib/place.ts'
import type { FoundSession } from '../sessions/sessions.ts'
import type { DoorParts } from './parts.ts'

/** What the gate knows of a request at the door: where it comes from. */
export type DoorFacts = { place: Place }

/** One request at the door, and all that it takes to answer it. */
export type DoorExchange = ColdExchange<DoorParts, DoorFacts>

/** A browser at the door, signed in or not: told apart by a cookie that it keeps. */
export type Phone = {
  /** Hash of its cookie: names it in records. */
  id: string
  /** The door's own session, when somebody is signed in. */
  found: FoundSession | undefined
}

/** One request at the door of a browser that has been recognised: see `recognise`. */
export type PhoneExchange = DoorExchange & { phone: Phone }
