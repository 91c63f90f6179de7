import { createAppRoad } from '../app-road.ts'
import type { Credential, Recipe } from '../recipe.ts'
import type { RecipeKind, RecipeParts } from '../registry.ts'
import { checkJellyfin } from './check.ts'
import { createJellyfinClient, type JellyfinClient } from './client.ts'
import { createEntry } from './entry.ts'
import { createGate } from './gate.ts'
import { createHolders } from './holders.ts'
import { createWaiting } from './knocks.ts'
import { createKnocks } from './let-in.ts'
import { createNatives } from './natives.ts'
import { createPeople } from './people.ts'
import { createProofCodes } from './proof-codes.ts'
import { createTakeIn } from './taking-in.ts'
import { createVerdicts } from './verdicts.ts'

/**
 * Jellyfin, 10.9 to 12.0. Its packaged clients are scripts of no site at all; what they send needs a token, as nobody's
 * cookie counts there.
 */
export const jellyfin: RecipeKind = { cors: ['*'], create: createJellyfinRecipe, check: checkJellyfin }

/** The recipe of one Jellyfin. Without a key it has its gate, and people meet Jellyfin's own sign-in. */
function createJellyfinRecipe(parts: RecipeParts): Recipe {
  const { app, clock, keyring, log, inside, sessions, drawer, signIn } = parts
  const signsIn = signIn?.secret !== undefined
  const { rules = noRules, options = noOptions } = signIn ?? {}
  const road = createAppRoad(app)
  const client = createJellyfinClient(road, signIn?.secret, log)
  const proofs = createProofCodes({ app: app.name, clock, keyring, records: drawer('proof') })
  const people = createPeople({ client, keyring, app: app.name, proofs })
  const natives = createNatives({ ...parts, devices: drawer('device') })
  const waiting = createWaiting({
    app: app.name,
    clock,
    keyring,
    codes: drawer('knock'),
    networks: drawer('knocks-near'),
    refused: drawer('knock-refused'),
  })
  const judging = { app: app.name, inside, sessions, natives, signsIn, screenAdmin: rules.screenAdmin }
  const holders = createHolders({ ...judging, verdicts: createVerdicts(client, clock) })
  const takeIn = createTakeIn({ ...judging, client })
  return {
    gate: createGate({ app, clock, log, inside, sessions, options, signsIn, client, holders, waiting, proofs, takeIn }),
    leave: (credential) => leave(client, credential, signsIn),
    close: road.close,
    ...(signsIn && {
      entry: createEntry({ ...parts, rules, client, people }),
      people,
      knocks: createKnocks({ client, people, rules, waiting, natives }),
    }),
  }
}

/** Ends a token. That of a user who is switched off opens nothing, and would be back when they are. */
async function leave(client: JellyfinClient, { secret, id, userId }: Credential, signsIn: boolean): Promise<void> {
  if ((await client.logOut(secret)) || !signsIn || id === undefined || userId === undefined) return
  const user = await client.user(userId)
  if (user?.disabled === true) await client.removeDevice(id, userId)
}

const noRules = { users: {}, createUsers: false, screenAdmin: false }
const noOptions = { passwordSignIn: false, imagesByAddress: false, openWebhooks: [], learnWebhooks: false }
