import { foldCase } from '../lib/fold-case.ts'
import type { Identity } from '../provider/provider.ts'

/**
 * Who may open an app. Undefined: everybody at this issuer. An empty object: nobody. Within one list any match
 * is enough; with several lists any of them is enough.
 */
export type Allow = { groups?: readonly string[]; emails?: readonly string[]; subjects?: readonly string[] }

/** Whether somebody may, and why not. */
export type Verdict =
  | { allowed: true }
  /** `no-groups-claim`: the rule asks for groups and the provider sent none; the log says what to add. */
  | { allowed: false; reason: 'not-listed' | 'no-groups-claim' }

/**
 * Judges `person` by `allow`; undefined is somebody whom nobody here knows, for whom only an app without a rule is. Exact,
 * case-sensitive for groups and subjects; e-mails are verified ones, any case.
 */
export function judge(allow: Allow | undefined, person: Identity | undefined): Verdict {
  if (allow === undefined) return { allowed: true }
  // SECURITY: whoever the operator leaves out may be somebody in the app all the same. Test: where an app is for some, what it vouches for counts for nothing, unless it is one of them
  if (person === undefined) return { allowed: false, reason: 'not-listed' }
  if (allow.subjects?.includes(person.sub)) return { allowed: true }
  const email = person.email && foldCase(person.email)
  if (email && allow.emails?.some((entry) => foldCase(entry) === email)) return { allowed: true }
  if (allow.groups === undefined || allow.groups.length === 0) return { allowed: false, reason: 'not-listed' }
  if (person.groups === undefined) return { allowed: false, reason: 'no-groups-claim' }
  const groups = person.groups
  return allow.groups.some((group) => groups.includes(group))
    ? { allowed: true }
    : { allowed: false, reason: 'not-listed' }
}
