/** A person as the upstream provider knows them. `sub` means nothing without its issuer (OpenID Connect Core §2). */
export type Identity = {
  issuer: string
  sub: string
  /** What pages call them: `name`, else `preferred_username`, else the e-mail, else empty. */
  name: string
  /** Only when the provider says it is verified. */
  email?: string
  /** Undefined when the provider sent no groups claim at all. */
  groups?: string[]
}

/** The upstream OpenID provider, in our own words: no library type leaves this folder. */
export interface Provider {
  /** Starts an authorization request (RFC 6749 §4.1, RFC 7636, OpenID Connect Core §3.1). */
  authorizationRequest(ask: AuthorizationAsk): Promise<AuthorizationRequest>
  /**
   * Judges an authorization response and redeems its code. `callback` is the full URL that the browser came
   * back to. Never throws: a provider that is down or says no is an outcome.
   */
  authorizationResponse(callback: URL, sent: SentRequest): Promise<SignInOutcome>
}

/** What a sign-in has to fulfil beyond being one. */
export type AuthorizationAsk = {
  /** The person must have signed in at the provider at most this many seconds ago. */
  maxAgeSeconds?: number
  /** Asks the provider to show its own account choice ("Not you?"). */
  chooseAccount?: boolean
  /**
   * Has the person sign in again now (`prompt=login`, OpenID Connect Core §3.1.2.1): for providers that do not honour
   * `max_age` or do not say when somebody signed in.
   */
  signInAgain?: boolean
}

/** Where to send the browser, and what to keep until it comes back. */
export type AuthorizationRequest = { url: string; sent: SentRequest }

/** Kept by us between request and response; `codeVerifier` and `nonce` are secrets. */
export type SentRequest = {
  state: string
  nonce: string
  codeVerifier: string
  maxAgeSeconds?: number
  signInAgain?: true
}

/** What came of a sign-in. */
export type SignInOutcome =
  | SignedIn
  /** The provider sent the person back with an `error` (RFC 6749 §4.1.2.1). */
  | { kind: 'declined'; error: string }
  /** `detail` is for the log alone, never for a page; it holds no token and no code. */
  | { kind: 'failed'; reason: SignInFailure; detail: string }

/** `authTime`: when the person proved themselves, in ms since the epoch; undefined when the provider did not say. */
export type SignedIn = { kind: 'identity'; identity: Identity; authTime?: number }

/** `unreachable`: try again later. `stale`: the provider did not honour `max_age`. `invalid`: a response that must not be believed. */
export type SignInFailure = 'unreachable' | 'stale' | 'invalid'
