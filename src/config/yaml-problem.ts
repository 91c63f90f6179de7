import { YAMLError } from 'yaml'
import type { Place } from './place.ts'
import type { Problem } from './problem.ts'

const MAX_PROBLEMS = 10

/** What to say about each error code of the YAML parser; its own words may quote the file. */
const words: Record<string, { message: string; hint?: string }> = {
  TAB_AS_INDENT: { message: 'is indented with a tab.', hint: 'YAML wants spaces: two for each level.' },
  BAD_INDENT: { message: 'has a list or map that is not closed or not indented as it should be.' },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'has a second ": " on one line, or a line that is indented further than the one above it.',
    hint: 'Quote a value that holds ": ", and put options of one level below each other.',
  },
  MULTILINE_IMPLICIT_KEY: { message: 'has a line without "option: value".' },
  MISSING_CHAR: { message: 'lacks a closing quote, a bracket, a colon or a comma about here.' },
  BAD_SCALAR_START: {
    message: 'has a value that starts with a character of the YAML language.',
    hint: 'Put the value in quotes.',
  },
  UNEXPECTED_TOKEN: {
    message: 'has something here that YAML does not expect.',
    hint: `Quote values with brackets or braces inside: "[::1]:8080", { key: "\${NAME}" }.`,
  },
  MULTIPLE_DOCS: { message: 'holds several YAML documents.', hint: 'Keep one; remove the "---" lines.' },
  NON_STRING_KEY: { message: 'has a list or a map where the name of an option belongs.' },
  TAG_RESOLVE_FAILED: { message: 'has a value that starts with "!", a YAML tag.', hint: 'Put the value in quotes.' },
  RESOURCE_EXHAUSTION: { message: 'is nested too deeply.' },
}

/** Errors of the YAML parser as problems of ours, without any part of the file in them. */
export function yamlProblems(errors: readonly unknown[], placeAt: (offset: number) => Place): Problem[] {
  const problems = new Map<number, Problem>()
  // One slip makes several errors. Tabs explain all others, and the first error of a line the rest of it.
  const tabs = errors.filter((error) => codeOf(error) === 'TAB_AS_INDENT')
  const exhausted = errors.find((error) => codeOf(error) === 'RESOURCE_EXHAUSTION')
  const telling = exhausted !== undefined ? [exhausted] : tabs.length > 0 ? tabs : errors
  for (const error of telling) {
    const problem = yamlProblem(error, placeAt)
    if (!problems.has(problem.line ?? 0)) problems.set(problem.line ?? 0, problem)
    if (problems.size === MAX_PROBLEMS) break
  }
  return [...problems.values()]
}

function yamlProblem(error: unknown, placeAt: (offset: number) => Place): Problem {
  if (error instanceof YAMLError) {
    const known = words[error.code] ?? { message: `is not valid YAML (${error.code}).` }
    return { path: '', ...placeAt(error.pos[0]), ...known }
  }
  if (error instanceof RangeError) return { path: '', message: 'is nested too deeply.' }
  const bomb = error instanceof ReferenceError
  if (!bomb) return { path: '', message: 'is not valid YAML.' }
  const message = 'uses YAML aliases (*name) that would expand to a huge document.'
  return { path: '', message, hint: 'Write the values out.' }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof YAMLError ? error.code : undefined
}
