import type { FastifyReply } from 'fastify'
import type { Asked } from '../http/cold-server.ts'
import { createColdServer } from '../http/cold-server.ts'
import type { ColdHandler } from '../traffic/parts.ts'
import { collect } from './collect.ts'
import type { ThresholdExchange, ThresholdFacts } from './exchange.ts'
import type { ThresholdParts } from './parts.ts'
import { LOGIN, THRESHOLD } from './paths.ts'
import { showQr, showScreen, startAgain } from './screen.ts'
import { showSignOut, signOut } from './sign-out.ts'
import { choose, chooseWay, start } from './start.ts'
import { useTicket } from './ticket.ts'
import { wait } from './wait.ts'

/** Every address of ours on an app's host. Who may call it is said beside each. */
export async function createThreshold(parts: ThresholdParts): Promise<ColdHandler<ThresholdFacts>> {
  const server = await createColdServer<ThresholdFacts>(parts.clock, parts.log)
  const by = (handle: (exchange: ThresholdExchange) => FastifyReply | Promise<FastifyReply>) => {
    return (asked: ThresholdFacts & Asked) => handle({ ...asked, parts })
  }
  // Anybody: begins a login, or goes on with the one that this browser has.
  server.get(`${THRESHOLD}/start`, by(start))
  server.get(`${THRESHOLD}/choose`, by(choose))
  server.post(
    `${THRESHOLD}/way/phone`,
    by((exchange) => chooseWay(exchange, 'phone')),
  )
  server.post(
    `${THRESHOLD}/way/here`,
    by((exchange) => chooseWay(exchange, 'here')),
  )
  // The browser whose cookie began the login.
  server.get(`${LOGIN}/`, by(showScreen))
  server.get(`${LOGIN}/qr-:tag.png`, by(showQr))
  server.post(`${LOGIN}/wait`, by(wait))
  server.post(`${LOGIN}/again`, by(startAgain))
  server.get(`${LOGIN}/collect`, by(collect))
  server.get(`${THRESHOLD}/ticket`, by(useTicket))
  // The session of this host.
  server.get(`${THRESHOLD}/sign-out`, by(showSignOut))
  server.post(`${THRESHOLD}/sign-out`, by(signOut))
  return server.open()
}
