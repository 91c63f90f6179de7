import { networkHint, type Place } from '../../src/lib/place.ts'
import type { Identity } from '../../src/provider/provider.ts'
import { nativeSession } from '../../src/recipes/native-session.ts'
import type { AppUser, Credential, Knock, Recipe } from '../../src/recipes/recipe.ts'
import type { RecipeKind, RecipeParts } from '../../src/recipes/registry.ts'

/** An app with native apps that show digits, and what has become of them. */
export type KnockingApp = {
  kind: RecipeKind
  /** Puts one up that shows `code` at `place`. */
  knock(code: string, place: Place, more?: Partial<Knock>): void
  /** Nothing waits any more, and all is well. */
  calm(): void
  /** What has been let in: its code, the user that it acts as, and who said so. */
  letIn: { code: string; userId: string; by: string }[]
  /** The codes that have been refused. */
  refused: string[]
  users: Map<string, AppUser>
  /** Links somebody to a user. */
  link(person: Identity, userId: string): Promise<void>
  /** What has been ended at the app. */
  ended: Credential[]
  /** Answers nothing. */
  down: boolean
}

const member = (id: string, more: Partial<AppUser> = {}): AppUser => ({
  id,
  name: id,
  admin: false,
  disabled: false,
  ...more,
})

/** A recipe for tests that takes nothing which the contract does not promise. */
export function createKnockingApp(): KnockingApp {
  let parts: RecipeParts | undefined
  const waiting = new Map<string, Knock>()
  const app: KnockingApp = {
    kind: { cors: [], create },
    letIn: [],
    ended: [],
    refused: [],
    down: false,
    users: new Map(
      [member('anna'), member('boss', { admin: true }), member('gone', { disabled: true })].map((user) => [
        user.id,
        user,
      ]),
    ),
    knock(code, place, more = {}) {
      const { clock } = made()
      const askedAt = clock.now()
      waiting.set(code, { code, device: 'Fire TV', kind: 'tv', client: 'Films for TV', place, askedAt, ...more })
    },
    calm() {
      waiting.clear()
      app.letIn.length = 0
      app.refused.length = 0
      app.down = false
    },
    async link(person, userId) {
      const { app: own, links } = made()
      const linked = await links.make(own.name, person, { userId, name: userId, how: 'proved' })
      if (linked === 'taken') throw new Error(`${userId} is somebody else`)
    },
  }
  return app

  function made(): RecipeParts {
    if (parts === undefined) throw new Error('there is no recipe yet')
    return parts
  }

  function asked<T>(answer: T): T {
    if (app.down) throw new Error('the app does not answer')
    return answer
  }

  function create(given: RecipeParts): Recipe {
    parts = given
    const { app: own, clock, sessions, inside } = given
    return {
      people: {
        all: async () => asked([...app.users.values()]),
        byId: async (id) => asked(app.users.get(id)),
        byName: async (name) => asked(app.users.get(name)),
        create: async (name) => asked(member(name)),
        proofs: [],
        prove: async () => undefined,
      },
      knocks: {
        near: async (place) => [...waiting.values()].filter((knock) => networkHint(knock.place, place) === 'same'),
        byCode: async (code) => waiting.get(code),
        async refuse({ code, askedAt }) {
          if (waiting.get(code)?.askedAt !== askedAt || !asked(waiting.delete(code))) return
          app.refused.push(code)
        },
        async letIn(knock, link, by) {
          if (waiting.get(knock.code)?.askedAt !== knock.askedAt) return asked('ended')
          waiting.delete(asked(knock.code))
          const { code, device, kind, place } = knock
          const approvedBy = by.session.approvedBy
          const native = { app: own.name, approvedBy, actsAs: link.person, device: { name: device, kind, brand: '' } }
          const found = { key: `native ${code}`, session: nativeSession({ ...native, place }, clock) }
          await sessions.createUnder(found.key, found.session)
          await inside.keep(found, { secret: `secret of ${code}` }, [`secret of ${code}`])
          app.letIn.push({ code, userId: link.userId, by: approvedBy.sub })
          return 'let-in'
        },
      },
      leave: async (credential) => void app.ended.push(asked(credential)),
    }
  }
}
