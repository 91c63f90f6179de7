import type { Rule } from './rules.ts'

/**
 * Apps that show the server's own pages in a web view: they hand other hosts to a browser or give up on errors, so
 * the login has to stay on the app's host and answer 200. Found on phones, tablets and in cars.
 */
const companionAgents: readonly Rule[] = [
  {
    pattern: /(?:^|[ )])Home Assistant\/\d/,
    why: 'the Home Assistant app shows its pages in a web view',
  },
]

/** By `X-Requested-With`, which Android web views set to the id of their app. */
const companionIds: readonly Rule[] = [
  {
    pattern: /^io\.homeassistant\.companion\.android(?:\.|$)/,
    why: 'the Home Assistant app shows its pages in a web view',
  },
  {
    pattern: /^org\.jellyfin\.mobile(?:\.|$)/,
    why: 'the Jellyfin app shows its pages in a web view',
  },
]

/** Why the request comes from a companion app, or undefined. Anybody can claim it; it only chooses the page. */
export function companionReason(userAgent: string, requestedWith: string): string | undefined {
  const rule =
    companionIds.find(({ pattern }) => pattern.test(requestedWith)) ??
    companionAgents.find(({ pattern }) => pattern.test(userAgent))
  return rule?.why
}
