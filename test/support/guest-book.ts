import type { AppUser, Recipe, RecipePeople } from '../../src/recipes/recipe.ts'
import type { RecipeKind, RecipeParts } from '../../src/recipes/registry.ts'
import { whoInside } from '../../src/recipes/who-inside.ts'

/** An app that is nothing but a list of people, and a recipe for it: strict, and silent about who is wrong. */
export type GuestBook = {
  kind: RecipeKind
  users: AppUser[]
  /** Everything that was asked as a proof. */
  proofs: Readonly<Record<string, string>>[]
  /** While it is true, every question is a fault. */
  down: boolean
  /** Somebody who is signed in there types the digits. */
  type(digits: string, name: string): void
  named(name: string): AppUser
}

/** Everybody's password there. */
export const guestPassword = 'correct horse'

/** With an administrator called `boss`, and two ordinary people. */
export function createGuestBook(): GuestBook {
  const typed = new Map<string, string>()
  const begun = new Map<string, string>()
  const user = (name: string, rest: Partial<AppUser> = {}): AppUser => ({
    id: `id-of-${name}`,
    name,
    admin: false,
    disabled: false,
    ...rest,
  })
  const find = (is: (one: AppUser) => boolean) => {
    if (book.down) throw new Error('down')
    return book.users.find(is)
  }
  const people: RecipePeople = {
    async all() {
      if (book.down) throw new Error('down')
      return book.users
    },
    byId: async (id) => find((one) => one.id === id),
    byName: async (name) => find((one) => one.name === name),
    async create(name) {
      const made = user(name)
      if (find((one) => one.id === made.id) !== undefined) throw new Error('taken')
      book.users.push(made)
      return made
    },
    proofs: ['page', 'code', 'password'],
    page: (back, state) => `/who?${new URLSearchParams({ back, state })}`,
    async begin() {
      if (book.down) throw new Error('down')
      const digits = String(100_000 + begun.size)
      begun.set(`handle-of-${digits}`, digits)
      return { digits, handle: `handle-of-${digits}`, typedAt: 'Quick Connect' }
    },
    async prove(how, text) {
      book.proofs.push(text)
      if (how === 'code') {
        const name = typed.get(begun.get(text['handle'] ?? '') ?? '')
        return find((one) => one.name === name)
      }
      if (how === 'page') return find((one) => text['code'] === `code of ${one.name}`)
      return find((one) => text['password'] === guestPassword && one.name === text['name'])
    },
  }

  /** Into the app as whoever they are there: their browser keeps their name. */
  const create = ({ app, links, signIn }: RecipeParts): Recipe => ({
    people,
    entry: {
      reads: ['guest'],
      async enter({ session }) {
        const rules = signIn?.rules ?? { users: {}, createUsers: false, screenAdmin: false }
        const who = await whoInside(app.name, session.actsAs, session.kind, { rules, links, people })
        return 'failed' in who ? who : { write: { guest: who.user.name }, go: '/films/42?t=90' }
      },
    },
  })
  const book: GuestBook = {
    kind: { cors: [], create },
    users: [user('anna'), user('kim'), user('boss', { admin: true }), user('off', { disabled: true })],
    proofs: [],
    down: false,
    type: (digits, name) => void typed.set(digits, name),
    named(name) {
      const found = book.users.find((one) => one.name === name)
      if (found === undefined) throw new Error(`nobody is called ${name}`)
      return found
    },
  }
  return book
}

/** The variable that the config names. */
export const guestBookEnv = { GUEST_BOOK_KEY: '0123456789abcdef0123456789abcdef' }

/** What the config says of it, below the app named `cinema`. */
export function guestBookLines(users: Readonly<Record<string, string>> = {}, ...more: string[]): string {
  return [
    'recipe: jellyfin',
    'sign_in:',
    `  api_key: "\${GUEST_BOOK_KEY}"`,
    `  users: ${JSON.stringify(users)}`,
    ...more,
  ]
    .map((line) => `    ${line}`)
    .join('\n')
}
