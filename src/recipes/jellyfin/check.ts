import type { Finding } from '../../lib/finding.ts'
import { createAppRoad } from '../app-road.ts'
import type { CheckParts } from '../registry.ts'
import type { SignInRules } from '../who-inside.ts'
import { createJellyfinClient, type JellyfinClient } from './client.ts'
import { userNamed } from './people.ts'

const KEYS = 'Jellyfin, Dashboard, API Keys: add one named Entryphone, and put it where sign_in.api_key_file says.'
const NETWORK = 'Jellyfin, Dashboard, Networking'

/** What `check --online` says of a Jellyfin: whether it can be asked, by whom, and which settings of its own matter here. */
export async function checkJellyfin({ app, signIn, log }: CheckParts): Promise<Finding[]> {
  const road = createAppRoad(app)
  const client = createJellyfinClient(road, signIn?.secret, log)
  try {
    const version = await versionOf(client)
    if (version.level === 'problem' || signIn?.secret === undefined) return [version]
    const rights = await rightsOf(client)
    if (rights.level === 'problem') return [version, rights]
    const asked = await Promise.all([
      quickConnect(client),
      network(client, road.ownAddress()),
      users(client, signIn.rules, app.name),
    ])
    return [version, rights, ...asked.flat()]
  } catch {
    return [unreachable(app.upstream.origin)]
  } finally {
    await road.close()
  }
}

async function versionOf(client: JellyfinClient): Promise<Finding> {
  const { status, json } = await client.look('publicInfo')
  const { Version, StartupWizardCompleted } = (json ?? {}) as { Version?: unknown; StartupWizardCompleted?: unknown }
  if (status === 404) {
    return problem(
      'Something answers, but no Jellyfin at its root.',
      `${NETWORK}, Base URL: leave it empty, or correct upstream.`,
    )
  }
  const parts = /^(\d+)\.(\d+)/.exec(typeof Version === 'string' ? Version : '')
  if (status !== 200 || parts === null) {
    return problem('What answers is no Jellyfin.', 'Correct upstream: http://HOST:8096.')
  }
  const [major, minor] = [Number(parts[1]), Number(parts[2])]
  if (major < 10 || (major === 10 && minor < 9)) {
    return problem(`Jellyfin ${Version} is too old.`, 'Update it to 10.9 or newer: before, no key could let people in.')
  }
  if (StartupWizardCompleted === false) {
    return problem('Jellyfin has not been set up yet.', 'Open it past Entryphone, and go through its first pages.')
  }
  return { level: 'fine', text: `Jellyfin ${Version} answers.` }
}

async function rightsOf(client: JellyfinClient): Promise<Finding> {
  const answers = [await client.look('info'), await client.look('keys')]
  if (answers.every(({ status }) => status === 200)) {
    return { level: 'fine', text: 'The API key has the rights that it needs.' }
  }
  return problem('The API key is not accepted.', KEYS)
}

async function quickConnect(client: JellyfinClient): Promise<Finding> {
  const { json } = await client.look('enabled')
  if (json === true) return { level: 'fine', text: 'Quick Connect is on.' }
  return problem(
    'Quick Connect is off, so nobody can be signed in.',
    'Jellyfin, Dashboard, General: enable Quick Connect.',
  )
}

async function network(client: JellyfinClient, address: string | undefined): Promise<Finding[]> {
  const { status, json } = await client.look('network')
  const { KnownProxies } = (json ?? {}) as { KnownProxies?: unknown }
  if (status !== 200) return []
  const known = Array.isArray(KnownProxies) ? KnownProxies : String(KnownProxies ?? '').split(',')
  if (known.some((one) => String(one).trim() !== '')) return [{ level: 'fine', text: 'Known proxies are set.' }]
  return [
    {
      level: 'warning',
      text: 'Jellyfin knows no proxies, so everybody seems to be at home, and users without remote access are let in from anywhere.',
      remedy: `${NETWORK}, Known proxies: write ${address}, the address of Entryphone as Jellyfin sees it, and restart Jellyfin.`,
    },
  ]
}

/** Names that the config gives and Jellyfin does not know, and accounts that screens will not get. */
async function users(client: JellyfinClient, rules: SignInRules, app: string): Promise<Finding[]> {
  const found: Finding[] = []
  for (const [person, name] of Object.entries(rules.users)) {
    const user = (await client.user(name)) ?? (await userNamed(client, name))
    const where = `apps.${app}.sign_in.users.${person}`
    if (user === undefined) found.push(problem(`Jellyfin has no user "${name}".`, `Correct ${where}.`))
    else if (user.disabled) {
      found.push({
        level: 'warning',
        text: `"${name}" is disabled in Jellyfin.`,
        remedy: `Enable the user, or correct ${where}.`,
      })
    } else if (user.admin && !rules.screenAdmin) {
      found.push({
        level: 'warning',
        text: `"${name}" administers Jellyfin, so it is for computers and phones alone, and not for screens and native apps.`,
        remedy:
          'Give that person an ordinary account for their screens as well, at the door; or set screen_admin: true.',
      })
    }
  }
  return found
}

function unreachable(origin: string): Finding {
  return problem(`Jellyfin does not answer at ${origin}.`, 'Start it, or correct upstream.')
}

function problem(text: string, remedy: string): Finding {
  return { level: 'problem', text, remedy }
}
