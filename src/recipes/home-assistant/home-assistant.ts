import { createAppRoad } from '../app-road.ts'
import type { Recipe } from '../recipe.ts'
import type { RecipeKind, RecipeParts } from '../registry.ts'
import { createBearers } from './bearers.ts'
import { createBridge } from './bridge.ts'
import { checkHomeAssistant } from './check.ts'
import { createHomeAssistantClient } from './client.ts'
import { createConsent } from './consent.ts'
import { createEntry } from './entry.ts'
import { createGate } from './gate.ts'
import { createNatives } from './natives.ts'
import { createOneTime } from './one-time.ts'
import { createPeople } from './people.ts'
import { createSocketRule } from './sockets.ts'
import { createTokenRules } from './token-rules.ts'
import { createWebhooks } from './webhooks.ts'

/** Home Assistant from 2024 on. Its pages live on one origin, and its apps are no pages of anybody's. */
export const homeAssistant: RecipeKind = { cors: [], create: createHomeAssistantRecipe, check: checkHomeAssistant }

/** The recipe of one Home Assistant. Without a token it has its gate, and people meet Home Assistant's own sign-in. */
function createHomeAssistantRecipe(parts: RecipeParts): Recipe {
  const { app: whole, clock, log, keyring, inside, links, sessions, pages, drawer, signIn } = parts
  const app = whole.name
  const secret = signIn?.secret
  const road = createAppRoad(whole)
  const client = createHomeAssistantClient(road, whole.origin, secret, clock)
  const people = createPeople(client, whole.origin)
  const oneTime = createOneTime({ clock, log, client, records: drawer('once') })
  const rules = signIn?.rules ?? { users: {}, createUsers: false, screenAdmin: false }
  const bridge = createBridge({
    app,
    clock,
    log,
    keyring,
    links,
    rules,
    people,
    client,
    oneTime,
    codes: drawer('code'),
  })
  const natives = createNatives({ app, clock, keyring, sessions })
  const bearers = createBearers({ app: whole, clock, inside, links, natives, client, secret })
  const webhooks = createWebhooks({
    app,
    clock,
    log,
    keyring,
    inside,
    natives,
    bearers,
    hooks: drawer('webhook'),
    begun: drawer('begun'),
    open: signIn?.options.openWebhooks ?? [],
    // Whose they are nobody knows.
    learn: whole.allow === undefined && (signIn?.options.learnWebhooks ?? true),
    list: secret === undefined ? undefined : client.webhooks,
  })
  const gate = createGate({
    app: whole,
    bridge: secret === undefined ? undefined : bridge,
    bearers,
    webhooks,
    inside,
    pages,
    ...createTokenRules({
      app,
      ownClient: `${whole.origin}/`,
      signsIn: secret !== undefined,
      screenAdmin: rules.screenAdmin,
      inside,
      bridge,
      natives,
      client,
      sessions,
      log,
    }),
    socket: createSocketRule(inside, bearers),
  })
  return {
    gate,
    leave: ({ secret: refreshToken }) => client.revoke(refreshToken),
    ...(secret !== undefined && {
      people,
      // Where the app is for some, none of them passes.
      ...(whole.allow === undefined && { callers: webhooks.callers }),
      entry: createEntry({ app, links, rules, people }),
      consent: createConsent({ origin: whole.origin, bridge }),
    }),
    async close() {
      oneTime.close()
      await road.close()
    },
  }
}
