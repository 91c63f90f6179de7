import type { Clock } from '../../lib/clock.ts'
import type { Place } from '../../lib/place.ts'
import type { Session } from '../../sessions/session.ts'
import type { FoundSession } from '../../sessions/sessions.ts'
import type { Keyring } from '../../store/keyring.ts'
import { nativeSession } from '../native-session.ts'
import type { RecipeParts } from '../registry.ts'

/** Companion apps on phones and watches: each holds a refresh token of Home Assistant's, which its session is found by. */
export interface Natives {
  /** For whoever is signed in under `maker`. */
  admit(refreshToken: string, maker: Session, place: Place, userAgent: string | undefined): Promise<FoundSession>
  /** The live session under this key, if it is one of theirs. */
  find(key: string): Promise<FoundSession | undefined>
}

type NativesParts = { app: string; clock: Clock; keyring: Keyring; sessions: RecipeParts['sessions'] }

/** The companion apps of one Home Assistant. */
export function createNatives({ app, clock, keyring, sessions }: NativesParts): Natives {
  return {
    async admit(refreshToken, maker, place, userAgent) {
      const key = keyring.derive('native session', `${app} ${refreshToken}`)
      const device = { name: modelIn(userAgent), kind: 'app', brand: '' } as const
      const { approvedBy, actsAs } = maker
      const session = withinStay(nativeSession({ app, approvedBy, actsAs, device, place }, clock), maker)
      if ((await sessions.createUnder(key, session)) === 'ended') throw new Error('the device is signed out')
      return { key, session }
    },
    async find(key) {
      const found = await sessions.findUnder(key)
      return found?.session.kind === 'native' ? found : undefined
    },
  }
}

/** What a screen lets in that may stay for an evening stays no longer. */
function withinStay(session: Session, { stay, idleMs, absoluteUntil }: Session): Session {
  // SECURITY(replace: stay === 'tonight' || stay === 'until' → false): a guest at a screen would have a key for good. Test: an app that a screen lets in stays no longer than the screen
  return stay === 'tonight' || stay === 'until' ? { ...session, stay, idleMs, absoluteUntil } : session
}

/** `Home Assistant/2025.1 (Android 14; Pixel 8)`: what the owner would call it. */
function modelIn(userAgent = ''): string {
  const [, inside = ''] = /Home Assistant\/\S+ \(([^)]{1,100})\)/.exec(userAgent) ?? []
  const model = inside.split(';').at(-1)?.trim() ?? ''
  return /^[\w .,'+-]{1,40}$/.test(model) && !model.includes('build:') ? `Home Assistant, ${model}` : 'Home Assistant'
}
