import { networkHint } from '../../lib/place.ts'
import type { AppView } from '../../pages/inside-views.ts'
import type { RecipeCallers } from '../../recipes/recipe.ts'
import type { AccountExchange } from './exchange.ts'

/** What the page shows of callers without a sign-in: to whoever looks after the app, and to nobody else. */
export async function callersIn(
  about: AccountExchange,
  account: AppView['account'],
): Promise<Pick<AppView, 'callers'>> {
  const rows = await callersFor(about, account)
    ?.list()
    .catch(() => undefined)
  if (rows === undefined || rows.length === 0) return {}
  return {
    callers: {
      action: `${about.here}/callers`,
      rows: rows.map(({ called, ...row }) => ({
        ...row,
        calledAt: called.at,
        network: networkHint(called.place, about.place),
      })),
    },
  }
}

/** The callers of an app, for whoever looks after it; undefined for everybody else. */
export function callersFor({ parts, app }: AccountExchange, account: AppView['account']): RecipeCallers | undefined {
  // SECURITY(replace: account?.admin !== true → false): what may call the app is for whoever looks after it, as in the app itself. Test: callers of before are shown to whoever administers the app, and shut by nobody else
  if (account?.state !== 'here' || account?.admin !== true) return undefined
  return parts.recipes.get(app.name)?.callers
}
