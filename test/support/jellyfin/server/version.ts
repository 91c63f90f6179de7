/** The lines of Jellyfin that people run, as far as a sign-in meets a difference. */
export type Version = '10.9' | '10.10' | '10.11' | '12.0'

export type Differences = {
  /** As the server names itself. */
  full: string
  /** How Quick Connect may be begun. */
  initiate: readonly ('GET' | 'POST')[]
  /** Tokens are also read from where Emby's clients put them. */
  legacyTokens: boolean
  /** `/emby` and `/mediabrowser` in front of a path mean nothing. */
  legacyPrefixes: boolean
}

const since109: Omit<Differences, 'full'> = {
  // Quick Connect, start: GET alone in 10.8, both in 10.9 to 10.11, POST alone in 12.0.
  initiate: ['GET', 'POST'],
  // Token places: the old ones are on by default up to 10.11, and forced off by 12.0's migration.
  legacyTokens: true,
  // Path traps: rewritten up to 10.11, gone in 12.0.
  legacyPrefixes: true,
}

export const differences: Record<Version, Differences> = {
  '10.9': { full: '10.9.11', ...since109 },
  '10.10': { full: '10.10.7', ...since109 },
  '10.11': { full: '10.11.11', ...since109 },
  '12.0': { full: '12.0.0', initiate: ['POST'], legacyTokens: false, legacyPrefixes: false },
}
