import { randomBytes, randomInt } from 'node:crypto'
import { type Clock, MINUTE } from '../../../../src/lib/clock.ts'
import type { ClientInfo } from './client-info.ts'

/** One request to be let in, as the API shows it. */
export type QuickConnectResult = {
  Authenticated: boolean
  Secret: string
  Code: string
  DeviceId: string
  DeviceName: string
  AppName: string
  AppVersion: string
  DateAdded: string
}

export type QuickConnect = {
  begin(info: ClientInfo): QuickConnectResult
  /** What has become of the request with this secret; undefined when it is unknown or over. */
  look(secret: string): QuickConnectResult | undefined
  /** Finds what a code names, to approve it. */
  withCode(code: string): QuickConnectResult | undefined
  /** Lets the request in: whoever has its secret gets `token`, as often as they ask. */
  approve(request: QuickConnectResult, token: string): void
  /** The token that belongs to an approved secret. */
  redeem(secret: string): string | undefined
}

const LIFE = 10 * MINUTE

/** Quick Connect, what trips one up: codes live ten minutes; approved ones stay, and can be redeemed again and again. */
export function createQuickConnect(clock: Clock): QuickConnect {
  const requests = new Map<string, { result: QuickConnectResult; added: number }>()
  const approved = new Map<string, { token: string; at: number }>()

  function expire(): void {
    for (const [code, { added }] of requests) if (clock.now() > added + LIFE) requests.delete(code)
    for (const [secret, { at }] of approved) if (clock.now() > at + LIFE) approved.delete(secret)
  }

  return {
    begin(info) {
      expire()
      const added = clock.now()
      const result = {
        Authenticated: false,
        Secret: randomBytes(32).toString('hex').toUpperCase(),
        Code: String(randomInt(100_000, 1_000_000)),
        DeviceId: info.deviceId,
        DeviceName: info.device,
        AppName: info.client,
        AppVersion: info.version,
        DateAdded: new Date(added).toISOString(),
      }
      requests.set(result.Code, { result, added })
      return result
    },
    look(secret) {
      expire()
      return [...requests.values()].find(({ result }) => result.Secret === secret)?.result
    },
    withCode(code) {
      expire()
      return requests.get(code)?.result
    },
    approve(result, token) {
      // One minute into the future, so that the client has the time to see it.
      const added = clock.now() + MINUTE
      Object.assign(result, { Authenticated: true, DateAdded: new Date(added).toISOString() })
      requests.set(result.Code, { result, added })
      approved.set(result.Secret, { token, at: clock.now() })
    },
    redeem(secret) {
      expire()
      return approved.get(secret)?.token
    },
  }
}
