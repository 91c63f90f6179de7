import { SECOND } from '../../lib/clock.ts'
import { networkHint } from '../../lib/place.ts'
import type { KnockFacts } from '../../pages/views.ts'
import type { PhoneExchange } from '../exchange.ts'
import { type Asking, sealKnock } from './knocks.ts'
import { askOf } from './let-knock-in.ts'

/** What a page shows of a native app that asks to be let in. */
export function knockFacts(exchange: PhoneExchange, asking: Asking): KnockFacts {
  const { parts, place } = exchange
  const { app, knock } = asking
  return {
    knock: sealKnock(exchange, asking),
    app: app.title,
    device: askOf(asking).device,
    client: knock.client,
    digits: knock.code,
    askedSecondsAgo: Math.max(0, Math.round((parts.clock.now() - knock.askedAt) / SECOND)),
    network: networkHint(knock.place, place),
  }
}
