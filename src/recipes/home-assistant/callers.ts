import type { Records } from '../../store/records.ts'
import type { Caller, RecipeCallers } from '../recipe.ts'
import type { HomeAssistantClient } from './client.ts'
import type { Hook } from './webhooks.ts'

type CallersParts = {
  hooks: Records<Hook>
  /** Listed by the operator: they pass by that. */
  open: ReadonlySet<string>
  /** Under which keys an id is kept. */
  keysOf(id: string): string[]
  until(): number
  list: HomeAssistantClient['webhooks']
}

/**
 * Webhooks that were there before the gate. Ids are kept nowhere: which is which, Home Assistant says whenever somebody looks
 * the list through.
 */
export function createCallers({ hooks, open, keysOf, until, list }: CallersParts): RecipeCallers {
  return {
    async list() {
      const all = (await list()).filter(({ id }) => !open.has(id))
      const found = await Promise.all(all.map(async (one) => ({ ...one, held: await hooks.find(keysOf(one.id)) })))
      return found
        .flatMap(({ id, name, held }): Caller[] => {
          if (held?.value.called === undefined) return []
          const { called, shut = false } = held.value
          return [{ ref: held.id, name, start: startOf(id), called, shut }]
        })
        .sort((a, b) => b.called.at - a.called.at)
    },
    async setShut(ref, shut) {
      await hooks.change([ref], (hook) => {
        if (hook?.called === undefined) return undefined
        const { shut: _before, ...rest } = hook
        return { value: shut ? { ...rest, shut } : rest, expiresAt: until() }
      })
    },
  }
}

/** A quarter, and never more than eight letters: whoever sees it has nothing to try. */
function startOf(id: string): string {
  return id.slice(0, Math.min(8, Math.floor(id.length / 4)))
}
