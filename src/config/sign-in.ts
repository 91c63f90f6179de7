import { foldCase } from '../lib/fold-case.ts'
import type { Context } from './context.ts'
import { type Path, pathText } from './problem.ts'
import { type RecipeName, recipes, signingIn } from './recipes.ts'
import type { Report } from './report.ts'
import type { Secret } from './secret.ts'
import { givenSecret, takeSecret } from './secret-option.ts'
import type { AppDraft } from './shape.ts'

/** How people are signed in inside an app. One of the two secrets is there, by the recipe. */
export type SignInConfig = {
  readonly apiKey: Secret | undefined
  readonly token: Secret | undefined
  /** From an e-mail address or a `sub` to an id or a name in the app. */
  readonly users: Readonly<Record<string, string>>
  readonly createUsers: boolean
  readonly screenAdmin: boolean
}

type SignInDraft = NonNullable<AppDraft['sign_in']>

/** What `sign_in` at `path` says, checked. Undefined without one, and, reported, where the recipe has no use for it. */
export function resolveSignIn(
  recipe: RecipeName,
  options: SignInDraft | undefined,
  path: Path,
  context: Context,
): SignInConfig | undefined {
  if (options === undefined) return undefined
  const { report } = context
  const { secret: name, how } = recipes[recipe]
  if (name === undefined) {
    const hint = `Name the recipe of the app, ${signingIn}, or remove it.`
    report.problemAtKey(path, `has no use with recipe: ${recipe}.`, hint)
    return undefined
  }
  const strangers = (['api_key', 'token'] as const)
    .filter((one) => one !== name)
    .flatMap((one) => givenSecret(path, one, context))
  for (const option of strangers) {
    report.problemAtKey(option, `has no use with recipe: ${recipe}.`, `It takes ${name}_file: FILE. ${how}`)
  }
  if (strangers.length === 0 && givenSecret(path, name, context).length === 0) {
    report.problemAtKey(path, `has no ${name}_file.`, how)
  }
  const secret = checkCharacters(takeSecret(path, name, options, context), path, name, context)
  return {
    apiKey: name === 'api_key' ? secret : undefined,
    token: name === 'token' ? secret : undefined,
    users: checkUsers(options.users ?? {}, [...path, 'users'], report),
    createUsers: options.create_users ?? false,
    screenAdmin: options.screen_admin ?? false,
  }
}

/** It goes into a header as it is. */
function checkCharacters(secret: Secret | undefined, path: Path, name: string, context: Context): Secret | undefined {
  if (secret === undefined || /^[\x21-\x7e]+$/.test(secret.reveal())) return secret
  const hint = 'Put in it alone: one word, without "Bearer" or quotes.'
  context.report.problem(givenSecret(path, name, context)[0] ?? path, 'holds characters that none has.', hint)
  return undefined
}

function checkUsers(users: { [person: string]: string | undefined }, path: Path, report: Report) {
  const seen = new Map<string, string>()
  for (const person of Object.keys(users)) {
    const at = [...path, person]
    const twin = person.includes('@') ? seen.get(foldCase(person)) : undefined
    seen.set(foldCase(person), person)
    if (twin !== undefined) {
      report.problemAtKey(at, `is the address of ${pathText([...path, twin])} in other letters.`, 'Keep one of them.')
    } else if (!isPerson(person)) {
      const hint = 'Whom it means must be certain, so there are no names and no wildcards.'
      report.problemAtKey(at, 'is neither an e-mail address nor a sub.', hint)
    }
  }
  return Object.fromEntries(
    Object.entries(users).flatMap(([person, user]) => (user === undefined ? [] : [[person, user]])),
  )
}

/** A `sub` is up to 255 characters of ASCII (OpenID Connect Core §2); addresses may hold others. */
function isPerson(text: string): boolean {
  return /^[^@\s*]+@[^@\s*]+$/.test(text) || /^[\x21-\x29\x2b-\x7e]{1,255}$/.test(text)
}
