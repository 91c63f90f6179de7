/** Whether a lower-case name is on a list. */
export type NameList = (name: string) => boolean

const plain = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

/**
 * Compiles names, some of them ending in `*` for the rest of a name. The rest is letters, digits and single dashes: an
 * odd spelling has to be listed as it is.
 */
export function nameList(entries: readonly string[]): NameList {
  const exact = new Set<string>()
  const prefixes: string[] = []
  for (const entry of entries) {
    if (entry.endsWith('*')) prefixes.push(entry.slice(0, -1))
    else exact.add(entry)
  }
  return (name) => exact.has(name) || (prefixes.some((prefix) => name.startsWith(prefix)) && plain.test(name))
}

/** A name as a careless reader takes it: case, `_` and `.` and doubled dashes make no difference (CGI, WSGI, PHP). */
export function foldName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}
