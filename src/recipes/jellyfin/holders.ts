import type { FoundSession } from '../../sessions/sessions.ts'
import type { AppUser, Asked, Holder } from '../recipe.ts'
import type { RecipeParts } from '../registry.ts'
import type { Natives } from './natives.ts'
import { readSaid } from './says.ts'
import { isTokenLike } from './token-places.ts'
import type { Verdicts } from './verdicts.ts'

/** Whose a token is: `RecipeGate.holderOf`. */
export type Holders = (token: string, asked: Asked) => Holder | Promise<Holder>

type HoldersParts = Pick<RecipeParts, 'inside' | 'sessions'> & {
  app: string
  natives: Natives
  verdicts: Verdicts
  /** People are signed in inside: a token counts for what we know of its user. */
  signsIn: boolean
  screenAdmin: boolean
}

const nobody: Holder = { kind: 'nobody' }
const refused = (why: string): Holder => ({ kind: 'refused', why })

/**
 * The judge of tokens. One that a session of ours was given, or has brought along first, belongs to that session: it is
 * nothing in another's hands, and nothing when it is over. Any other is what Jellyfin says that it is.
 */
export function createHolders(parts: HoldersParts): Holders {
  const { app, inside, sessions, natives, verdicts, signsIn, screenAdmin } = parts

  /** Whether this account is for browsers alone, and this is none, or nobody's. */
  const isWithheld = ({ admin }: AppUser, found: FoundSession | undefined) =>
    signsIn && admin && !screenAdmin && found?.session.kind !== 'browser'

  /** One at once for each token and session: a page that opens asks for twenty things together. */
  const under = new Map<string, Promise<Holder>>()

  function judge(token: string, asked: Asked, mark: string | undefined): Holder | Promise<Holder> {
    if (mark === undefined) return once(token, asked)
    if (asked.found?.key === mark) return nobody
    const owner = sessions.findUnder(mark)
    return owner instanceof Promise ? owner.then((found) => owned(token, asked, found)) : owned(token, asked, owner)
  }

  /** A token of a session that the cookie does not name. */
  function owned(token: string, asked: Asked, owner: FoundSession | undefined): Holder | Promise<Holder> {
    if (owner === undefined) return refused('of-ended-session')
    // A native device sends no cookie of somebody else.
    if (asked.found !== undefined) return refused('of-another-session')
    // Without any cookie it is a player, a cast or a download of that session.
    const verdict = verdicts(token, asked.place)
    const held = (of: Awaited<typeof verdict>): Holder => {
      if (of.kind !== 'user') return refused('not-known-there')
      // SECURITY(replace: isWithheld(of.user, owner) → false): an account may come to administer Jellyfin while a television has it. Test: what a television or a native app holds of an account that comes to administer Jellyfin is taken back within minutes
      return isWithheld(of.user, owner) ? refused('of-administrator') : { kind: 'device', found: owner }
    }
    return verdict instanceof Promise ? verdict.then(held) : held(verdict)
  }

  function once(token: string, asked: Asked): Promise<Holder> {
    const name = `${asked.found?.key ?? ''} ${token}`
    const before = under.get(name)
    if (before !== undefined) return before
    const judged = stranger(token, asked).finally(() => under.delete(name))
    under.set(name, judged)
    return judged
  }

  async function stranger(token: string, asked: Asked): Promise<Holder> {
    const verdict = await verdicts(token, asked.place)
    // SECURITY: a key is worth all of Jellyfin, and nobody who has one comes by here. Test: an API key from outside is refused, with a session’s cookie too
    if (verdict.kind === 'key') return refused('api-key')
    if (verdict.kind === 'limited') return refused('too-many-tokens')
    const { found } = asked
    // Jellyfin answers for itself: its own clients want its own 401.
    if (verdict.kind !== 'user') return found === undefined ? refused('not-known-there') : nobody
    const { user } = verdict
    // SECURITY: see `whoInside`. Test: a token of an account that administers Jellyfin opens nothing for a native app, nor on a screen
    if (isWithheld(user, found)) return refused('of-administrator')
    if (found === undefined) return signsIn ? device(token, user.id, asked) : { kind: 'app' }
    // It was there before us, or came some other way: it goes when this session goes.
    await inside.keep(found, { secret: token, userId: user.id }, [token])
    return nobody
  }

  /** Of a native app that somebody has signed in before there was a gate, or past it. */
  async function device(token: string, userId: string, { fields, place }: Asked): Promise<Holder> {
    const owner = await natives.ownerOf(userId)
    // SECURITY: Jellyfin knows people who may not come in here. Test: a token of a user whom nobody here is opens nothing
    if (owner === undefined) return refused('not-linked')
    const native = { token, userId, self: readSaid(fields), place, isHearsay: true }
    const admitted = await natives.admit(native, owner, owner)
    return admitted === undefined ? refused('of-ended-session') : { kind: 'device', found: admitted }
  }

  return (token, asked) => {
    if (!isTokenLike(token)) return refused('no-token-has-this-form')
    const mark = inside.markOf(app, token)
    return mark instanceof Promise ? mark.then((of) => judge(token, asked, of)) : judge(token, asked, mark)
  }
}
