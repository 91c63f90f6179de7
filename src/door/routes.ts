import type { FastifyReply } from 'fastify'
import type { Asked } from '../http/cold-server.ts'
import { createColdServer } from '../http/cold-server.ts'
import { leadTo } from '../http/reply.ts'
import type { ColdHandler } from '../traffic/parts.ts'
import { callback } from './callback.ts'
import { enterCode, showCodeEntry } from './code-entry.ts'
import { decide } from './decide.ts'
import type { DoorExchange, DoorFacts } from './exchange.ts'
import { revoke, revokeAll, showMe, signOutHere } from './me.ts'
import type { DoorParts } from './parts.ts'
import { openShortLink } from './short-link.ts'
import { otherAccount, signInForApp } from './sign-in.ts'

/** Every address at the door. Who may call it is said beside each. */
export async function createDoor(parts: DoorParts): Promise<ColdHandler<DoorFacts>> {
  const server = await createColdServer<DoorFacts>(parts.clock, parts.log)
  const by = (handle: (exchange: DoorExchange) => Promise<FastifyReply>) => {
    return (asked: DoorFacts & Asked) => handle({ ...asked, parts })
  }
  server.get('/', ({ reply }) => leadTo(reply, '/me'))
  // Anybody with the link; what they can do depends on who they are. Old QR readers change the letters' case.
  for (const d of ['d', 'D']) {
    server.get(`/${d}/:id`, by(openShortLink))
    server.get(`/${d}`, by(showCodeEntry))
    server.get(`/${d}/`, by(showCodeEntry))
  }
  // A press on our own page, in the browser that it was shown to.
  server.post('/d/:id', by(decide))
  server.post('/d/:id/other-account', by(otherAccount))
  // Somebody who is signed in.
  server.post('/d', by(enterCode))
  server.get('/me', by(showMe))
  server.post('/me/revoke', by(revoke))
  server.post('/me/revoke-all', by(revokeAll))
  server.post('/me/sign-out', by(signOutHere))
  // Browsers on their way between an app's host and the provider.
  server.get('/sign-in', by(signInForApp))
  server.get('/callback', by(callback))
  return server.open()
}
