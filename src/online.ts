import type { Config } from './config/config.ts'
import { type Clock, SECOND, systemClock, within } from './lib/clock.ts'
import type { Finding } from './lib/finding.ts'
import { silentLog } from './lib/log.ts'
import { createRemedies } from './lib/remedies.ts'
import { checkProvider } from './provider/check-provider.ts'
import type { ProviderSettings } from './provider/discovery.ts'
import { createAppRoad } from './recipes/app-road.ts'
import { type CheckParts, type RecipeKind, recipeKinds } from './recipes/registry.ts'
import { tellFailure } from './traffic/forwarding/upstream-failure.ts'
import { compileWorld } from './world.ts'

/** What was found, and of what: `provider`, or `apps.jellyfin`. */
export type OnlineFinding = Finding & { path: string }

/** What tests put in place of the network and of the registry. */
export type OnlineOptions = {
  clock?: Clock
  fetch?: typeof fetch
  /** By the name of the app. */
  recipes?: ReadonlyMap<string, RecipeKind>
  /** How long each is waited for. */
  limitMs?: number
}

const LIMIT_MS = 12 * SECOND

const nonsense: Finding[] = [
  {
    level: 'problem',
    text: 'It answers what nobody can make sense of.',
    remedy: 'Is something else listening there, or a version that Entryphone does not know?',
  },
]

/** Asks the provider and every app, all at once, what only they know. Opens no store, and changes nothing anywhere. */
export async function askOnline(config: Config, options: OnlineOptions = {}): Promise<OnlineFinding[]> {
  const { clock = systemClock, limitMs = LIMIT_MS } = options
  const { apps, recipes, provider, road, grant } = compileWorld(config)
  const fetch = options.fetch as ProviderSettings['fetch']
  const asked: [path: string, findings: Promise<Finding[]>][] = [
    ['provider', checkProvider({ settings: provider, road, grant, clock, fetch })],
    ...apps.map((app): [string, Promise<Finding[]>] => {
      const { kind, signIn } = recipes.get(app.name) ?? { kind: 'generic', signIn: undefined }
      const recipe = options.recipes?.get(app.name) ?? recipeKinds[kind]
      return [`apps.${app.name}`, checkApp(recipe, { app, signIn, clock, log: silentLog })]
    }),
  ]
  const late: Finding[] = [{ level: 'problem', text: `No answer within ${limitMs / SECOND} s.`, remedy: 'Is it up?' }]
  const found = asked.map(async ([path, findings]) => {
    // What a check stumbles over may quote what it was told.
    const told = findings.catch(() => nonsense)
    return (await within(clock, limitMs, told, late)).map((finding) => ({ path, ...finding }))
  })
  return (await Promise.all(found)).flat()
}

async function checkApp(recipe: RecipeKind | undefined, parts: CheckParts): Promise<Finding[]> {
  const reached = await reach(parts)
  if (reached.level === 'problem') return [reached]
  return [reached, ...((await recipe?.check?.(parts)) ?? [])]
}

/** Whether the app answers at all, with whatever. */
async function reach({ app }: CheckParts): Promise<Finding> {
  const road = createAppRoad(app)
  try {
    const { status } = await road.ask({ method: 'GET', path: '/' })
    return { level: 'fine', text: `${app.upstream.origin} answers (${status}).` }
  } catch (error) {
    const { log, remedies } = createRemedies()
    const { why } = tellFailure(log, app, error)
    const remedy = remedies[0] ?? 'Is it up, and is upstream the address where it listens, as seen from here?'
    return { level: 'problem', text: `${app.upstream.origin} does not answer (${why}).`, remedy }
  } finally {
    await road.close()
  }
}
