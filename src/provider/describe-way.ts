import { type ProfileName, profiles } from './profiles.ts'
import { asksEveryTime, type GrantChoice } from './way.ts'

/** Which way logins take by the config alone, and why, in one line for `entryphone check`. */
export function describeWay(config: { grant: GrantChoice; profile: ProfileName | undefined }): string {
  const { grant, profile } = config
  if (grant === 'gateway') return 'gateway: the config says so'
  const why = whatIsKnown(profile)
  if (grant === 'auto') {
    return asksEveryTime(profile)
      ? `provider (auto): ${why}; the gateway steps in where the provider refuses or is slow`
      : `gateway (auto): ${why}`
  }
  return asksEveryTime(profile)
    ? `provider: the config says so; ${why}`
    : `provider: the config says so, but ${why}: each screen must be approved on Entryphone's page as well`
}

function whatIsKnown(profile: ProfileName | undefined): string {
  if (profile === undefined) return 'no profile says that the provider asks for every screen'
  const { title, asks, evidence } = profiles[profile]
  const words = {
    'every time': 'asks for every screen',
    'not every time': 'does not ask for every screen',
    'not known': 'is not known to ask for every screen',
    'has no device grant': 'has no device grant',
  }
  return `${title} ${words[asks]} (${evidence})`
}
