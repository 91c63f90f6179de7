import { type Profile, profiles } from '../../src/provider/profiles.ts'
import { asksEveryTime } from '../../src/provider/way.ts'

const introduction = `<!-- Made by scripts/generate.ts from src/provider/profiles.ts; edit that. -->

# Providers

Any OpenID provider with authorization code + PKCE will do. \`provider.profile\` names the product. Only where its own device
page was seen to ask for **every** screen does \`device_login.grant: auto\` let it issue the code on the screen (RFC 8628);
everywhere else Entryphone issues it, and the phone approves on Entryphone's page. \`entryphone check\` says which, and why.

"Run" is what was seen on the running product, with its version where there is one.
`

/** The page about the known providers, in Markdown. */
export function providersPage(): string {
  return `${introduction}\n${Object.entries(profiles)
    .map(([name, profile]) => section(name as keyof typeof profiles, profile))
    .join('\n')}`
}

function section(name: keyof typeof profiles, profile: Profile): string {
  const { title, asks, evidence, code, interval, lifeSeconds, clientAuth, groups, startsPerHour, notes } = profile
  const grant = [
    `user code: ${code.shape}${code.caseMatters ? '; its page wants it exactly so' : ''}`,
    `a poll every ${interval.seconds} s; who is early: ${interval.early}`,
    `a code lives ${lifeSeconds} s`,
    ...(startsPerHour === undefined ? [] : [`${startsPerHour} codes an hour; Entryphone uses half of them`]),
  ]
  const facts = [
    `\`auto\`: ${asksEveryTime(name) ? '**the provider**' : 'the gateway'}. It ${sentence(asks)} (${evidence}).`,
    ...(asks === 'has no device grant' ? [] : grant),
    ...(clientAuth === undefined ? [] : [`\`client_auth: auto\` is \`${clientAuth}\``]),
    `groups: ${groups}`,
    ...notes,
  ]
  return `## ${title}\n\n\`profile: ${name}\`\n\n${facts.map((fact) => `- ${fact}`).join('\n')}\n`
}

function sentence(asks: Profile['asks']): string {
  if (asks === 'not known') return 'is not known to ask every time'
  if (asks === 'has no device grant') return asks
  return asks === 'every time' ? 'asks every time' : 'does not ask every time'
}
