/** What is known about a provider's product, and from where. Nothing here is believed without the operator naming it. */
export type Profile = {
  title: string
  /**
   * Whether its own page asks the person for every screen, also one who is signed in and knows this client. Only
   * `every time`, as seen on the running product, lets `auto` take its device grant.
   */
  asks: 'every time' | 'not every time' | 'not known' | 'has no device grant'
  /** What `asks` rests on. */
  evidence: string
  /** What its user codes look like, and whether its page wants the case as shown. */
  code: { shape: string; caseMatters: boolean }
  /** Usual seconds between polls, and what it does with somebody who is early. */
  interval: { seconds: number; early: string }
  /** Usual life of a code in seconds. */
  lifeSeconds: number
  /** How the client proves itself where the config says `auto`; undefined: as discovery advertises. */
  clientAuth?: 'basic' | 'post'
  groups: string
  /** Groups come without a scope of that name, which it may even refuse. */
  groupsWithoutScope?: true
  /** Whether `code_challenge` may go with its device authorization request. */
  pkce: boolean
  /** How many device authorization requests it takes from one address in an hour, where it counts. */
  startsPerHour?: number
  /** What else an operator may run into. */
  notes: readonly string[]
}

const table = {
  authelia: {
    title: 'Authelia',
    asks: 'every time',
    evidence:
      'run (source of August 2026): one press on "Accept" for each screen, also on a phone that is signed in; its source makes each code wait for a decision',
    code: { shape: '8 letters without vowels, no dash', caseMatters: true },
    interval: { seconds: 10, early: 'nothing, when run; its documents say slow_down' },
    lifeSeconds: 600,
    clientAuth: 'basic',
    groups: 'scope groups; from userinfo only',
    pkce: true,
    notes: [
      'the client must list the device_code grant; otherwise 400 with an empty object',
      'takes only the method that is registered for the client, client_secret_basic unless changed',
      'says no with 500 server_error, and keeps a code that has run out pending',
    ],
  },
  authentik: {
    title: 'authentik',
    asks: 'not known',
    evidence: 'not run; with an implicit-consent flow nothing is asked',
    code: { shape: '9 digits', caseMatters: false },
    interval: { seconds: 5, early: 'nothing' },
    lifeSeconds: 60,
    groups: 'in the profile scope',
    groupsWithoutScope: true,
    pkce: true,
    startsPerHour: 20,
    notes: [
      'the brand needs a device code flow, or its page is 404',
      'the life of a code is the "access code validity" of its provider: raise it from one minute',
    ],
  },
  dex: {
    title: 'Dex',
    asks: 'not every time',
    evidence: 'run: with sessions on, one "Submit" and no way to say no once consent is remembered',
    code: { shape: 'XXXX-XXXX without vowels', caseMatters: false },
    interval: { seconds: 5, early: 'slow_down, 5 s more each time' },
    lifeSeconds: 300,
    clientAuth: 'post',
    groups: 'scope groups',
    pkce: true,
    notes: [
      'answers 200 to every client, and fails on the phone where the secret is wrong',
      'the client needs the redirect URI <issuer path>/device/callback',
      'hands the tokens out again to whoever holds the device code',
    ],
  },
  entra: {
    title: 'Entra ID',
    asks: 'not known',
    evidence: 'not run; documents show one question after the code is typed',
    code: { shape: '9 letters and digits', caseMatters: false },
    interval: { seconds: 5, early: 'slow_down' },
    lifeSeconds: 900,
    groups: 'a groups claim, configured there',
    pkce: true,
    notes: [
      'needs "Allow public client flows" and client_auth: none; many tenants block the flow by policy',
      'says no with authorization_declined',
    ],
  },
  glewlwyd: {
    title: 'Glewlwyd',
    asks: 'not every time',
    evidence:
      'run (2.7): an address with the code, opened on a phone that is signed in, lets the screen in without a question',
    code: { shape: 'XXXX-XXXX of letters and digits, 0 and O among them', caseMatters: true },
    interval: { seconds: 5, early: 'slow_down' },
    lifeSeconds: 600,
    groups: 'a claim configured there',
    pkce: true,
    notes: ['its page wants the dash', 'answers access_denied where a code is used twice'],
  },
  google: {
    title: 'Google',
    asks: 'not known',
    evidence: 'not run',
    code: { shape: 'letters with a dash', caseMatters: false },
    interval: { seconds: 5, early: 'slow_down' },
    lifeSeconds: 1800,
    groups: 'none',
    pkce: false,
    notes: ['needs a client of the type "TVs and Limited Input devices"', 'anybody in the world has an account'],
  },
  hydra: {
    title: 'Ory Hydra',
    asks: 'not known',
    evidence: "the operator's own pages ask, or do not",
    code: { shape: '8 letters and digits, upper and lower case', caseMatters: true },
    interval: { seconds: 5, early: 'nothing' },
    lifeSeconds: 600,
    clientAuth: 'basic',
    groups: 'whatever the pages put there',
    pkce: true,
    notes: [
      'answers invalid_grant to a client that may not use the grant',
      'never tells of a no; a screen waits until its code has run out',
    ],
  },
  kanidm: {
    title: 'Kanidm',
    asks: 'has no device grant',
    evidence: 'its source builds one behind an unfinished switch',
    code: { shape: '', caseMatters: false },
    interval: { seconds: 5, early: '' },
    lifeSeconds: 300,
    groups: 'scope groups',
    pkce: true,
    notes: ['the browser flow demands PKCE with S256'],
  },
  keycloak: {
    title: 'Keycloak',
    asks: 'every time',
    evidence:
      'run (26.7): one press on "Yes" for each screen, also on a phone that is signed in and for a known client',
    code: { shape: 'XXXX-XXXX, O and I among them', caseMatters: false },
    interval: { seconds: 5, early: 'slow_down' },
    lifeSeconds: 600,
    groups: 'a group membership mapper; without "full path", or names begin with /',
    groupsWithoutScope: true,
    pkce: true,
    notes: [
      'the client needs the switch "OAuth 2.0 Device Authorization Grant"',
      'answers 401 unauthorized_client to a wrong secret',
      'refuses every sign-in that asks for a scope it does not have, such as groups: leave that one out',
      '"Not you?" has the person sign in again: it offers no choice of accounts',
      'ending the session of one screen would sign the phone out: Entryphone never does',
    ],
  },
  'oidc-provider': {
    title: 'oidc-provider',
    asks: 'every time',
    evidence: 'run (9.13): the code is shown for comparison and waits for a press, also on a phone that is signed in',
    code: { shape: 'XXXX-XXXX without vowels, unless configured', caseMatters: false },
    interval: { seconds: 5, early: 'nothing' },
    lifeSeconds: 600,
    groups: 'a claim configured there',
    pkce: true,
    notes: ['a page of your own in its place must ask as well'],
  },
  'pocket-id': {
    title: 'Pocket ID',
    asks: 'not every time',
    evidence: 'run: the page approves a known client as it loads, unless the client requires re-authentication',
    code: { shape: 'E and 7 letters and digits', caseMatters: false },
    interval: { seconds: 5, early: 'nothing' },
    lifeSeconds: 900,
    groups: 'scope groups',
    pkce: true,
    notes: [
      'never tells of a no; a screen waits until its code has run out',
      'leave its INTERNAL_APP_URL unset: it puts endpoints on that host, which must be https and in provider.endpoint_hosts; provider.internal_url does the same from here',
    ],
  },
  rauthy: {
    title: 'Rauthy',
    asks: 'not known',
    evidence: 'not run; its source asks after the code',
    code: { shape: '8 characters, upper and lower case', caseMatters: true },
    interval: { seconds: 5, early: 'slow_down; the third time it answers access_denied and forgets the code' },
    lifeSeconds: 300,
    clientAuth: 'post',
    groups: 'scope groups',
    pkce: true,
    notes: ['a no looks like a code that has run out', 'may limit the requests of one address'],
  },
  zitadel: {
    title: 'Zitadel',
    asks: 'not known',
    evidence: 'not run',
    code: { shape: 'XXXX-XXXX without vowels', caseMatters: false },
    interval: { seconds: 5, early: 'nothing' },
    lifeSeconds: 300,
    groups: 'roles, as a claim configured there',
    pkce: true,
    notes: ['may say access_denied where its own store fails'],
  },
} satisfies Record<string, Profile>

export type ProfileName = keyof typeof table

/** Every profile by the name that the config uses for it. */
export const profiles: Readonly<Record<ProfileName, Profile>> = table

/** The config's choice. */
export const profileNames = Object.keys(table) as ProfileName[]
