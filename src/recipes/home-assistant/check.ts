import type { Finding } from '../../lib/finding.ts'
import { AppFault } from '../app-fault.ts'
import { type AppRoad, createAppRoad } from '../app-road.ts'
import type { CheckParts } from '../registry.ts'
import { createHomeAssistantClient, type HomeAssistantClient } from './client.ts'

const TOKEN =
  'Home Assistant, Settings, People, Users: add an administrator named Entryphone who can only log in from the local network; as that user, Profile, Security, Long-lived access tokens: make one, and put it where sign_in.token_file says.'

/** What `check --online` says of a Home Assistant. */
export async function checkHomeAssistant({ app, signIn, clock }: CheckParts): Promise<Finding[]> {
  const road = createAppRoad(app)
  const client = createHomeAssistantClient(road, app.origin, signIn?.secret, clock)
  try {
    const proxy = await believes(client, road)
    return signIn?.secret === undefined ? [proxy] : [proxy, ...(await rights(client, signIn.rules.users, app.name))]
  } catch (error) {
    if (error instanceof AppFault && error.reason === 'app-refuses')
      return [problem('The token is not accepted.', TOKEN)]
    return [
      problem(
        `What answers at ${app.upstream.origin} is no Home Assistant.`,
        'Correct upstream, or wait until it has started.',
      ),
    ]
  } finally {
    await road.close()
  }
}

async function believes(client: HomeAssistantClient, road: AppRoad): Promise<Finding> {
  if (await client.believesUs()) return fine('Home Assistant believes what Entryphone says of where people come from.')
  return problem(
    'Home Assistant answers 400 to whatever comes through Entryphone.',
    `Write this into its configuration.yaml, and restart it. If it stays like this, its log names the address that it refused.
http:
  use_x_forwarded_for: true
  trusted_proxies:
    - ${road.ownAddress()}`,
  )
}

async function rights(
  client: HomeAssistantClient,
  written: Readonly<Record<string, string>>,
  app: string,
): Promise<Finding[]> {
  const { version, self } = await client.commands()
  const found: Finding[] = [fine(`Home Assistant ${version} answers, and takes the token.`)]
  if (self.owner) found.push(warning('The token is the owner’s.', TOKEN))
  else if (!self.localOnly) {
    found.push(warning('The user of the token may come from anywhere, so a stolen one would open everything.', TOKEN))
  }
  const users = await client.users()
  for (const [person, name] of Object.entries(written)) {
    const meant = users.filter((user) => user.id === name || user.name === name)
    const where = `apps.${app}.sign_in.users.${person}`
    if (meant.length === 0) found.push(problem(`Home Assistant has no user "${name}".`, `Correct ${where}.`))
    if (meant.length > 1)
      found.push(problem(`Home Assistant has more than one user "${name}".`, `Write the id into ${where}.`))
  }
  return found
}

const fine = (text: string): Finding => ({ level: 'fine', text })
const warning = (text: string, remedy: string): Finding => ({ level: 'warning', text, remedy })
const problem = (text: string, remedy: string): Finding => ({ level: 'problem', text, remedy })
