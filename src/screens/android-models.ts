import { boxNames, handheldNames, notTelevisions, tvBuild, tvGuesses, tvWords } from './android-model-rules.ts'
import { firstAnswer } from './rules.ts'
import type { Screen } from './screen.ts'

/**
 * The model in an Android user agent: between `Android n;` and `Build/`, `; wv` or the end of the comment, without
 * the language that old browsers put before it. Undefined when there is none, or when it is frozen to "K".
 */
function androidModel(userAgent: string): string | undefined {
  const start = /Andr[o0]id[^;)]{0,40};/.exec(userAgent)
  if (start === null) return undefined
  const rest = userAgent.slice(start.index + start[0].length)
  const end = rest.search(/ ?Build\/|; wv|\) |\)$/)
  const comment = end < 0 ? rest : rest.slice(0, end)
  const model = comment.replace(/^ ?(?:U; ?)?(?:(?:xx|[a-z]{2}(?:[-_][A-Za-z]{0,4})?); ?)?/, '').trim()
  return model === '' || model === 'K' ? undefined : model
}

/**
 * What the words of a model say. Only words that people read ("TV", "Box", "Retroid"), never lists of model codes:
 * those change every month, and the page's own probe finds what they would.
 */
export function fromModelWords(model: string): Screen | undefined {
  const spoken = model.replaceAll('_', ' ')
  const handheld = firstAnswer([handheldNames], spoken)
  if (handheld !== undefined) return handheld
  if (notTelevisions.some((pattern) => pattern.test(spoken))) return undefined
  return firstAnswer([tvWords, boxNames, tvGuesses], spoken)
}

/** What an Android user agent says by its build number and the words of its model; undefined for all others. */
export function fromAndroid(userAgent: string): Screen | undefined {
  const model = androidModel(userAgent)
  return (model === undefined ? undefined : fromModelWords(model)) ?? firstAnswer([tvBuild], userAgent)
}
