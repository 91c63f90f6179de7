import type { FastifyReply } from 'fastify'
import { leadTo, sendMessage } from '../../http/reply.ts'
import type { AccountUse } from '../../recipes/accounts.ts'
import type { AppUser } from '../../recipes/recipe.ts'
import type { AccountExchange } from './exchange.ts'
import { sendApp } from './page.ts'

/** An account in the app that somebody has shown to be theirs becomes their own there, or that of their screens. */
export async function takeAccount(exchange: AccountExchange, user: AppUser, use: AccountUse): Promise<FastifyReply> {
  const { parts, accounts, app, person, here, reply } = exchange
  const outcome = await accounts.take(person, user, use)
  if (outcome === 'fixed') return leadTo(reply, here)
  if (outcome !== 'taken-on') return sendApp(exchange, 409, outcome)
  parts.log.notice('person_linked', { app: app.name, how: 'proved', use })
  // Whoever administers the app has one more thing to decide there.
  if (use === 'screens' || user.admin) return leadTo(reply, here)
  return sendMessage(reply, 200, {
    kind: 'proved',
    params: { app: app.title, person: user.name },
    actions: [
      { label: 'my-screens', href: '/me' },
      { label: 'open-app', href: app.origin },
    ],
  })
}

/** Whose account a form is about; undefined when it does not say. */
export function useOf(text: string | undefined): AccountUse | undefined {
  return text === 'own' || text === 'screens' ? text : undefined
}
