import type { FastifyReply } from 'fastify'
import { isNavigation } from '../../http/fetch-metadata.ts'
import { langOf, ownHeaders, sendPage } from '../../http/reply.ts'
import { mePage } from '../../pages/me.ts'
import type { ScreenRow } from '../../pages/views.ts'
import { expiresAt, type SessionKind } from '../../sessions/session.ts'
import type { FoundSession } from '../../sessions/sessions.ts'
import type { DoorExchange } from '../exchange.ts'
import { knockFacts } from '../natives/knock-facts.ts'
import { seenOf } from '../natives/knock-watch.ts'
import { knocksNear, mayBeAsked } from '../natives/knocks.ts'
import type { DoorParts } from '../parts.ts'
import { formToken, recognise } from '../phone.ts'
import { leaveForProvider } from '../sign-in/leave.ts'
import { appsOf } from './my-apps.ts'

/** My screens: what this person let in, and what they signed in to. */
export async function showMe(exchange: DoorExchange): Promise<FastifyReply> {
  const { parts, request, reply } = exchange
  if (!isNavigation(request)) return reply.code(204).headers(ownHeaders).send()
  const known = await recognise(exchange)
  if (known.phone.found === undefined) return leaveForProvider(known, { next: { kind: 'me' } })
  const person = known.phone.found.session.approvedBy
  const mine = (await parts.sessions.listOf(person)).sort((a, b) => b.session.lastSeenAt - a.session.lastSeenAt)
  const rows = (...kinds: SessionKind[]) =>
    mine.filter((one) => kinds.includes(one.session.kind)).map((one) => rowOf(parts, one))
  const near = await knocksNear(known, person)
  const view = {
    doorHost: parts.door.authority,
    person: { name: person.name },
    token: formToken(known, 'me'),
    revoke: '/me/revoke',
    revokeAll: '/me/revoke-all',
    signOut: '/me/sign-out',
    enterCode: '/d',
    knocks: near.map((asking) => knockFacts(known, asking)),
    ...(mayBeAsked(known, person) && { watch: { url: '/me/knocks', seen: seenOf(known, near) } }),
    knock: { action: '/knock', token: formToken(known, 'knock') },
    screens: rows('screen', 'native'),
    browsers: rows('browser'),
    apps: await appsOf(parts, person),
    owed: (await parts.inside.owedTo(person)).map(({ app, device }) => ({ app: titleOf(parts, app), device })),
  }
  return sendPage(reply, 200, mePage(langOf(request), view, parts.clock.now()))
}

function rowOf(parts: DoorParts, { key, session }: FoundSession): ScreenRow {
  const kinds = { tonight: 'tonight', ours: 'ours', until: 'date', browser: 'browser', door: 'browser' } as const
  return {
    ref: session.ref,
    device: session.device,
    app: titleOf(parts, session.app ?? ''),
    onNow: parts.live.isOpen(key),
    lastSeen: session.lastSeenAt,
    since: session.createdAt,
    until: { kind: kinds[session.stay], at: expiresAt(session) },
  }
}

/** What people call an app; one that is in the config no more keeps its name there. */
function titleOf({ apps }: DoorParts, name: string): string {
  return apps.get(name)?.title ?? name
}
