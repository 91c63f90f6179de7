import { createBuckets } from '../../lib/buckets.ts'
import type { Clock } from '../../lib/clock.ts'
import { MINUTE, SECOND } from '../../lib/clock.ts'
import { networkOf } from '../../lib/network-of.ts'
import { networkHint, type Place } from '../../lib/place.ts'
import { limitedPrefixes } from '../../lib/prefixes.ts'
import type { Keyring } from '../../store/keyring.ts'
import type { Held, Records } from '../../store/records.ts'
import type { Knock, RecipeKnocks } from '../recipe.ts'
import type { Begun } from './answers.ts'
import { clientName, nativeDevice } from './native-device.ts'

/** What native apps have begun that wait to be let in, as all gateways know them. */
export interface Waiting {
  /** Counts one more that wants to begin, from `place`: 0, or the milliseconds to wait. */
  take(place: Place): number
  /** Keeps what Jellyfin has said to a client at `place`. */
  note(begun: Begun, place: Place): Promise<void>
  near: RecipeKnocks['near']
  find(code: string): Promise<Waits | undefined>
  /** It is over. */
  forget(waits: Waits): Promise<void>
  /** It is over, and its app shall hear so. */
  refuse(waits: Waits): Promise<void>
  /** Whether whoever holds this secret has been refused. */
  isRefused(secret: string): Promise<boolean>
}

/** One that waits. `secret` is worth a sign-in once it is approved: it is for this house alone, and stays sealed. */
export type Waits = Knock & { deviceId: string; secret: string }

type WaitingParts = {
  app: string
  clock: Clock
  keyring: Keyring
  /** By code. */
  codes: Records<Waits>
  /** The codes of a network. */
  networks: Records<{ code: string; askedAt: number }[]>
  /** By the HMAC of the secret, as it opens things. */
  refused: Records<{ at: number }>
}

/** A code of Jellyfin's lives this long. */
const LIFE = 10 * MINUTE
/** As long as its secret is good for anything at Jellyfin, and who was refused might ask. */
const HEARD = 3 * LIFE
const OPEN = 3
/** Where anybody at all may stand behind an address, strangers must not push the family out. */
const OPEN_UNCERTAIN = 100

/** A home has a handful of televisions, each of which asks again when its page is opened again. */
const NARROW = { burst: 20, everyMs: 10 * SECOND, most: 4096 }
const WIDE = { burst: 160, everyMs: SECOND, most: 4096 }
const UNCERTAIN = { burst: 300, everyMs: SECOND / 4, most: 1 }

/** Those of one app. */
export function createWaiting({ app, clock, keyring, codes, networks, refused }: WaitingParts): Waiting {
  const narrow = createBuckets(clock, NARROW)
  const wide = createBuckets(clock, WIDE)
  const uncertain = createBuckets(clock, UNCERTAIN)

  const codeKey = (code: string) => keyring.derive('knock code', `${app} ${code}`)
  const networkKey = (network: string) => keyring.derive('knock network', `${app} ${network}`)
  const isFresh = ({ askedAt }: { askedAt: number }) => clock.now() < askedAt + LIFE

  async function put<Value>(drawer: Records<Value>, id: string, edit: (before: Value | undefined) => Value) {
    await drawer.change([id], (before) => ({ value: edit(before), expiresAt: clock.now() + LIFE }))
  }

  async function held(code: string): Promise<Held<Waits> | undefined> {
    const found = /^\d{6}$/.test(code) ? await codes.get(codeKey(code)) : undefined
    return found !== undefined && isFresh(found.value) ? found : undefined
  }

  async function forget({ code, askedAt }: Pick<Waits, 'code' | 'askedAt'>): Promise<void> {
    const found = await held(code)
    if (found?.value.askedAt === askedAt) await codes.remove(found)
  }

  return {
    take(place) {
      const prefixes = limitedPrefixes(place)
      if (prefixes === undefined) return uncertain.take('')
      return narrow.take(prefixes.narrow) || wide.take(prefixes.wide)
    },
    async note({ code, secret, deviceId, device, client }, place) {
      const askedAt = clock.now()
      const { name, kind } = nativeDevice({ client, device })
      const waits: Waits = { code, secret, deviceId, device: name, kind, client: clientName(client), place, askedAt }
      await put(codes, codeKey(code), () => waits)
      const most = place.certain ? OPEN : OPEN_UNCERTAIN
      let dropped: { code: string; askedAt: number }[] = []
      await put(networks, networkKey(networkName(place)), (before = []) => {
        const all = [...before.filter(isFresh), { code, askedAt }]
        // SECURITY: a list that somebody can fill hides what a person looks for. Test: a network has three knocks open, and the oldest gives way
        dropped = all.slice(0, -most)
        return all.slice(-most)
      })
      for (const one of dropped) await forget(one)
    },
    async near(place) {
      const list = (await networks.get(networkKey(networkName(place))))?.value ?? []
      const found = await Promise.all(list.filter(isFresh).map(({ code }) => held(code)))
      const here = found.flatMap((one) => {
        // SECURITY(replace: networkHint(one.value.place, place) === 'same' → true): a stranger's device must not be offered as one at home. Test: a knock is listed to the same network alone, and found from elsewhere by its digits
        const isHere = one !== undefined && networkHint(one.value.place, place) === 'same'
        return isHere ? [one.value] : []
      })
      return here.slice(-OPEN).map(asKnock)
    },
    find: async (code) => (await held(code))?.value,
    forget,
    async refuse(waits) {
      const until = clock.now() + HEARD
      await refused.create(keyring.derive('refused knock', `${app} ${waits.secret}`), { at: clock.now() }, until)
      await forget(waits)
    },
    isRefused: async (secret) =>
      (await refused.find(keyring.deriveAll('refused knock', `${app} ${secret}`))) !== undefined,
  }
}

/** What may be shown. */
export function asKnock({ code, device, kind, client, place, askedAt }: Waits): Knock {
  return { code, device, kind, client, place, askedAt }
}

function networkName({ address }: Place): string {
  return networkOf(address)?.network ?? address
}
