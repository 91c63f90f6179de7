import type { RecipeKnocks, RecipePeople } from '../recipe.ts'
import type { SignInRules } from '../who-inside.ts'
import { accountOf } from '../who-inside.ts'
import type { JellyfinClient } from './client.ts'
import { asKnock, type Waiting, type Waits } from './knocks.ts'
import type { Natives } from './natives.ts'

type LetInParts = {
  client: JellyfinClient
  people: RecipePeople
  rules: SignInRules
  waiting: Waiting
  natives: Natives
}

/**
 * Knock: a native app shows a code of Quick Connect, and a person lets it in from their phone. The gateway approves with
 * its key, and redeems before the app does, so that the token is noted before anybody has it.
 */
export function createKnocks({ client, people, rules, waiting, natives }: LetInParts): RecipeKnocks {
  /** Approves, and fetches what the app will be given. */
  async function approve({ code, secret, deviceId }: Waits, userId: string) {
    const outcome = await client.approve(code, userId)
    if (outcome !== 'approved') return outcome
    const signedIn = await client.redeem(secret).catch(() => undefined)
    if (signedIn?.user.id === userId && !signedIn.user.disabled) return signedIn
    // It may be fetched by the app all the same.
    if (signedIn !== undefined) await client.logOut(signedIn.token)
    else await client.removeDevice(deviceId, userId)
    return 'refused'
  }

  return {
    near: waiting.near,
    async refuse(knock) {
      const waits = await waiting.find(knock.code)
      // SECURITY(replace: waits?.askedAt === knock.askedAt → waits !== undefined): what a person has looked at is what they refuse. Test: a no is a refusal for everybody, and the app hears at once that its code is none any more
      if (waits?.askedAt === knock.askedAt) await waiting.refuse(waits)
    },
    async byCode(code) {
      const waits = await waiting.find(code)
      return waits && asKnock(waits)
    },
    async letIn(knock, link, by) {
      const waits = await waiting.find(knock.code)
      // SECURITY: what a person has looked at is what they let in. Test: another device that has come to show the same digits is not let in
      if (waits?.askedAt !== knock.askedAt) return 'ended'
      const account = await accountOf(link, 'native', { rules, people })
      if ('failed' in account) return 'refused'
      const signedIn = await approve(waits, account.user.id)
      if (signedIn === 'refused') return 'refused'
      await waiting.forget(waits)
      if (signedIn === 'ended') return 'ended'
      const { token } = signedIn
      const { device, client: app, deviceId, place } = waits
      const native = { token, userId: account.user.id, self: { client: app, device, deviceId }, place }
      const admitted = await natives.admit(native, by.session.approvedBy, link.person).catch(async (error: unknown) => {
        await client.logOut(token)
        throw error
      })
      if (admitted !== undefined) return 'let-in'
      await client.logOut(token)
      return 'refused'
    },
  }
}
