import type { AppView } from '../../pages/inside-views.ts'
import type { Link } from '../../recipes/links.ts'
import type { AppUser } from '../../recipes/recipe.ts'
import type { AccountExchange } from './exchange.ts'

/** What the page shows of somebody's account in an app, as the app itself has it now. */
export async function accountIn(exchange: AccountExchange): Promise<Pick<AppView, 'account' | 'screens'>> {
  const { parts, accounts, app, person } = exchange
  // A name in the config becomes a link when it is first looked at.
  const asked = await accounts.find(person, 'browser', 'look').then(
    () => true,
    () => false,
  )
  const link = await parts.links.get(app.name, person)
  if (link === undefined) return {}
  const user = asked ? await accounts.people.byId(link.userId).catch(() => 'unknown' as const) : 'unknown'
  const there = {
    name: user === undefined || user === 'unknown' ? link.name : user.name,
    how: link.how,
    at: link.at,
    state: stateOf(user),
    fixed: link.how === 'config' && accounts.isWritten(person),
  } as const
  if (user === undefined || user === 'unknown' || !user.admin) return { account: there }
  return { account: { ...there, admin: true }, screens: screensOf(exchange, link) }
}

function stateOf(user: AppUser | undefined | 'unknown'): 'here' | 'gone' | 'disabled' | 'unknown' {
  if (user === 'unknown') return 'unknown'
  if (user === undefined) return 'gone'
  return user.disabled ? 'disabled' : 'here'
}

/** Which account the screens of somebody get who administers the app. */
function screensOf({ accounts }: AccountExchange, link: Link): NonNullable<AppView['screens']> {
  if (accounts.rules.screenAdmin) return { kind: 'the-same' }
  return link.screens === undefined ? { kind: 'none' } : { kind: 'own', name: link.screens.name }
}
