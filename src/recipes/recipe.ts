import type { Place } from '../lib/place.ts'
import type { Identity } from '../provider/provider.ts'
import type { ScreenKind } from '../screens/screen.ts'
import type { FoundSession } from '../sessions/sessions.ts'
import type { Head } from '../traffic/reading/head.ts'
import type { Target } from '../traffic/reading/target.ts'
import type { Link } from './links.ts'

/** What Entryphone knows of one app beyond its addresses. A recipe has the parts that its app needs, and no others. */
export type Recipe = {
  /** HOT: what is special about requests to the app. */
  gate?: RecipeGate
  /** COLD: how a browser with a session gets into the app. */
  entry?: RecipeEntry
  /** What goes on only when the person at the browser says yes. */
  consent?: RecipeConsent
  /** Who somebody is inside the app. */
  people?: RecipePeople
  /** Devices without a browser that ask to be let in. */
  knocks?: RecipeKnocks
  /** Callers that nobody here has let in. */
  callers?: RecipeCallers
  /** Ends at the app what a session holds there. Rejects while the app cannot do it; it is asked again later. */
  leave?(credential: Credential): Promise<void>
  /** Stops what it does by itself, and lets go of its connections. */
  close?(): Promise<void> | void
}

/** A request to the app, as a recipe sees it. */
export type Asked = {
  head: Head
  target: Target
  /** As sent: name, value, name, value … */
  fields: readonly string[]
  place: Place
  webSocket: boolean
  /** Whose cookie or native device's token came along; live, of this app, and of a person who may open it. */
  found: FoundSession | undefined
}

/** The hot half of a recipe: called for each request, so it answers at once and without promises where it can. */
export type RecipeGate = {
  /** What is special about a request, by exact method and path; undefined for nearly all. */
  ruleOf(asked: Asked): Rule | undefined
  /** The app's own credential that a request brings, wherever the app takes it; undefined: none. Never a cookie. */
  tokenOf(asked: Asked): string | undefined
  /** Whose it is. `asked.found` is what the cookie alone opens. A rejection is a fault and refuses the request. */
  holderOf(token: string, asked: Asked): Holder | Promise<Holder>
}

/** What an app's own credential opens. */
export type Holder =
  /** It says nothing: the cookie alone counts. */
  | { kind: 'nobody' }
  /** It must not reach the app, whatever the cookie says: another session's, or of one that has ended. */
  | { kind: 'refused'; why: string }
  /** Of a native device that somebody let in: counts as that device's session. */
  | { kind: 'device'; found: FoundSession }
  /**
   * The app vouches for it, and no session of ours stands behind it. `of` is who is linked to its user there: where the
   * operator says who may open the app it counts for nothing without somebody who may.
   */
  | { kind: 'app'; of?: Identity | undefined }

/**
 * What a recipe does with one method and path. Everything is optional; an empty rule changes nothing.
 * Bodies that are read are bounded to 64 kB each way.
 */
export type Rule = {
  /** Passes without a session, and then without the app's cookies; a handshake only where there is `socket` or `first`. */
  open?: boolean
  /** The path holds a secret, so the log gets it without its last segment. */
  hidesPath?: boolean
  /** `answer` and `observe` want the request's body. */
  readsBody?: boolean
  /** We answer instead of the app; undefined: it goes on. A rejection is answered as if the app were down. */
  answer?(asked: Asked, body: Buffer): Promise<OwnAnswer | undefined>
  /** The app's whole answer, before the client gets it; what is returned is sent instead. A rejection sends nothing of it. */
  observe?(asked: Asked, body: Buffer, seen: Seen): Promise<OwnAnswer | undefined>
  /** When the exchange is over, however it ended: for what would cut the answer off, as ending the session does. */
  after?(asked: Asked): void
  /** Of a WebSocket: the messages that we say and then close; undefined: it goes on to the app. */
  socket?(asked: Asked): Promise<readonly string[] | undefined>
  /**
   * Of a WebSocket that goes on to the app: whose the client's first message is, before the app gets it. Refused, `no` is
   * said instead, and both sides are closed.
   */
  first?: { holderOf(message: string, asked: Asked): Holder | Promise<Holder>; no: readonly string[] }
}

/** An app's answer that was held; `fields` as sent by it, `body` decoded. */
export type Seen = { status: number; fields: readonly string[]; body: Buffer }

/** An answer in the app's place. `headers` is flat; ours for caches and sniffers come on top. */
export type OwnAnswer = { status: number; type: string; body: string; headers?: readonly string[] }

/** How a browser that has a session gets into the app without a second sign-in. */
export type RecipeEntry = {
  /** Keys of the app's localStorage whose values `enter` wants to know. */
  reads: readonly string[]
  /** Called once for each press or visit of our page on the app's host, `/.entryphone/auth/enter`. */
  enter(found: FoundSession, read: Readonly<Record<string, string>>, place: Place): Promise<Entered>
}

/**
 * What our page does next: writes these into localStorage and goes to a path of the app, with the fragment that was asked
 * for, unless that begins as `leaves` says; or says why it cannot.
 */
export type Entered =
  | { write: Readonly<Record<string, string>>; go: string; leaves?: string }
  | { failed: EntryFailure }

/**
 * `not-linked`: nobody there is this person yet. `admin`: the account there administers the app, and this is a screen.
 * `disabled`: the account there is switched off. `app-down`: it cannot be asked now. `app-refuses`: our rights there do
 * not suffice; the log says which.
 */
export type EntryFailure = 'not-linked' | 'admin' | 'disabled' | 'app-down' | 'app-refuses'

/** A request that our page `/.entryphone/auth/confirm` asks the person about; a rule leads there (`RecipeParts.pages`). */
export type RecipeConsent = {
  /** Whether `target` is such a request. */
  asksFor(target: string): boolean
  /** Where the browser goes with a yes, to a site or an app; undefined where the app itself has to ask. */
  give(found: FoundSession, target: string, place: Place): Promise<string | undefined>
}

/** Somebody inside an app. */
export type AppUser = { id: string; name: string; admin: boolean; disabled: boolean }

/** The app's own list of people. Each rejects while the app cannot be asked. */
export type RecipePeople = {
  all(): Promise<AppUser[]>
  byId(id: string): Promise<AppUser | undefined>
  /** Exact, or as the app itself compares names. */
  byName(name: string): Promise<AppUser | undefined>
  /** Makes an ordinary user; another name is found where this one is taken. */
  create(name: string): Promise<AppUser>
  /** The ways in which somebody can prove, on the phone, who they are there. */
  proofs: readonly ProofKind[]
  /**
   * Begins a proof by `code` where the app takes one: the digits are approved in an app in which they are signed in, and
   * `handle` is shown to nobody else and goes back to `prove`, which shows nobody until then. `typedAt` is what the app
   * calls the place where they are typed.
   */
  begin?(): Promise<{ digits: string; handle: string; typedAt: string }>
  /**
   * Of a proof by `page`: the path of the app's own page, which leads back to the address `back` with `code` and `state`
   * in the query. The code goes to `prove`.
   */
  page?(back: string, state: string): string
  /** Who the proof shows; undefined when it shows nobody. `text` is what was typed or sent back. */
  prove(kind: ProofKind, text: Readonly<Record<string, string>>, place: Place): Promise<AppUser | undefined>
}

/** `password`: `{ name, password }`. `code`: `{ handle }` of what was begun. `page`: the app's own page. */
export type ProofKind = 'password' | 'code' | 'page'

/** Native apps' requests to be let in, as they wait. */
export type RecipeKnocks = {
  /** Those that wait, from places that are the same network as `place` for sure; at most three. */
  near(place: Place): Promise<Knock[]>
  /** The one that shows these digits, wherever it is. */
  byCode(code: string): Promise<Knock | undefined>
  /** Lets it in as the user of `link`, for `by`. */
  letIn(knock: Knock, link: Link, by: FoundSession): Promise<'let-in' | 'ended' | 'refused'>
  /** It waits for nobody any more, and its app is told as the app would tell it. */
  refuse(knock: Knock): Promise<void>
}

/** One native app that shows a code. */
export type Knock = {
  code: string
  /** As its owner calls it. */
  device: string
  kind: ScreenKind
  client: string
  place: Place
  askedAt: number
}

/**
 * Callers that know a secret address of the app and nothing else, and were there before the gate: they pass until somebody
 * who administers the app shuts them out.
 */
export type RecipeCallers = {
  /** Those that the app knows as well, last called first. Rejects while the app cannot be asked. */
  list(): Promise<Caller[]>
  /** Shuts one out, or lets it pass again; nothing happens where `ref` names none. */
  setShut(ref: string, shut: boolean): Promise<void>
}

/** One such caller. */
export type Caller = {
  /** Names it here, and opens nothing. */
  ref: string
  /** What the app calls it. */
  name: string
  /** How its address begins, to recognise it by: never enough to call it. */
  start: string
  /** Of what was noted last: not every call is. */
  called: { at: number; place: Place }
  shut: boolean
}

/** What a session holds inside an app: kept sealed, revoked at the app when the session is over. */
export type Credential = {
  /** What the app takes to end it. */
  secret: string
  /** The app's id of the device or of the token, where it goes by that. */
  id?: string
  /** Whose it is there. On a screen or a native device it is taken back when this user comes to administer the app. */
  userId?: string
}
