import { AppFault } from '../app-fault.ts'
import type { Links } from '../links.ts'
import type { RecipeEntry, RecipePeople } from '../recipe.ts'
import { type SignInRules, whoInside } from '../who-inside.ts'

type EntryParts = { app: string; links: Links; rules: SignInRules; people: RecipePeople }

/**
 * Home Assistant's own page asks for a code by itself, so there is nothing to write: this is for whoever was told why there
 * is none, and tries again.
 */
export function createEntry({ app, ...parts }: EntryParts): RecipeEntry {
  return {
    reads: [],
    async enter({ session }) {
      try {
        const who = await whoInside(app, session.actsAs, session.kind, parts)
        return 'failed' in who ? who : { write: {}, go: '/' }
      } catch (error) {
        if (error instanceof AppFault) return { failed: error.reason }
        throw error
      }
    },
  }
}
