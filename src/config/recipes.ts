/**
 * The recipes that a config may name, and which options are whose. Outside of a recipe's own folder and of
 * `recipes/registry.ts`, this file and `recipe-schema.ts` alone know their names.
 */
export const recipes = {
  generic: { secret: undefined, how: '', strangers: '', own: [] },
  jellyfin: {
    secret: 'api_key',
    how: 'Make a key in Jellyfin (Dashboard, API Keys), and put it into a file that only you can read.',
    strangers: 'native apps',
    own: ['password_sign_in', 'images_by_address'],
  },
  'home-assistant': {
    secret: 'token',
    how:
      'In Home Assistant make a user "Entryphone", an administrator with local access only, and as that user a ' +
      'long-lived access token (profile, Security). Put it into a file that only you can read.',
    strangers: 'scripts with a token, and apps that have not signed in through here,',
    own: ['open_webhooks', 'learn_webhooks'],
  },
} as const satisfies Record<string, RecipeOptions>

export type RecipeName = keyof typeof recipes

/** Options of an app that only some recipe knows. */
export type OwnOption = 'password_sign_in' | 'images_by_address' | 'open_webhooks' | 'learn_webhooks'

/** What a recipe wants of the config. */
type RecipeOptions = {
  /** What opens the app for Entryphone, and with `_file` at the end the option that names its file. */
  secret: 'api_key' | 'token' | undefined
  /** Where the operator gets it. */
  how: string
  /** Who comes with a credential of the app's own, and is known by `sign_in` alone. */
  strangers: string
  own: readonly OwnOption[]
}

export const recipeNames = Object.keys(recipes) as RecipeName[]

/** The recipes that sign people in, for sentences: "jellyfin or home-assistant". */
export const signingIn = recipeNames.filter((name) => recipes[name].secret !== undefined).join(' or ')
