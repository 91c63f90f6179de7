import { type Clock, HOUR, MINUTE } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { DeviceAuthorization, DeviceGrant, PendingGrant, Remedy } from './device-grant.ts'
import { type ProfileName, profiles } from './profiles.ts'
import { createStarts } from './starts.ts'

/** The config's word: who issues the code on the screen. */
export type GrantChoice = 'auto' | 'provider' | 'gateway'

/** Decides for each login which way it takes. */
export interface Way {
  /** For a screen at `address`. Never throws; at most 1.5 s. Takes one of the hour's starts when it asks the provider. */
  begin(address: string): Promise<WayTaken>
}

/** Who issues the code of one login. */
export type WayTaken =
  /** `mustApproveHere`: the provider is not known to ask, so its tokens alone let nobody in (the same person approves on our page too). */
  | { way: 'provider'; grant: PendingGrant; mustApproveHere: boolean }
  | { way: 'gateway' }
  /** Only where the config forces the provider. */
  | { way: 'failed'; why: WayFailure }

/** Why the provider issued none; `too-many` of its starts were taken this hour. */
export type WayFailure = 'refused' | 'unsupported' | 'unreachable' | 'too-many'

/** Whether the provider's own page is known to ask for every screen. Only a configured profile counts, never a guess. */
export function asksEveryTime(profile: ProfileName | undefined): boolean {
  return profile !== undefined && profiles[profile].asks === 'every time'
}

const BREAK_MS = 10 * MINUTE

/** `profile`: the configured one. After a failure `auto` stays with the gateway for 10 min. */
export function createWay(parts: {
  grant: GrantChoice
  profile: ProfileName | undefined
  deviceGrant: DeviceGrant
  clock: Clock
  log: Log
}): Way {
  const { grant, profile, deviceGrant, clock, log } = parts
  const asks = asksEveryTime(profile)
  const starts = createStarts(clock, profile === undefined ? undefined : profiles[profile].startsPerHour)
  const tellOncePer = createTelling(clock, log)
  let brokenUntil = 0

  async function ask(address: string): Promise<WayTaken> {
    if (!starts.take(address)) {
      tellOncePer(HOUR, 'device_grant_spent', { remedy: 'too many screens asked at the provider in one hour' })
      return { way: 'failed', why: 'too-many' }
    }
    const answer = await deviceGrant.request()
    // SECURITY(replace: !asks → false): where nobody is asked, whoever is sent the code lets a stranger's screen in. Test: a forced provider that does not ask every time wants the approval here as well
    if (answer.kind === 'pending') return { way: 'provider', grant: answer.grant, mustApproveHere: !asks }
    const next = grant === 'auto' ? { way: 'gateway', minutes: BREAK_MS / MINUTE } : { way: 'failed' }
    tellOncePer(BREAK_MS, 'device_grant_failed', { ...facts(answer), ...next })
    return { way: 'failed', why: answer.kind }
  }

  return {
    async begin(address) {
      if (grant === 'provider') return ask(address)
      // SECURITY: a provider that approves as its page loads would let in whoever mails its link. Test: auto stays with the gateway unless the configured profile asks every time
      if (grant === 'gateway' || !asks) return { way: 'gateway' }
      if (clock.now() < brokenUntil) return { way: 'gateway' }
      const taken = await ask(address)
      if (taken.way !== 'failed') return taken
      if (taken.why !== 'too-many') brokenUntil = clock.now() + BREAK_MS
      return { way: 'gateway' }
    },
  }
}

const remedies: Record<Remedy, string> = {
  'secret-or-auth-method': 'the client secret is wrong, or client_auth is not the method that is registered there',
  'grant-not-allowed': 'allow this client the device authorization grant there, and the scopes that it asks for',
  'too-many-requests':
    'the provider counts requests of one address: raise its limit, or use device_login.grant: gateway',
}

function facts(answer: Exclude<DeviceAuthorization, { kind: 'pending' }>): { detail: string; remedy: string } {
  switch (answer.kind) {
    case 'refused':
      return { detail: answer.detail, remedy: remedies[answer.remedy] }
    case 'unsupported':
      return { detail: 'discovery names no device endpoint', remedy: 'use device_login.grant: gateway' }
    case 'unreachable':
      return { detail: answer.detail, remedy: 'see whether the provider is up, and how long it takes to answer' }
  }
}

/** Each event at most once in a span, however many screens meet it. */
function createTelling(clock: Clock, log: Log) {
  const silentUntil = new Map<string, number>()
  return (spanMs: number, event: string, fields: Record<string, string | number>) => {
    if (clock.now() < (silentUntil.get(event) ?? 0)) return
    silentUntil.set(event, clock.now() + spanMs)
    log.notice(event, fields)
  }
}
