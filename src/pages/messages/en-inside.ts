/** Who somebody is inside an app, in English. `{name}` is what the app calls them. */
export const inside = {
  heading: 'Who you are in your apps',
  row: {
    known: 'You are {name} there',
    written: 'Whoever runs this has said who you are',
    new: 'You get an account on your first visit',
    nobody: 'Nobody yet. Say who you are',
    callers: 'See who calls without a sign-in',
  },

  title: 'You in {app}',
  who: 'Who are you in {app}?',
  nobody: 'Say it once, and your screens open {app} as you from then on. Nobody signs in there again.',
  willMake:
    'You need to do nothing: an account is made for you on your first visit. If you have one already, show it here.',
  how: {
    config: 'Whoever runs this has said so',
    proved: 'You have shown that it is yours',
    created: 'Made for you on your first visit',
  },
  since: 'since {when}',
  state: {
    gone: 'This account is not in {app} any more. Show another one.',
    disabled: 'This account is switched off in {app}. Ask the person who runs it.',
    unknown: '{app} does not answer just now, so this is what it said last.',
  },
  fixed: 'Only they can change it.',
  unlink: 'That is not me any more',
  unlinkHint: 'What is signed in there stays so until you sign it out.',
  another: 'I have another account there',

  looksAfter: 'Looks after {app}',
  screens: 'Your screens',
  adminBrowsers: 'Your phone and your computers open {app} as {name}, with everything that {name} may do.',
  adminScreens:
    'Screens do not get that account: anybody in the room could change everything with it. Give them an ordinary one.',
  screensOwn: 'They open {app} as {name}, an ordinary account.',
  screensSame: 'They open {app} as {name} too: whoever runs this has allowed it.',
  make: 'Make one for my screens',
  makeHint: 'It gets a password that nobody knows, and may change nothing.',
  screensOther: 'Use another account for my screens',
  screensNone: 'If there is no ordinary one yet, make one in {app} first.',

  callers: {
    heading: 'Without a sign-in',
    text: 'Apps and automations that were there before this door. They know a secret address of {app}, and whoever knows it comes through. Shut out what you do not know.',
    called: 'Called {when}.',
    isShut: 'Shut out.',
    shut: 'Shut out',
    shutName: 'Shut {name} out',
    open: 'Let it through again',
    openName: 'Let {name} through again',
  },

  ways: {
    page: 'Sign in on the page of {app}',
    pageHint: 'Once. You come back here by yourself.',
    code: 'I am signed in to {app} somewhere',
    codeHint: 'You get six digits to type there.',
    or: 'Or with your name and password in {app}',
    name: 'Name in {app}',
    secret: 'Password in {app}',
    secretHint: '{app} is asked once. Nothing of it is kept here.',
    go: 'That is me',
    goScreens: 'Use this account',
  },

  note: {
    wrong: '{app} does not know this name with this password.',
    'code-over': 'Those digits have run out. Begin again.',
    'app-down': '{app} does not answer just now. Nothing has changed. Try again in a minute.',
    taken: 'That account is somebody else’s here already. Only whoever runs this can let two people share one.',
    admin: 'That account looks after {app} as well. Screens need an ordinary one.',
    disabled: 'That account is switched off in {app}.',
    'not-linked': 'First say who you are yourself.',
  },

  code: {
    title: 'Type {digits} in {app}',
    heading: 'Type these digits in {app}',
    steps: {
      open: 'Open {app} where you are signed in',
      find: 'Open your own menu there, then “{place}”',
      type: 'Type the digits and come back here',
    },
    waiting: 'Waiting for {app}. This page goes on by itself.',
    check: 'I have typed them',
    stop: 'Do something else',
    /** `{digits}` one by one, for whoever listens. */
    spelled: 'Six digits: {digits}',
  },

  confirm: {
    title: 'Are you {name}?',
    heading: 'Are you {name} in {app}?',
    own: 'The digits were typed by {name}. From now on your screens open {app} as {name}.',
    screens: 'The digits were typed by {name}. From now on your screens open {app} with that account.',
    warning: 'Say yes only if you typed them yourself.',
    yes: 'Yes, that is me',
    yesScreens: 'Yes, take it',
    no: 'No, stop',
  },

  back: 'My screens',
} as const
