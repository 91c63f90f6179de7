import { AppFault } from '../app-fault.ts'
import type { Asked, OwnAnswer, Seen } from '../recipe.ts'
import type { RecipeParts } from '../registry.ts'
import { readPassing, readSignedIn, type SignedIn } from './answers.ts'
import type { JellyfinClient } from './client.ts'
import type { Natives } from './natives.ts'

type TakingInParts = Pick<RecipeParts, 'inside'> & {
  app: string
  client: JellyfinClient
  natives: Natives
  /** People are signed in inside, so that a token counts for what we know of its user. */
  signsIn: boolean
  screenAdmin: boolean
}

/** Somebody has signed in at Jellyfin itself, and its answer with the token is on its way to them. */
export type TakeIn = (asked: Asked, body: Buffer, seen: Seen) => Promise<OwnAnswer | undefined>

/** Notes a token before anybody has it, under the session of its browser or device; or ends it, where it may not be there. */
export function createTakeIn({ app, inside, client, natives, signsIn, screenAdmin }: TakingInParts): TakeIn {
  async function refuse({ token }: SignedIn, line: string): Promise<OwnAnswer> {
    await client.logOut(token)
    return { status: 403, type: 'text/plain; charset=utf-8', body: `${line}\n` }
  }

  async function take({ found, place }: Asked, signedIn: SignedIn): Promise<OwnAnswer | undefined> {
    const { token, user, deviceId, device, client: name } = signedIn
    const isBrowser = found !== undefined && found.session.kind !== 'native'
    const withheld = signsIn && user.admin && !screenAdmin && found?.session.kind !== 'browser'
    // SECURITY: see `whoInside`. Test: an administrator’s password, typed on a television, opens nothing
    if (withheld) return refuse(signedIn, 'This account administers Jellyfin, and screens get none that does')
    if (isBrowser) {
      await inside.keep(found, { secret: token, userId: user.id, ...(deviceId && { id: deviceId }) }, [token])
      return undefined
    }
    if (!signsIn) return undefined
    const owner = await natives.ownerOf(user.id)
    if (owner === undefined) return refuse(signedIn, 'Say at the door who you are in Jellyfin, then sign in here again')
    const native = { token, userId: user.id, self: { client: name, device, deviceId }, place }
    return (await natives.admit(native, owner, owner)) && undefined
  }

  return async (asked, _body, { status, body }) => {
    if (status !== 200) return undefined
    const signedIn = readSignedIn(readPassing(body))
    // SECURITY(replace: throw new AppFault('app-down', 'a sign-in of another form') → return undefined): there may be a token in it that nobody would note. Test: of another form than it is known to have reaches nobody
    if (signedIn === undefined) throw new AppFault('app-down', 'a sign-in of another form')
    // What was let in from a phone is noted already.
    if ((await inside.markOf(app, signedIn.token)) !== undefined) return undefined
    try {
      return await take(asked, signedIn)
    } catch (error) {
      await client.logOut(signedIn.token)
      throw error
    }
  }
}
