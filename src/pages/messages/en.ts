import type { ScreenKind } from '../../screens/screen.ts'
import type { ActionLabel } from '../message-view.ts'
import { inside } from './en-inside.ts'
import { knocks } from './en-knocks.ts'
import { notices } from './en-notices.ts'

const articles = {
  this: 'this',
  This: 'This',
  thisAcc: 'this',
  ThisAcc: 'This',
  thisDat: 'this',
  the: 'the',
  The: 'The',
  it: 'it',
}

/**
 * The words of every page, in English; the other languages are shaped after this table. `{app}`, `{host}`, `{person}` …
 * are filled in; `{this}` is "this TV", "this car" … by the kind of device. Short, warm, and free of our trade's words.
 */
export const en = {
  dir: 'ltr',

  screen: {
    title: 'Open {app} with your phone',
    heading: 'Open {app}',
    headingThen: 'with your phone',
    steps: {
      scan: 'Point your phone’s camera at the code',
      tap: 'Tap the link that appears',
      yes: 'Tap “Yes, let it in”',
      yesThere: 'Sign in there and say yes',
    },
    noCamera: 'No camera? Go to {host} and type',
    elsewhere: 'Sign in on {thisDat} instead',
    qrAlt: 'QR code. Or go to {host} and type {code}',
    waiting: 'Waiting for your phone',
    opened: 'Phone connected. Go on there.',
    openedTitle: 'Phone connected: {app}',
    going: 'Opening {app}',
    lost: 'No connection. Trying again.',
    stop: 'Stop checking',
    check: 'Check now',
  },
  screenEnd: {
    denied: {
      title: 'The phone said no',
      text: '{app} stays closed on {thisDat}. Was that a mistake? Then try again.',
      again: 'Try again',
    },
    expired: {
      title: 'Still there?',
      text: 'Press OK and {the} shows a new code for {app}.',
      again: 'Show a new code',
    },
    'cookies-blocked': {
      title: '{The} forgets us',
      text: 'Its browser blocks cookies, and without them it cannot open {app}. Allow cookies in its settings, then try again.',
      again: 'Try again',
    },
    unknown: {
      title: 'Let’s start afresh',
      text: 'This page is from earlier. One press and {the} shows a new code for {app}.',
      again: 'Show a new code',
    },
  },
  webview: {
    title: 'Open {app}',
    heading: 'Sign in to {app} in your browser',
    text: 'Your browser knows you. Let the app in there, then come back here.',
    open: 'Open in your browser',
    elsewhere: 'Sign in here instead',
    same: 'Your browser shows the same letters',
    waiting: 'Waiting for your browser',
    opened: 'Go on in your browser',
  },

  choice: {
    title: 'Open {app}',
    heading: 'How do you want to open {app}?',
    byPhone: 'With my phone',
    byPhoneHint: 'Scan a code. Nothing to type.',
    here: 'On this screen',
    hereHint: 'Sign in with the keyboard.',
  },

  approve: {
    title: 'Let {this} in?',
    heading: 'Let {thisAcc} in?',
    wants: 'wants to open {app}',
    asked: 'Asked',
    where: 'Where',
    network: { same: 'Same network as you', different: 'Another network than yours', unknown: 'Cannot tell' },
    sameLetters: '{The} shows the same letters',
    howLong: 'For how long?',
    stay: { tonight: 'Tonight', ours: 'It’s ours', until: 'Until …' },
    stayHint: { tonight: '12 hours', ours: 'until signed out', until: 'a day' },
    untilDay: 'Until the end of',
    warning: 'Say yes only if {this} is in front of you and you started this.',
    inFront: '{This} is on another network. It is in front of me.',
    no: 'No, stop',
    yes: 'Yes, let it in',
    signIn: 'Sign in to let {thisAcc} in',
    signInHint: 'You have the last word after that.',
    upstream: {
      go: 'Go on at {host}',
      type: 'Type the letters there.',
      comeBack: 'Then come back to this page for one more yes.',
      silent: '{host} cannot be asked right now.',
      here: 'Approve here instead',
    },
    ignore: 'Not yours? Just close this page. Nothing happens.',
    youAre: 'You are {person}',
    signedIn: 'You are signed in',
    notYou: 'Not you?',
  },

  me: {
    title: 'My screens',
    heading: 'My screens',
    letIn: 'Let a screen in',
    screens: 'Screens',
    browsers: 'Phones and computers',
    empty: 'No screen is in yet',
    emptyText: 'Open an app on a TV, a console or a car. Scan the code it shows with this phone’s camera.',
    onNow: 'On now',
    lastSeen: 'Last seen {when}',
    since: 'since {when}',
    here: 'This device',
    until: { tonight: 'ends {when}', ours: 'until signed out', date: 'until {when}', browser: 'until {when}' },
    signOut: 'Sign out',
    signOutName: 'Sign out {device}',
    everything: 'Sign out everything',
    everythingText: 'Every screen, phone and computer of yours is signed out at once. Only this list stays open.',
    everythingYes: 'Yes, all of them',
    signOutHere: 'Sign out here',
  },

  inside,
  knocks,

  codeEntry: {
    title: 'Type the code',
    heading: 'Which code is on the screen?',
    label: 'The eight letters or six digits on the screen',
    hint: 'Capital or small, with or without the dash or the space.',
    wrong: 'No screen shows this code now. Look again: codes change every few minutes.',
    go: 'Go on',
  },

  challenge: {
    title: 'One moment',
    heading: 'One moment',
    text: 'You are not signed in to {app} here. The way in opens by itself.',
    go: 'Go on',
  },

  actions: {
    'try-again': 'Try again',
    'my-screens': 'My screens',
    'open-app': 'Open {app}',
    'enter-code': 'Type a code',
    'sign-in': 'Sign in',
    'sign-out': 'Sign out',
    'use-phone': 'Use my phone instead',
    'other-account': 'Use another account',
    back: 'Back',
    'open-as-it-is': 'Open {app} anyway',
    'sign-in-again': 'Sign in again',
    'yes-let-it-in': 'Yes, let it in',
    'link-app': 'Say who I am in {app}',
    'choose-account': 'Choose an account',
  } satisfies Record<ActionLabel, string>,

  enter: {
    title: 'Into {app}',
    heading: 'Into {app} …',
    text: 'One moment.',
    noScript: '{app} needs JavaScript, which is off in this browser.',
  },

  /** Stand-ins for what a message was not told. */
  somebody: { app: 'the app', person: 'somebody without a name', host: 'this address' },

  messages: notices,

  kinds: {
    tv: { noun: 'TV', gender: 'n' },
    console: { noun: 'console', gender: 'n' },
    car: { noun: 'car', gender: 'n' },
    ereader: { noun: 'e-reader', gender: 'n' },
    headset: { noun: 'headset', gender: 'n' },
    watch: { noun: 'watch', gender: 'n' },
    'smart-display': { noun: 'display', gender: 'n' },
    signage: { noun: 'screen', gender: 'n' },
    phone: { noun: 'phone', gender: 'n' },
    tablet: { noun: 'tablet', gender: 'n' },
    desktop: { noun: 'computer', gender: 'n' },
    app: { noun: 'app', gender: 'n' },
    bot: { noun: 'device', gender: 'n' },
    unknown: { noun: 'screen', gender: 'n' },
  } satisfies Record<ScreenKind, { noun: string; gender: 'm' | 'f' | 'n' }>,
  articles: { m: articles, f: articles, n: articles },
} as const
