import { randomId } from '../../lib/random.ts'
import type { Keyring } from '../../store/keyring.ts'
import type { AppUser, RecipePeople } from '../recipe.ts'
import type { JellyfinClient } from './client.ts'
import type { ProofCodes } from './proof-codes.ts'
import type { Self } from './says.ts'

/** Tries at a name that nobody has yet. */
const NAMES = 20

type PeopleParts = { client: JellyfinClient; keyring: Keyring; app: string; proofs: ProofCodes }

/** Jellyfin's people, and how somebody shows which of them they are. */
export function createPeople({ client, keyring, app, proofs }: PeopleParts): RecipePeople {
  /** For a sign-in that only shows who somebody is, and is over at once. */
  const passingBy = (): Self => ({ client: 'Entryphone', device: 'Entryphone', deviceId: `entryphone-${randomId(12)}` })

  /** Who has signed in; their token is not wanted. */
  async function whoWas(signedIn: { token: string; user: AppUser } | undefined): Promise<AppUser | undefined> {
    if (signedIn === undefined) return undefined
    await client.logOut(signedIn.token)
    return signedIn.user
  }

  return {
    all: client.users,
    byId: client.user,
    byName: (name) => userNamed(client, name),
    async create(name) {
      const wanted = usableName(name)
      // SECURITY(replace: randomId() → ''): an account without a password takes the empty one. Test: a user that is made has a password that nobody knows
      const password = randomId()
      for (let number = 1; number <= NAMES; number++) {
        const made = await client.createUser(number === 1 ? wanted : `${wanted} ${number}`, password)
        if (made !== 'name-taken') return made
      }
      const made = await client.createUser(`${wanted} ${randomId(6)}`, password)
      if (made === 'name-taken') throw new Error('no name is free there')
      return made
    },
    proofs: ['code', 'password'],
    async begin() {
      const { code, secret } = await client.begin(passingBy())
      await proofs.note(code)
      // SECURITY(replace: keyring.seal('proof', secret, app) → secret): the secret is worth a sign-in. Test: what a proof is gone on with opens nothing at Jellyfin
      const handle = keyring.seal('proof', secret, app)
      return { digits: code, handle, typedAt: 'Quick Connect' }
    },
    async prove(kind, text, place) {
      if (kind === 'password') {
        const { name = '', password = '' } = text
        // Whoever has no password there proves nothing by leaving it out.
        if (name === '' || password === '') return undefined
        return whoWas(await client.byPassword(name, password, passingBy(), place))
      }
      const secret = kind === 'code' ? keyring.open('proof', text['handle'] ?? '', app) : undefined
      if (secret === undefined || !(await client.isApproved(secret))) return undefined
      return whoWas(await client.redeem(secret))
    },
  }
}

/** Names are unique there in any letter case. */
export async function userNamed(client: JellyfinClient, name: string): Promise<AppUser | undefined> {
  const all = await client.users()
  return all.find((user) => user.name === name) ?? all.find((user) => isSameName(user.name, name))
}

/** A name by Jellyfin's rules (Jellyfin: UserManager.cs), as near as possible to the given one. */
export function usableName(name: string): string {
  const usable = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}_\-'.@+ ]+/gu, ' ')
    .replace(/ +/g, ' ')
    .slice(0, 40)
    .toWellFormed()
    .trim()
  return usable === '' ? 'Guest' : usable
}

function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
