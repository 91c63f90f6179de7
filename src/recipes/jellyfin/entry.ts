import { randomId } from '../../lib/random.ts'
import type { FoundSession } from '../../sessions/sessions.ts'
import type { App } from '../../traffic/app.ts'
import { AppFault } from '../app-fault.ts'
import type { Entered, RecipeEntry, RecipePeople } from '../recipe.ts'
import type { RecipeParts, SignInSettings } from '../registry.ts'
import { whoInside } from '../who-inside.ts'
import type { SignedIn } from './answers.ts'
import type { JellyfinClient } from './client.ts'
import type { Self } from './says.ts'

type EntryParts = Pick<RecipeParts, 'links' | 'inside' | 'log'> & {
  app: App
  rules: SignInSettings['rules']
  client: JellyfinClient
  people: RecipePeople
}

/** The id by which the web client knows its browser: a token for the same one replaces the last. */
const DEVICE = '_deviceId2'

/**
 * Takes a browser into Jellyfin's web client: Quick Connect with the key for the person's user, and what the client keeps
 * of a sign-in (Jellyfin: QuickConnectController.cs; jellyfin-web: connectionManager.js). Of Quick Connect's secret the browser learns nothing.
 */
export function createEntry({ app, rules, client, people, links, inside, log }: EntryParts): RecipeEntry {
  /** Tabs that open together: the second one's token would end the first one's. */
  const under = new Map<string, Promise<Entered>>()

  async function enter(found: FoundSession, read: Readonly<Record<string, string>>): Promise<Entered> {
    const { actsAs, kind, device } = found.session
    const who = await whoInside(app.name, actsAs, kind, { rules, links, people })
    if ('failed' in who) return who
    const deviceId = deviceIdOf(read[DEVICE])
    const signedIn = await quickConnect(client, who.user.id, {
      client: 'Jellyfin Web',
      device: device.name || 'Entryphone',
      deviceId,
    })
    if (signedIn === undefined) {
      log.warn('jellyfin_refuses', {
        operation: 'quick-connect',
        app: app.name,
        remedy:
          'look at this user in Jellyfin, Dashboard, Users: its access schedule, and how many sessions it may have',
      })
      return { failed: 'app-refuses' }
    }
    const { token, user } = signedIn
    const before = (await inside.of(found.key))?.credentials ?? []
    // SECURITY: what nobody has noted could not be ended. Test: what a television was given is noted before it gets it
    await inside
      .keep(found, { secret: token, id: deviceId, userId: user.id }, [token])
      .catch(async (error: unknown) => {
        await client.logOut(token)
        throw error
      })
    for (const { secret } of before) await replace(found, secret)
    log.notice('entered_app', { app: app.name, kind })
    return { write: stored(deviceId, signedIn), go: '/web/', leaves: '#/login' }
  }

  /** Jellyfin has ended it already where it was this user's on this device. */
  async function replace(found: FoundSession, secret: string): Promise<void> {
    await client.logOut(secret)
    await inside.drop(found, secret)
  }

  /** The client's own address, to the letter: with another it would throw its token away. */
  function stored(deviceId: string, { token, serverId, user }: SignedIn) {
    const server = {
      Id: serverId,
      ManualAddress: app.origin,
      AccessToken: token,
      UserId: user.id,
      LastConnectionMode: 2,
      manualAddressOnly: true,
    }
    return {
      jellyfin_credentials: JSON.stringify({ Servers: [server] }),
      [DEVICE]: deviceId,
      enableAutoLogin: 'true',
    }
  }

  return {
    reads: [DEVICE],
    enter(found, read) {
      const name = `${found.key} ${read[DEVICE] ?? ''}`
      const entering =
        under.get(name) ??
        enter(found, read)
          .catch(failureOf)
          .finally(() => under.delete(name))
      under.set(name, entering)
      return entering
    },
  }
}

/** From code to token, for this user; undefined where a limit of the user's own is in the way. */
async function quickConnect(client: JellyfinClient, userId: string, self: Self): Promise<SignedIn | undefined> {
  const { code, secret } = await client.begin(self)
  const approved = await client.approve(code, userId)
  const signedIn = approved === 'approved' ? await client.redeem(secret) : undefined
  if (signedIn === undefined) return undefined
  // SECURITY: nobody gets somebody else's token, whatever Jellyfin has mixed up. Test: a token of another user than the linked one is given to nobody
  if (signedIn.user.id !== userId || signedIn.user.disabled) {
    await client.logOut(signedIn.token)
    return undefined
  }
  return signedIn
}

/** What the browser has kept, unless it can be none of the client's own. */
function deviceIdOf(kept: string | undefined): string {
  return kept !== undefined && /^[\x21-\x7e]{1,256}$/.test(kept) ? kept : randomId()
}

function failureOf(error: unknown): Entered {
  if (error instanceof AppFault) return { failed: error.reason }
  throw error
}
