/** Somebody who can sign in at the demo provider, with one button. */
export type DemoPerson = {
  /** Becomes `sub`. */
  id: string
  name: string
  email: string
  emailVerified?: boolean
  /** Without it the provider sends no groups claim at all. */
  groups?: readonly string[]
}

/** A relying party that the demo provider knows. Read afresh for each request, so a test may change it. */
export type DemoClient = { id: string; secret: string; name: string; redirectUris: readonly string[] }

/** The household of the demo. The first one is offered first. */
export const household: readonly DemoPerson[] = [
  { id: 'robin', name: 'Robin', email: 'robin@home.example', emailVerified: true, groups: ['family', 'admins'] },
  { id: 'sam', name: 'Sam', email: 'sam@home.example', emailVerified: true, groups: ['family'] },
]
