import type { MessageKind } from '../message-view.ts'
import { knockNotices } from './en-knocks.ts'

/** What a message page says, in English. */
export const notices = {
  approved: {
    title: 'Done. {The} opens {app}.',
    text: 'You can put your phone away. Whenever you like, sign {it} out under My screens.',
  },
  'approved-nobody': {
    title: 'Let in. One more step, once',
    text: 'Say who you are in {app}, and {the} opens it as you. It never asks again.',
  },
  'approved-admin': {
    title: 'Let in. One more step, once',
    text: 'You look after {app}, and {the} does not get that account: anybody in the room could change everything with it. Give your screens an ordinary one.',
  },
  denied: { title: 'You said no', text: '{The} stays outside. There is nothing else to do.' },
  'code-unknown': {
    title: 'That code is not on any screen',
    text: 'Codes change every few minutes. Look at the screen again and use the one that it shows now.',
  },
  'link-ended': { title: 'This code has run out', text: 'The screen shows a new one by now. Scan that.' },
  'already-in': {
    title: 'This screen is in already',
    text: 'Its code has done its work. If nobody you know let it in, switch it off.',
  },
  'someone-else': {
    title: 'Somebody was faster',
    text: 'Another phone is letting this screen in. If that was nobody you know, say no there or switch the screen off.',
  },
  ...knockNotices,
  'not-allowed': {
    title: '{app} is not open to you',
    text: 'You are signed in as {person}. Ask the person who runs this to let you in, or use another account.',
  },
  'sign-in-declined': { title: 'You did not sign in', text: 'Nothing has changed. Try again whenever you like.' },
  'sign-in-refused': {
    title: 'Signing in is not set up right',
    text: 'The place where you sign in turned this down. Tell the person who runs this: the log says why.',
  },
  'sign-in-failed': { title: 'Signing in did not work', text: 'Something went wrong on the way. Please try again.' },
  'sign-in-stale': {
    title: 'Please show that it is you',
    text: 'Your last sign-in was a while ago, and it was not renewed. Please sign in again.',
  },
  'provider-unreachable': {
    title: 'Signing in has to wait',
    text: 'The place where you sign in does not answer. Try again in a minute. Whoever is in stays in.',
  },
  'form-stale': {
    title: 'This page was too old',
    text: 'Nothing has changed. Go back, look again, and press once more.',
  },
  'signed-out': { title: 'Signed out', text: 'Your screens stay signed in until you sign them out.' },
  'too-many-tries': {
    title: 'Too many tries',
    text: 'Wait a few minutes. Scanning the code with the camera still works.',
  },
  'too-many-presses': {
    title: 'Not so fast, please',
    text: 'That were very many presses at once. Nothing has changed. Wait a moment, then try again.',
  },
  'too-many-proofs': {
    title: 'Too many tries',
    text: 'Wait a few minutes. Nothing has changed.',
  },
  'signed-out-of-app': {
    title: 'You signed out of {app}',
    text: 'Nobody is signed in to {app} here any more.',
  },
  'enter-not-linked': {
    title: 'Who are you in {app}?',
    text: '{app} does not know {person} yet. Open {host} on your phone and say once who you are there. Then it goes on here by itself.',
  },
  'enter-admin': {
    title: 'Not with that account',
    text: '{person} looks after {app}, and anybody in the room could change everything with that account. Open {host} on your phone and give your screens an ordinary one. Then it goes on here by itself.',
  },
  'enter-disabled': {
    title: 'Switched off in {app}',
    text: 'The account of {person} is switched off there. Ask the person who looks after {app}.',
  },
  'enter-app-down': {
    title: '{app} does not answer',
    text: 'You are signed in here, but {app} cannot let you in just now. Try again in a minute.',
  },
  'enter-app-refuses': {
    title: '{app} does not let us bring you in',
    text: 'Tell the person who runs this: the log says what is missing. Until then, sign in with your own account in {app}.',
  },
  'enter-storage': {
    title: 'This browser keeps nothing',
    text: '{app} has to leave something in this browser, and that is switched off here. Allow it in its settings, or leave the private window.',
  },
  'confirm-app': {
    title: 'Let the app of {app} in?',
    text: 'An app on this device wants to be in {app} as {person}. It stays signed in until you sign it out under My screens.',
  },
  proved: {
    title: 'You are {person} in {app}',
    text: 'From now on your screens open {app} as {person}, without another sign-in.',
  },
  'proof-failed': {
    title: 'That did not work',
    text: 'Who you are in {app} has not changed. Try again, or ask the person who runs this.',
  },
  'proof-taken': {
    title: 'That is somebody else’s account',
    text: 'Somebody else here has shown it in {app} before you. Only whoever runs this can let two people share one.',
  },
  'proof-admin': {
    title: 'That account looks after {app} as well',
    text: 'Screens need an ordinary one: anybody in the room could change everything with that account.',
  },
  'proof-ended': { title: 'That took too long', text: 'Nothing has changed. Begin once more.' },
  'signed-in-here': { title: 'You are in', text: 'Signed in to {app} here: {person}.' },
  'not-saved': {
    title: 'Not saved: you were signed out',
    text: 'Sign in again. What you sent last is not kept, so please do it once more.',
  },
  'ticket-ended': {
    title: 'That took too long',
    text: 'The way into {app} is only open for a minute. Open it once more.',
  },
  'cookies-blocked': {
    title: 'Your browser forgets us',
    text: 'It blocks cookies, and without them {app} cannot open. Allow cookies for {host}, then try again.',
  },
  'screen-signed-out': { title: 'Signed out of {app}', text: 'To come back, sign in again.' },
  'bad-request': {
    title: 'That went wrong',
    text: 'We could not read what this browser sent. Go back and try again.',
  },
  'too-many-starts': {
    title: 'One moment, please',
    text: 'Very many screens are asking at once. This page goes on by itself in a moment.',
  },
  'too-much-sent': {
    title: 'This browser sends too much',
    text: 'It keeps too many cookies for this address, or the address is too long. If this page comes back, delete the cookies of this site in the browser’s settings.',
  },
  'unknown-host': { title: 'Nobody lives here', text: 'There is no app at {host}. Is the address right?' },
  'not-found': { title: 'There is nothing here', text: 'The address may be mistyped, or the page has moved.' },
  'cross-site': {
    title: 'Stopped, to be safe',
    text: 'Another website tried to do this in your name. If it was you, start from here.',
  },
  'method-not-allowed': { title: 'That does not work here', text: 'This address does not take what was sent to it.' },
  'upstream-down': {
    title: '{app} does not answer',
    text: 'It may be starting or switched off. Try again in a moment.',
  },
  'upstream-slow': {
    title: '{app} takes too long',
    text: 'It is there, but did not answer in time. Try again in a moment.',
  },
  'internal-error': { title: 'Something broke', text: 'It is not your fault. Try again in a moment.' },
  'not-kept': {
    title: 'Signed out for now, but not for good',
    text: 'This could not be saved. Try again in a few minutes; if you read this again, tell whoever looks after this place.',
  },
} as const satisfies Record<MessageKind, { title: string; text: string }>
