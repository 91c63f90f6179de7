import { type Path, pathText } from './problem.ts'
import type { Report } from './report.ts'

/** What each of them gives up; the names of all options that weaken something begin like that. */
const meanings: Record<string, string> = {
  insecure_http: 'anybody on the network can read and take over what passes.',
}

/** The options named `insecure_…` that are on, by path; each is a warning too, because no start may pass over it. */
export function insecureOptions(draft: object, report: Report): string[] {
  return [...pathsIn(draft, [])].map((path) => {
    const meaning = meanings[String(path.at(-1))] ?? 'something that protects you is off.'
    report.warning(path, `is on: ${meaning}`)
    return pathText(path)
  })
}

function* pathsIn(node: object, path: Path): Generator<Path> {
  for (const [name, value] of Object.entries(node)) {
    if (name.startsWith('insecure_') && value === true) yield [...path, name]
    else if (value !== null && typeof value === 'object') yield* pathsIn(value, [...path, name])
  }
}
