import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { effectiveConfig, effectiveYaml } from '../../src/config/effective.ts'
import { loadConfig } from '../../src/config/load.ts'
import { compileWorld } from '../../src/world.ts'
import { complaints, goodConfig, goodEnv, writeConfig } from '../support/config-file.ts'

const KEY = '0123456789abcdef0123456789abcdef'
const beside = { key: `${KEY}\n`, empty: ' \n', bearer: `Bearer ${KEY}` }
const env = { ...goodEnv, APP_KEY: KEY }

const withRecipe = (recipe: string, ...lines: string[]) =>
  `${[goodConfig.trimEnd(), `    recipe: ${recipe}`, ...lines.map((line) => `    ${line}`)].join('\n')}\n`

async function load(text: string) {
  const loaded = loadConfig(await writeConfig(text, beside), env)
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems))
  return loaded
}

test('one line signs people in inside an app', async () => {
  const { config, warnings } = await load(withRecipe('jellyfin', 'sign_in: { api_key_file: key }'))
  expect(warnings).toEqual([])
  expect(compileWorld(config).recipes.get('jellyfin')).toEqual({
    kind: 'jellyfin',
    signIn: {
      secret: KEY,
      rules: { users: {}, createUsers: false, screenAdmin: false },
      options: { passwordSignIn: false, imagesByAddress: false, openWebhooks: [], learnWebhooks: false },
    },
  })
})

test('everything that can be said of signing in reaches the recipe', async () => {
  const { config } = await load(
    withRecipe(
      'home-assistant',
      `sign_in: { token: "\${APP_KEY}", users: { Anna@Home.Example: Anna, 8f14e45f-ceea: 4b1c }, create_users: true, screen_admin: true }`,
      'open_webhooks: [doorbell-7f3k2m9q4x1c]',
    ),
  )
  expect(compileWorld(config).recipes.get('jellyfin')).toEqual({
    kind: 'home-assistant',
    signIn: {
      secret: KEY,
      rules: { users: { 'Anna@Home.Example': 'Anna', '8f14e45f-ceea': '4b1c' }, createUsers: true, screenAdmin: true },
      options: {
        passwordSignIn: false,
        imagesByAddress: false,
        openWebhooks: ['doorbell-7f3k2m9q4x1c'],
        learnWebhooks: true,
      },
    },
  })
  expect(effectiveConfig(config)).toMatchObject({
    apps: {
      jellyfin: { sign_in: { token: '[secret]', users: { 'Anna@Home.Example': 'Anna', '8f14e45f-ceea': '4b1c' } } },
    },
  })
})

test('a recipe without sign_in keeps its own options, and holds no secret', async () => {
  const { config } = await load(withRecipe('jellyfin', 'password_sign_in: true', 'images_by_address: true'))
  expect(compileWorld(config).recipes.get('jellyfin')).toMatchObject({
    signIn: { secret: undefined, options: { passwordSignIn: true, imagesByAddress: true } },
  })
  expect(effectiveConfig(config)['apps']).not.toHaveProperty('jellyfin.open_webhooks')
})

test('a rule for who may open an app, where nobody is linked, brings a warning', async () => {
  const allow = 'allow: { emails: [anna@home.example] }'
  const warn = async (recipe: string, ...lines: string[]) => (await load(withRecipe(recipe, ...lines))).warnings
  for (const [recipe, secret] of [
    ['jellyfin', 'api_key_file'],
    ['home-assistant', 'token_file'],
  ] as const) {
    expect(await warn(recipe, allow)).toMatchObject([
      {
        path: 'apps.jellyfin.allow',
        line: expect.any(Number),
        message: expect.stringMatching(/^keeps .* out: /),
        hint: expect.stringContaining('sign_in'),
      },
    ])
    expect(await warn(recipe)).toEqual([])
    expect(await warn(recipe, allow, `sign_in: { ${secret}: key }`)).toEqual([])
  }
  expect(await warn('generic', allow)).toEqual([])
})

test("an app's secret shows itself to nobody, and is nothing that the forwarder knows", async () => {
  const { config } = await load(withRecipe('jellyfin', 'sign_in: { api_key_file: key }'))
  for (const print of [
    inspect(config, { depth: 9, showHidden: true }),
    JSON.stringify(config),
    effectiveYaml(config),
  ]) {
    expect(print).toContain('[secret]')
    expect(print).not.toContain(KEY)
  }
  expect(inspect(compileWorld(config).apps, { depth: 9 })).not.toContain(KEY)
})

/** The recipe, the lines below it, and how the one problem begins. */
type Case = [title: string, recipe: string, line: string, says: string]

test.each([
  [
    'sign_in where nothing is known of the app',
    'generic',
    'sign_in: { api_key_file: key }',
    '11:5: apps.jellyfin.sign_in has no use with recipe: generic.\n    Name the recipe of the app, jellyfin or home-assistant',
  ],
  [
    'a token for an app that takes a key',
    'jellyfin',
    'sign_in: { token_file: key }',
    '11:16: apps.jellyfin.sign_in.token_file has no use with recipe: jellyfin.\n    It takes api_key_file: FILE. Make a key',
  ],
  [
    'a key for an app that takes a token',
    'home-assistant',
    'sign_in: { api_key_file: key, token_file: key }',
    '11:16: apps.jellyfin.sign_in.api_key_file has no use with recipe: home-assistant.',
  ],
  [
    'sign_in without a key',
    'jellyfin',
    'sign_in: { create_users: true }',
    '11:5: apps.jellyfin.sign_in has no api_key_file.\n    Make a key in Jellyfin',
  ],
  [
    'a key in both places',
    'jellyfin',
    `sign_in: { api_key_file: key, api_key: "\${APP_KEY}" }`,
    '11:35: apps.jellyfin.sign_in.api_key is given together with api_key_file.',
  ],
  [
    'a key written out',
    'jellyfin',
    `sign_in: { api_key: ${KEY} }`,
    '11:25: apps.jellyfin.sign_in.api_key is written out.\n    Put it into a file and name that with api_key_file',
  ],
  [
    'a file that is not there',
    'home-assistant',
    'sign_in: { token_file: nowhere }',
    '11:28: apps.jellyfin.sign_in.token_file names "nowhere", which does not exist.',
  ],
  [
    'an empty file',
    'jellyfin',
    'sign_in: { api_key_file: empty }',
    '11:30: apps.jellyfin.sign_in.api_key_file names "empty", which is empty.',
  ],
  [
    'a whole header instead of the token',
    'home-assistant',
    'sign_in: { token_file: bearer }',
    '11:28: apps.jellyfin.sign_in.token_file holds characters that none has.',
  ],
  [
    'somebody by name',
    'jellyfin',
    'sign_in: { api_key_file: key, users: { Anna Berg: Anna } }',
    '11:44: apps.jellyfin.sign_in.users.Anna Berg is neither an e-mail address nor a sub.',
  ],
  [
    'everybody of a domain',
    'jellyfin',
    'sign_in: { api_key_file: key, users: { "*@home.example": Anna } }',
    '11:44: apps.jellyfin.sign_in.users.*@home.example is neither an e-mail address nor a sub.',
  ],
  [
    'somebody twice',
    'jellyfin',
    'sign_in: { api_key_file: key, users: { a@b.example: Anna, A@b.example: Ben } }',
    '11:63: apps.jellyfin.sign_in.users.A@b.example is the address of',
  ],
  [
    'somebody who is nobody',
    'jellyfin',
    'sign_in: { api_key_file: key, users: { a@b.example: "" } }',
    '11:57: apps.jellyfin.sign_in.users.a@b.example is empty.',
  ],
  [
    'people in a list',
    'jellyfin',
    'sign_in: { api_key_file: key, users: [a@b.example] }',
    '11:42: apps.jellyfin.sign_in.users must be a map of names, not a list.\n    Write each as a person',
  ],
  [
    'an option of another app',
    'jellyfin',
    'open_webhooks: [doorbell-7f3k2m9q4x1c]',
    '11:5: apps.jellyfin.open_webhooks has no use with recipe: jellyfin.\n    Only home-assistant knows it.',
  ],
  [
    'the address of a webhook',
    'home-assistant',
    'open_webhooks: [/api/webhook/doorbell-7f3k2m9q4x1c]',
    '11:21: apps.jellyfin.open_webhooks[0] is not the id of a webhook.\n    Write only what follows /api/webhook/.',
  ],
  [
    'a recipe that is not there, and nothing on top of it',
    'jellyfish',
    'sign_in: { api_key_file: key }',
    '10:13: apps.jellyfin.recipe cannot be "jellyfish".\n    Did you mean jellyfin?',
  ],
] satisfies Case[])('%s: one problem, at its place, with what to do', async (_title, recipe, line, says) => {
  const { problems } = await complaints(withRecipe(recipe, line), env, beside)
  expect(problems.map((text) => text.slice(0, says.length))).toEqual([says])
  expect(problems.join()).not.toContain(KEY)
})

test('the id of a webhook that can be guessed brings a warning', async () => {
  const { problems, warnings } = await complaints(withRecipe('home-assistant', 'open_webhooks: [doorbell]'), env)
  expect(problems).toEqual([])
  expect(warnings).toEqual([expect.stringContaining('open_webhooks[0] is short enough to be guessed.')])
})

test('a key that would cross the internet in the clear brings a warning', async () => {
  const signedIn = withRecipe('jellyfin', 'sign_in: { api_key_file: key }')
  const at = async (upstream: string) =>
    (await complaints(signedIn.replace('http://jellyfin:8096', upstream), env, beside)).warnings
  expect(await at('http://jellyfin.away.example')).toEqual([
    expect.stringContaining('apps.jellyfin.upstream is plain http, and the key in sign_in goes there'),
  ])
  for (const fine of [
    'http://10.0.0.2:8096',
    'https://jellyfin.away.example',
    'http://jellyfin.media.svc.cluster.local',
  ])
    expect(await at(fine)).toEqual([])
})
