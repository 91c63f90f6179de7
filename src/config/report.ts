import type { Fault } from './address.ts'
import type { ConfigDocument } from './document.ts'
import { type Path, type Problem, pathText, printable } from './problem.ts'

/** Gathers everything that is wrong, each at its place. A problem stops the start, a warning does not. */
export type Report = {
  problem(path: Path, message: string, hint?: string): void
  warning(path: Path, message: string, hint?: string): void
  /** As `problem`, at the name of the option instead of its value. */
  problemAtKey(path: Path, message: string, hint?: string): void
  /** A value as messages may show it: in quotes, and as the file has it where a variable was put in. */
  quote(path: Path, value: string): string
  /** The text at `path` as the file has it, where a variable was put in; undefined elsewhere. */
  original(path: Path): string | undefined
  /** Whether the file has something at `path`, fitting or not. */
  given(path: Path): boolean
  readonly problems: Problem[]
  readonly warnings: Problem[]
}

/** A report on `document`; `originals` holds the texts in which variables were replaced, by path. */
export function createReport(document: ConfigDocument, originals: ReadonlyMap<string, string>): Report {
  const problems: Problem[] = []
  const warnings: Problem[] = []
  const entry = (path: Path, place: object | undefined, message: string, hint?: string): Problem => ({
    path: pathText(path),
    ...place,
    message,
    ...(hint !== undefined && { hint }),
  })
  return {
    problems,
    warnings,
    problem: (path, message, hint) => problems.push(entry(path, document.valueAt(path), message, hint)),
    warning: (path, message, hint) => warnings.push(entry(path, document.valueAt(path), message, hint)),
    problemAtKey: (path, message, hint) => problems.push(entry(path, document.keyAt(path), message, hint)),
    original: (path) => originals.get(pathText(path)),
    given: (path) => document.has(path),
    quote: (path, value) => `"${printable(originals.get(pathText(path)) ?? value, 80)}"`,
  }
}

/** What `parse` makes of `text`. Undefined when there is none, or when it does not fit, which is reported at `path`. */
export function take<T extends object>(
  text: string | undefined,
  path: Path,
  parse: (text: string) => T | Fault,
  report: Report,
): T | undefined {
  const parsed = text === undefined ? undefined : parse(text)
  if (parsed === undefined || !('fault' in parsed)) return parsed
  report.problem(path, parsed.fault, parsed.hint)
  return undefined
}
