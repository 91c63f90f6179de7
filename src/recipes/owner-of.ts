import type { Identity } from '../provider/provider.ts'
import { judge } from '../sessions/allow.ts'
import type { App } from '../traffic/app.ts'
import type { Links } from './links.ts'

/** Whom of ours a user of an app stands for: the first who is this user and may open the app. */
export async function ownerOf(
  links: Pick<Links, 'personsOf'>,
  app: Pick<App, 'name' | 'allow'>,
  userId: string,
): Promise<Identity | undefined> {
  const persons = await links.personsOf(app.name, userId)
  return persons.find((person) => judge(app.allow, person).allowed)
}
