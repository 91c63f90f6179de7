import type { Context } from './context.ts'
import { readSecretFile } from './files.ts'
import type { Path } from './problem.ts'
import { createSecret, type Secret } from './secret.ts'

/** Which of `name` and `name_file` the file has in the section at `path`. */
export function givenSecret(path: Path, name: string, { report }: Pick<Context, 'report'>): Path[] {
  return [
    [...path, name],
    [...path, `${name}_file`],
  ].filter((option) => report.given(option))
}

/**
 * A secret that comes from the file that `name_file` names, or from the variable that `name` is. Undefined when neither
 * is given and, reported, when it cannot be had.
 */
export function takeSecret(
  path: Path,
  name: string,
  options: { [option: string]: unknown },
  context: Context,
): Secret | undefined {
  const { report } = context
  const inline = options[name]
  const file = options[`${name}_file`]
  if (givenSecret(path, name, context).length === 2) {
    report.problemAtKey([...path, name], `is given together with ${name}_file.`, 'Keep one of them.')
  } else if (typeof file === 'string') {
    return readSecretFile(file, [...path, `${name}_file`], context)
  } else if (typeof inline === 'string') {
    const original = report.original([...path, name])
    if (original !== undefined && /^\$\{\w+\}$/.test(original)) return createSecret(inline)
    const hint = `Put it into a file and name that with ${name}_file, or write ${name}: \${NAME} and set NAME.`
    report.problem([...path, name], 'is written out.', hint)
  }
  return undefined
}
