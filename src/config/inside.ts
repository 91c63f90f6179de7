import type { Context } from './context.ts'
import { type Path, pathText } from './problem.ts'
import { type OwnOption, type RecipeName, recipes } from './recipes.ts'
import type { Report } from './report.ts'
import type { AppDraft } from './shape.ts'
import { resolveSignIn, type SignInConfig } from './sign-in.ts'

/** What an app's recipe goes by; undefined what its recipe has no use for. */
export type InsideConfig = {
  readonly signIn: SignInConfig | undefined
  readonly passwordSignIn: boolean | undefined
  readonly imagesByAddress: boolean | undefined
  readonly openWebhooks: readonly string[] | undefined
  readonly learnWebhooks: boolean | undefined
}

/** What the options of the app at `path` say to its recipe, checked. */
export function resolveInside(options: AppDraft, path: Path, context: Context): InsideConfig {
  const { report } = context
  const { recipe } = options
  const own: readonly OwnOption[] = recipes[recipe].own
  // One that cannot be read has been reported, and stands as "generic" here.
  const known = !report.problems.some((problem) => problem.path === pathText([...path, 'recipe']))
  if (known) refuseStrangers(options, path, report)
  if (known && options.allow !== undefined && options.sign_in === undefined) warnOfStrangers(recipe, path, report)
  const mine = <Option extends OwnOption>(option: Option) => (own.includes(option) ? options[option] : undefined)
  return {
    signIn: known ? resolveSignIn(recipe, options.sign_in, [...path, 'sign_in'], context) : undefined,
    passwordSignIn: mine('password_sign_in'),
    imagesByAddress: mine('images_by_address'),
    openWebhooks: webhooks(mine('open_webhooks'), [...path, 'open_webhooks'], report),
    learnWebhooks: mine('learn_webhooks'),
  }
}

/** Whom nobody knows, no rule lets in. */
function warnOfStrangers(recipe: RecipeName, path: Path, report: Report): void {
  const { strangers } = recipes[recipe]
  if (strangers === '') return
  const hint = 'Add sign_in, so that they count as the people who are linked to their users; or drop allow.'
  report.warning([...path, 'allow'], `keeps ${strangers} out: without sign_in nobody knows whose they are.`, hint)
}

/** Options of other recipes do nothing here. */
function refuseStrangers({ recipe }: AppDraft, path: Path, report: Report): void {
  for (const [owner, { own }] of Object.entries(recipes)) {
    if (owner === recipe) continue
    for (const option of own) {
      if (!report.given([...path, option])) continue
      report.problemAtKey([...path, option], `has no use with recipe: ${recipe}.`, `Only ${owner} knows it.`)
    }
  }
}

function webhooks(
  list: readonly (string | undefined)[] | undefined,
  path: Path,
  report: Report,
): readonly string[] | undefined {
  for (const [index, id] of list?.entries() ?? []) {
    if (id === undefined) continue
    // One spelling alone: what is compared is what stands in an address.
    if (!/^[A-Za-z0-9._~-]{1,255}$/.test(id)) {
      report.problem([...path, index], 'is not the id of a webhook.', 'Write only what follows /api/webhook/.')
    } else if (id.length < 12) {
      const hint = 'Whoever knows it may call it from anywhere: let it be long, and made by chance.'
      report.warning([...path, index], 'is short enough to be guessed.', hint)
    }
  }
  return list?.filter((id) => id !== undefined)
}
