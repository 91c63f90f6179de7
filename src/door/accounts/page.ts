import type { FastifyReply } from 'fastify'
import { isNavigation } from '../../http/fetch-metadata.ts'
import { langOf, ownHeaders, sendMessage, sendPage } from '../../http/reply.ts'
import { appPage } from '../../pages/app.ts'
import type { AppView } from '../../pages/inside-views.ts'
import type { DoorExchange } from '../exchange.ts'
import { formToken, recognise } from '../phone.ts'
import { leaveForProvider } from '../sign-in/leave.ts'
import { accountIn } from './account.ts'
import { callersIn } from './callers.ts'
import { type AccountExchange, findApp, nameIn, purposeOf } from './exchange.ts'

/** Who somebody is inside an app, how that came about, and the ways to change it. */
export async function showApp(exchange: DoorExchange): Promise<FastifyReply> {
  const { request, reply } = exchange
  if (!isNavigation(request)) return reply.code(204).headers(ownHeaders).send()
  const about = await findApp(exchange)
  if (about === 'nobody') {
    return leaveForProvider(await recognise(exchange), { next: { kind: 'app', app: nameIn(exchange) } })
  }
  return about === undefined ? sendMessage(reply, 404, { kind: 'not-found' }) : sendApp(about, 200)
}

/** The page, with what the last press has come to. */
export async function sendApp(
  exchange: AccountExchange,
  status: number,
  note?: AppView['note'],
): Promise<FastifyReply> {
  const { parts, accounts, app, here, request, reply } = exchange
  const { proofs } = accounts.people
  const there = await accountIn(exchange)
  const page = appPage(
    langOf(request),
    {
      doorHost: parts.door.authority,
      app: app.title,
      token: formToken(exchange, purposeOf(app)),
      ...(note && { note }),
      ...there,
      ...(await callersIn(exchange, there.account)),
      makes: accounts.rules.createUsers,
      ways: {
        ...(proofs.includes('page') && { page: `${app.origin}/.entryphone/auth/prove` }),
        ...(proofs.includes('code') && { code: `${here}/code` }),
        ...(proofs.includes('password') && { password: `${here}/password` }),
      },
      make: `${here}/make`,
      unlink: `${here}/unlink`,
      back: '/me',
    },
    parts.clock.now(),
  )
  return sendPage(reply, status, page)
}
