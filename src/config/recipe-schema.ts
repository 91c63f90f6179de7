import { Type } from 'typebox'
import { recipeNames } from './recipes.ts'
import { section, text } from './schema-parts.ts'

const flag = (description: string, fallback: boolean) => Type.Optional(Type.Boolean({ description, default: fallback }))

const secret = (description: string, example: string) => Type.Optional(text({ description, examples: [example] }))

/** What Entryphone knows of an app beyond its addresses. */
export const recipeOptions = {
  recipe: Type.Optional(
    Type.Enum(recipeNames, {
      description:
        'What Entryphone knows about the app. `generic` suits every app. `jellyfin` and `home-assistant` let its native ' +
        'apps in, notice who signs out inside, and with `sign_in` sign people in there as themselves.',
      default: 'generic',
    }),
  ),
  sign_in: Type.Optional(
    section(
      "Signs people in inside the app as well, after one scan. Without it they meet the app's own sign-in behind the gate, " +
        'and where `allow` says who may open the app, tokens of its own open nothing without a session.',
      {
        api_key_file: secret(
          'For `jellyfin`: file that holds an API key (Dashboard, API Keys). It is worth all of Jellyfin. White space ' +
            'around it is dropped. Relative to the config file.',
          '/run/secrets/jellyfin',
        ),
        api_key: secret(
          'The same from a variable, instead of a file. A key written out here is an error.',
          `\${JELLYFIN_API_KEY}`,
        ),
        token_file: secret(
          'For `home-assistant`: file that holds a long-lived access token of an administrator; best of a user of its own ' +
            'with "local access only". It is worth all of Home Assistant. White space around it is dropped. Relative to ' +
            'the config file.',
          '/run/secrets/home_assistant',
        ),
        token: secret(
          'The same from a variable, instead of a file. A token written out here is an error.',
          `\${HOME_ASSISTANT_TOKEN}`,
        ),
        users: Type.Optional(
          Type.Record(Type.String(), text(), {
            description:
              'Who is who inside: from an e-mail address that the provider has verified (in any letter case), or a ' +
              "`sub` without an `@`, to the id or the name of the app's user. A name is looked up once, and what it meant then stays, as long as the line does. " +
              'Everybody else says it once on their phone, at the door.',
            default: {},
            examples: [{ 'anna@home.example': 'Anna' }],
          }),
        ),
        create_users: flag('Makes a new ordinary user in the app for whoever is nobody there yet.', false),
        screen_admin: flag(
          'Whether screens may get accounts that administer the app. Whoever stands before such a screen can change it.',
          false,
        ),
      },
    ),
  ),
  password_sign_in: flag(
    'For `jellyfin`: native apps may also sign in by name and password, which everybody who reaches the gate can try.',
    false,
  ),
  images_by_address: flag(
    'For `jellyfin`: pictures without a token pass for some minutes where a native app has just come from with one.',
    false,
  ),
  open_webhooks: Type.Optional(
    Type.Array(text(), {
      description:
        'For `home-assistant`: ids of webhooks that anybody who knows them may call, as automations and sensors do: ' +
        'what follows `/api/webhook/`. Those of companion apps that register through the gate are found by themselves.',
      default: [],
      examples: [['doorbell-7f3k2m9q4x1c']],
    }),
  ),
  learn_webhooks: flag(
    'For `home-assistant`: webhooks of before that are called in the first seven days pass from then on. None where ' +
      '`allow` says who may open the app.',
    true,
  ),
}
