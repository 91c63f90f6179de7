import type { Clock } from '../../lib/clock.ts'
import type { Place } from '../../lib/place.ts'
import type { Identity } from '../../provider/provider.ts'
import type { FoundSession } from '../../sessions/sessions.ts'
import type { Keyring } from '../../store/keyring.ts'
import { nativeSession } from '../native-session.ts'
import type { RecipeParts } from '../registry.ts'

/** Companion apps on phones and watches: each holds a refresh token of Home Assistant's, which its session is found by. */
export interface Natives {
  admit(refreshToken: string, person: Identity, place: Place, userAgent: string | undefined): Promise<FoundSession>
  /** The live session under this key, if it is one of theirs. */
  find(key: string): Promise<FoundSession | undefined>
}

type NativesParts = { app: string; clock: Clock; keyring: Keyring; sessions: RecipeParts['sessions'] }

/** The companion apps of one Home Assistant. */
export function createNatives({ app, clock, keyring, sessions }: NativesParts): Natives {
  return {
    async admit(refreshToken, person, place, userAgent) {
      const key = keyring.derive('native session', `${app} ${refreshToken}`)
      const device = { name: modelIn(userAgent), kind: 'app', brand: '' } as const
      const session = nativeSession({ app, approvedBy: person, actsAs: person, device, place }, clock)
      if ((await sessions.createUnder(key, session)) === 'ended') throw new Error('the device is signed out')
      return { key, session }
    },
    async find(key) {
      const found = await sessions.findUnder(key)
      return found?.session.kind === 'native' ? found : undefined
    },
  }
}

/** `Home Assistant/2025.1 (Android 14; Pixel 8)`: what the owner would call it. */
function modelIn(userAgent = ''): string {
  const [, inside = ''] = /Home Assistant\/\S+ \(([^)]{1,100})\)/.exec(userAgent) ?? []
  const model = inside.split(';').at(-1)?.trim() ?? ''
  return /^[\w .,'+-]{1,40}$/.test(model) && !model.includes('build:') ? `Home Assistant, ${model}` : 'Home Assistant'
}
