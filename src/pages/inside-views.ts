/** On the way into the app. `reads`: keys of its storage that are sent along. */
export type EnterView = { place: string; app: string; post: string; reads: readonly string[] }

/** Why that did not work; `asItIs` is where "Open it anyway" posts to, `doorHost` what to open on the phone. */
export type EnterFailedView = EnterView & {
  failed: 'not-linked' | 'admin' | 'disabled' | 'app-down' | 'app-refuses' | 'storage'
  doorHost: string
  person: string
  asItIs: string
}

/** Who somebody is inside an app. Forms post `token`; those of the ways also `use`: `own` or `screens`. */
export type AppView = {
  doorHost: string
  app: string
  token: string
  /** What the last press has come to. */
  note?: 'wrong' | 'code-over' | 'app-down' | 'taken' | 'admin' | 'disabled' | 'not-linked'
  account?: {
    name: string
    how: 'config' | 'proved' | 'created'
    at: number
    state: 'here' | 'gone' | 'disabled' | 'unknown'
    /** The operator says so, and it cannot be changed here. */
    fixed: boolean
    admin?: boolean
  }
  /** Of somebody who administers the app: what their screens get. */
  screens?: { kind: 'the-same' | 'none' } | { kind: 'own'; name: string }
  /** The app's accounts may be made here. */
  makes: boolean
  /** How an account there can be shown: a link to the app's own page, and two form targets. */
  ways: { page?: string; code?: string; password?: string }
  make: string
  unlink: string
  back: string
  /** Who calls the app without a sign-in. Each form posts `token`, `ref` and `decision`: `shut` or `open`. */
  callers?: { action: string; rows: CallerRow[] }
}

export type CallerRow = {
  ref: string
  /** What the app calls it, and how its secret address begins. */
  name: string
  start: string
  calledAt: number
  /** Whether it called from where this page is read. */
  network: 'same' | 'different' | 'unknown'
  shut: boolean
}

/** Digits of the app's own to type where one is signed in. `self`: this page, for reloads. */
export type AppCodeView = { doorHost: string; app: string; digits: string; typedAt: string; self: string; back: string }

/** "Are you Kim there?" Posts `token` and `shown`. */
export type AppConfirmView = {
  doorHost: string
  app: string
  name: string
  use: 'own' | 'screens'
  form: { action: string; token: string; shown: string }
  back: string
}
