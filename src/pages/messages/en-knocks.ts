import type { MessageKind } from '../message-view.ts'

/** Letting native apps in, in English. */
export const knocks = {
  near: 'Asking to come in',
  wantsNear: 'wants to open {app}. Asked {when}, in your network.',
  question: '{The} shows these digits, and you started this? Then let it in.',
  yesName: 'Yes, let {device} in',
  noName: 'No, stop {device}',
  client: 'App',
  sameDigits: '{The} shows the same digits',
  warning: 'Say yes only if {this} is in front of you, shows these digits, and you started this.',
  stillToDo: 'Still to do',
  owed: '{app} cannot be asked just now. It is signed out there as soon as {app} answers.',
} as const

/** What becomes of it. */
export const knockNotices = {
  'knock-ended': {
    title: 'These digits have run out',
    text: 'Have the app show new ones, and type those or look under My screens again.',
  },
  'knock-not-linked': {
    title: 'Who are you in {app}?',
    text: '{app} does not know you yet. Say once who you are there, then let {thisAcc} in.',
  },
  'knock-admin': {
    title: 'Not with that account',
    text: 'You look after {app}, and whoever holds {thisAcc} could change everything there. Pick an ordinary account for your screens first.',
  },
  'knock-disabled': {
    title: 'Switched off in {app}',
    text: 'Your account is switched off there. Ask the person who runs this.',
  },
  'knock-left': {
    title: 'You let nothing in',
    text: '{The} is in another network, so it goes on showing its digits. Say no with the box ticked to keep it out.',
  },
  'knock-refused': {
    title: '{app} did not let it in',
    text: 'Have {thisAcc} show new digits and try once more. If you read this again, tell the person who runs this.',
  },
} as const satisfies Partial<Record<MessageKind, { title: string; text: string }>>
