import type { Allow } from '../sessions/allow.ts'
import type { CookieNames } from '../sessions/cookies.ts'

/** A protected app, compiled once from the config. */
export type App = {
  /** Its key in the config. */
  name: string
  /** What people call it. */
  title: string
  /** Lower case host, with `:port` unless it is the scheme's default one. */
  authority: string
  /** `https://jellyfin.home.example`, as browsers write it in `Origin`. */
  origin: string
  /** Scheme, host and port; never a path. */
  upstream: URL
  upstreamTls: UpstreamTls | undefined
  allow: Allow | undefined
  /** Foreign origins whose preflights and reads pass; `*` is allowed. Lower case. */
  cors: readonly string[]
  /** Foreign origins that may open WebSockets and send unsafe methods. Lower case. */
  trustedOrigins: readonly string[]
  /** Further request header names that pass, lower case; a trailing `*` is a prefix. */
  requestHeaders: readonly string[]
  cookies: CookieNames
}

/** Whom to believe at an https upstream, instead of the authorities that this machine knows and the name in `upstream`. */
export type UpstreamTls = {
  /** Certificates of the authorities that may have signed it, PEM. */
  ca: string | undefined
  /** The name that is asked for, and that the certificate must hold. */
  serverName: string | undefined
  /** SHA-256 of the only certificates that are taken, as `AB:CD:…`; nothing else of them is verified then. */
  fingerprints: readonly string[] | undefined
}
