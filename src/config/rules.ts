import { profiles } from '../provider/profiles.ts'
import type { Origin } from './address.ts'
import type { ResolvedApp } from './app.ts'
import type { Config, ProviderConfig } from './config.ts'
import { isPrivateHost } from './network.ts'
import { type Path, pathText } from './problem.ts'
import type { Report } from './report.ts'

/** Issuers at which anybody in the world can have an account, by host. */
const openHosts = [
  'access.line.me',
  'account.apple.com',
  'accounts.google.com',
  'api.login.yahoo.com',
  'appleid.apple.com',
  'discord.com',
  'gitlab.com',
  'id.twitch.tv',
  'slack.com',
  'www.facebook.com',
  'www.linkedin.com',
]

/** Tenants of Entra that are not one organisation; the last is the number of "consumers". */
const openTenants = ['common', 'consumers', 'organizations', '9188040d-6c67-4c5b-b112-36a304b66dad']

const sharedCookies = 'browsers share cookies between the two.'

/** Judges what a schema cannot say: how the door, the apps and the provider go together. */
export function judgeTogether(
  door: Origin | undefined,
  apps: readonly ResolvedApp[],
  provider: ProviderConfig | undefined,
  report: Report,
): void {
  const seen = new Map<string, ResolvedApp>()
  for (const app of apps) {
    judgeHost(app, door, report)
    judgeTwin(app, seen, report)
    judgeLoop(app, door, apps, report)
    if (provider !== undefined) judgeAllow(app, provider, report)
  }
}

/** Plain http only at home, and only on purpose. */
export function judgeScheme(host: Origin, insecureHttp: boolean, path: Path, report: Report): void {
  if (host.scheme !== 'http' || !insecureHttp || isPrivateHost(host.hostname)) return
  const hint = 'Plain http is for private addresses and names such as door.lan or door.home.arpa. Use https:// here.'
  report.problem(path, 'is not an address of a home network.', hint)
}

/** A device grant can only be asked of a provider that has one. */
export function judgeGrant(grant: Config['deviceLogin']['grant'], { profile }: ProviderConfig, report: Report): void {
  if (grant !== 'provider' || profile === undefined) return
  const { title, asks } = profiles[profile]
  if (asks !== 'has no device grant') return
  report.problem(['device_login', 'grant'], `is provider, but ${title} ${asks}.`, 'Use auto or gateway.')
}

function judgeHost({ path, host }: ResolvedApp, door: Origin | undefined, report: Report): void {
  if (host === undefined || door === undefined) return
  const at = [...path, 'host']
  const hint = 'Give the app a host of its own.'
  // SECURITY: the app's scripts would run inside the door. Test: an app on the address of the door is refused
  if (host.origin === door.origin) report.problem(at, 'is the address of the door (public_url).', hint)
  const neighbour = host.hostname === door.hostname && host.origin !== door.origin
  if (neighbour) report.warning(at, `is the host of the door with another port: ${sharedCookies}`, hint)
  if (host.hostname === `www.${door.hostname}`) report.problem(at, 'leads to the door, as www. of it.', hint)
}

function judgeTwin(app: ResolvedApp, seen: Map<string, ResolvedApp>, report: Report): void {
  if (app.host === undefined) return
  const same = seen.get(app.host.authority)
  const sibling = seen.get(app.host.hostname)
  const at = [...app.path, 'host']
  if (same !== undefined && same.host?.authority === app.host.authority) {
    report.problem(at, `is already the host of ${pathText(same.path)}.`, 'Each app needs a host of its own.')
  } else if (sibling !== undefined) {
    report.warning(at, `is the host of ${pathText(sibling.path)} with another port: ${sharedCookies}`)
  }
  if (same === undefined) seen.set(app.host.authority, app)
  if (sibling === undefined) seen.set(app.host.hostname, app)
}

function judgeLoop(
  { path, config }: ResolvedApp,
  door: Origin | undefined,
  apps: readonly ResolvedApp[],
  report: Report,
): void {
  if (config === undefined) return
  const publicOnes = [door?.origin, ...apps.map((app) => app.host?.origin)]
  if (!publicOnes.includes(config.upstream)) return
  report.warning(
    [...path, 'upstream'],
    'is a public address of this gateway: requests may go in circles.',
    'Name the address where the app itself listens.',
  )
}

function judgeAllow({ path, config }: ResolvedApp, provider: ProviderConfig, report: Report): void {
  if (config === undefined) return
  const open = config.allow === undefined && isOpenToTheWorld(provider.issuer)
  const why = `has no allow, and anybody can have an account at ${provider.issuer}.`
  // SECURITY: strangers could sign in. Test: an app without allow is refused at an issuer open to the world
  if (open) report.problemAtKey(path, why, 'Add allow: { emails: [you@example.com] }.')
  const groups = config.allow?.groups ?? []
  const byScope = provider.groupsClaim === 'groups' && !comeWithoutScope(provider.profile)
  if (groups.length > 0 && byScope && !provider.scopes.includes('groups')) {
    report.warning(
      [...path, 'allow', 'groups'],
      'asks for groups, but the scopes of the provider do not.',
      'Many providers send groups only then: scopes: [openid, profile, email, groups].',
    )
  }
}

function comeWithoutScope(name: ProviderConfig['profile']): boolean {
  return name !== undefined && profiles[name].groupsWithoutScope === true
}

function isOpenToTheWorld(issuer: string): boolean {
  const { hostname, pathname } = new URL(issuer)
  if (openHosts.includes(hostname)) return true
  if (hostname !== 'login.microsoftonline.com') return false
  return openTenants.includes(pathname.split('/')[1]?.toLowerCase() ?? '')
}
