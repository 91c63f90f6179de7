import type { Place } from '../../lib/place.ts'
import type { Identity } from '../../provider/provider.ts'
import type { FoundSession } from '../../sessions/sessions.ts'
import type { Records } from '../../store/records.ts'
import type { App } from '../../traffic/app.ts'
import { nativeSession } from '../native-session.ts'
import { ownerOf } from '../owner-of.ts'
import type { RecipeParts } from '../registry.ts'
import { nativeDevice } from './native-device.ts'
import type { Self } from './says.ts'

/** A token that Jellyfin has given to a native app, and whose it is there. */
export type NativeToken = {
  token: string
  userId: string
  self: Self
  place: Place
  /** `self` is what a request says of itself, and not what Jellyfin knows. */
  isHearsay?: boolean
}

/** Sessions of devices that hold a token of Jellyfin's and no cookie of ours. */
export interface Natives {
  /** The person for whom this user's devices come in: the first who is this user and may open the app. */
  ownerOf(userId: string): Promise<Identity | undefined>
  /**
   * Makes the session of the device with this token, kept before anybody uses it; undefined when it has ended meanwhile.
   * `actsAs` is who is linked, `approvedBy` who says so.
   */
  admit(native: NativeToken, approvedBy: Identity, actsAs: Identity): Promise<FoundSession | undefined>
}

type NativesParts = Pick<RecipeParts, 'clock' | 'keyring' | 'links' | 'inside' | 'sessions'> & {
  app: App
  /** From a device and its user to the session that it has now. */
  devices: Records<{ session: string }>
}

/** The native devices of one app. */
export function createNatives({ app, clock, keyring, links, inside, sessions, devices }: NativesParts): Natives {
  /** Jellyfin has ended the token that this user had on this device before, so nothing is left of that session. */
  async function replace({ self, userId, isHearsay }: NativeToken, session: string, until: number): Promise<void> {
    const { deviceId } = self
    if (deviceId === '') return
    const id = keyring.derive('native device', JSON.stringify([app.name, userId, deviceId]))
    const held = await devices.get(id)
    if (held === undefined) await devices.create(id, { session }, until)
    // SECURITY(replace: isHearsay || held → held): anybody who shares a user would sign the others' devices out. Test: what a native app says of itself ends no other device of its user
    else if (isHearsay || held.value.session === session) return
    else if (await devices.swap(held, { session }, until)) await sessions.end(held.value.session, 'replaced')
  }

  return {
    ownerOf: (userId) => ownerOf(links, app, userId),
    async admit(native, approvedBy, actsAs) {
      const { token, userId, self, place } = native
      const key = keyring.derive('native session', `${app.name} ${token}`)
      const device = nativeDevice(self)
      const session = nativeSession({ app: app.name, approvedBy, actsAs, device, place }, clock)
      // SECURITY: a device that was signed out stays out, whatever token it shows. Test: a native device that was signed out stays out, and so does its token
      if ((await sessions.createUnder(key, session)) === 'ended') return undefined
      const found = { key, session }
      await inside.keep(found, { secret: token, userId, ...(self.deviceId && { id: self.deviceId }) }, [token])
      await replace(native, key, session.absoluteUntil)
      return found
    },
  }
}
