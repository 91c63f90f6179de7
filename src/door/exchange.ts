import type { ColdExchange } from '../http/cold-server.ts'
import type { Place } from '../lib/place.ts'
import type { DoorParts } from './parts.ts'
import type { Phone } from './phone.ts'

/** What the gate knows of a request at the door: where it comes from. */
export type DoorFacts = { place: Place }

/** One request at the door, and all that it takes to answer it. */
export type DoorExchange = ColdExchange<DoorParts, DoorFacts>

/** … of a browser that has been recognised. */
export type PhoneExchange = DoorExchange & { phone: Phone }
