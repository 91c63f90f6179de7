import type { AppRow } from '../../pages/views.ts'
import type { Identity } from '../../provider/provider.ts'
import { appFor, appPath } from '../accounts/exchange.ts'
import type { DoorParts } from '../parts.ts'

/** The apps that somebody may open and is signed in to inside, and who they are there. No app is asked. */
export async function appsOf(parts: DoorParts, person: Identity): Promise<AppRow[]> {
  const rows = [...parts.accounts.keys()].map(async (name): Promise<AppRow[]> => {
    const there = appFor(parts, person, name)
    if (there === undefined) return []
    const { app, accounts } = there
    const link = await parts.links.get(name, person)
    const callers = link?.admin === true && parts.recipes.get(name)?.callers !== undefined
    const row = { app: app.title, href: appPath(app), ...(callers && { callers }) }
    if (link !== undefined) return [{ ...row, as: 'known', name: link.name }]
    if (accounts.isWritten(person)) return [{ ...row, as: 'written' }]
    return [{ ...row, as: accounts.rules.createUsers ? 'new' : 'nobody' }]
  })
  return (await Promise.all(rows)).flat()
}
