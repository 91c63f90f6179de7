import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { randomId } from '../lib/random.ts'
import type { DeviceGrant, DevicePoll } from '../provider/device-grant.ts'
import type { Identity } from '../provider/provider.ts'
import type { Login } from './login.ts'
import type { Logins } from './logins.ts'
import type { PollAnswer } from './provider-grant.ts'
import { pollDueAt } from './provider-grant.ts'

/** Asks the provider about a screen's code, driven by the waiting screen: a screen that is off asks nobody. */
export interface GrantPolls {
  /** Asks once if it is time and nobody else is asking; the answer is in the login afterwards. Never rejects for the provider's sake. */
  poll(login: Login): Promise<void>
}

/** What asking takes. */
export type GrantPollsParts = {
  clock: Clock
  log: Log
  logins: Pick<Logins, 'apply'>
  deviceGrant: DeviceGrant
  /** Whether a person may open an app. */
  mayOpen(app: string, person: Identity): boolean
  /** What the provider says now of whoever has signed in there counts for what they hold in the apps. */
  describe(person: Identity): Promise<void>
}

/** Asks through `deviceGrant`. Rejects only when the store does. */
export function createGrantPolls({ clock, log, logins, deviceGrant, mayOpen, describe }: GrantPollsParts): GrantPolls {
  function answerOf(login: Login, polled: DevicePoll): PollAnswer {
    switch (polled.kind) {
      case 'identity':
        if (mayOpen(login.app, polled.identity)) return { kind: 'vouched', by: polled.identity }
        log.notice('authz_fail', { app: login.app, kind: 'screen' })
        return { kind: 'not-allowed' }
      case 'expired':
        return { kind: 'ended' }
      case 'failed':
        log.notice('device_grant_ended', { detail: polled.detail })
        return { kind: 'ended' }
      case 'server-error':
      case 'unreachable':
        log.notice('device_grant_fault', { kind: polled.kind, detail: polled.detail })
        return { kind: polled.kind }
      default:
        return { kind: polled.kind }
    }
  }

  return {
    async poll(login) {
      const due = pollDueAt(login, clock.now())
      const invitation = login.invitations.at(-1)
      if (due === undefined || due > clock.now() || invitation?.providerGrant === undefined) return
      const owner = randomId(8)
      const leased = await logins.apply(login.id, { kind: 'leased', invitation: invitation.id, owner })
      if ('refused' in leased) return
      const polled = await deviceGrant.poll(invitation.providerGrant.grant)
      const answer = answerOf(login, polled)
      const applied = await logins.apply(login.id, { kind: 'polled', invitation: invitation.id, owner, answer })
      const step = 'login' in applied ? applied.login.state.step : 'pending'
      if (step === 'approved' || step === 'denied') {
        log.notice(`device_${step}`, { app: login.app, device: login.device.kind, way: 'provider' })
      }
      // Whoever may not open this app, too: what they hold in another goes by it. They are signed in whatever the store says.
      if (polled.kind === 'identity' && 'login' in applied) {
        await describe(polled.identity).catch(() => log.notice('store_fault', { part: 'inside' }))
      }
    },
  }
}
