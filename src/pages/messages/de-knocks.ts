import type { Messages } from './shape.ts'

/** Letting native apps in, in German. */
export const knocks: Messages['knocks'] = {
  near: 'Möchte rein',
  wantsNear: 'möchte {app} öffnen. Gefragt {when}, in deinem Netz.',
  question: '{The} zeigt diese Ziffern, und du hast damit angefangen? Dann lass {it} rein.',
  yesName: 'Ja, {device} reinlassen',
  noName: 'Nein, {device} stoppen',
  client: 'App',
  sameDigits: '{The} zeigt dieselben Ziffern',
  warning: 'Sag nur ja, wenn du {thisAcc} vor dir hast, diese Ziffern siehst und selbst damit angefangen hast.',
  stillToDo: 'Noch zu tun',
  owed: '{app} lässt sich gerade nicht fragen. Dort wird abgemeldet, sobald {app} antwortet.',
}

/** What becomes of it. */
export const knockNotices: Pick<
  Messages['messages'],
  'knock-ended' | 'knock-not-linked' | 'knock-admin' | 'knock-disabled' | 'knock-left' | 'knock-refused'
> = {
  'knock-ended': {
    title: 'Diese Ziffern sind abgelaufen',
    text: 'Lass dir in der App neue zeigen und gib die ein, oder schau noch einmal unter „Meine Bildschirme“.',
  },
  'knock-not-linked': {
    title: 'Wer bist du in {app}?',
    text: '{app} kennt dich noch nicht. Sag einmal, wer du dort bist, und lass danach {thisAcc} rein.',
  },
  'knock-admin': {
    title: 'Nicht mit diesem Konto',
    text: 'Du verwaltest {app}, und wer {thisAcc} in der Hand hat, könnte dort alles ändern. Wähle zuerst ein gewöhnliches Konto für deine Bildschirme.',
  },
  'knock-disabled': {
    title: 'In {app} abgeschaltet',
    text: 'Dein Konto ist dort abgeschaltet. Frag die Person, die das hier betreibt.',
  },
  'knock-left': {
    title: 'Du hast nichts reingelassen',
    text: '{The} ist in einem anderen Netz und zeigt die Ziffern weiter. Sag mit dem Häkchen nein, wenn niemand {thisAcc} reinlassen soll.',
  },
  'knock-refused': {
    title: '{app} hat es nicht reingelassen',
    text: 'Lass dir neue Ziffern zeigen und versuch es noch einmal. Liest du das wieder, dann sag der Person Bescheid, die das hier betreibt.',
  },
}
