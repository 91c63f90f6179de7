import { knockNotices } from './de-knocks.ts'
import type { Messages } from './shape.ts'

/** What a message page says, in German. */
export const notices: Messages['messages'] = {
  approved: {
    title: 'Fertig. {The} öffnet {app}.',
    text: 'Du kannst das Handy weglegen. Abmelden kannst du {it} jederzeit unter „Meine Bildschirme“.',
  },
  'approved-nobody': {
    title: 'Reingelassen. Nur noch ein Schritt',
    text: 'Sag, wer du in {app} bist, dann öffnet {the} es als du. Danach fragt niemand mehr.',
  },
  'approved-admin': {
    title: 'Reingelassen. Nur noch ein Schritt',
    text: 'Du kümmerst dich um {app}, und {the} bekommt dieses Konto nicht: Jeder im Raum könnte damit alles ändern. Gib deinen Bildschirmen ein gewöhnliches.',
  },
  denied: { title: 'Du hast nein gesagt', text: '{The} bleibt draußen. Mehr ist nicht zu tun.' },
  'code-unknown': {
    title: 'Diesen Code zeigt kein Bildschirm',
    text: 'Codes wechseln alle paar Minuten. Schau noch einmal hin und nimm den, der jetzt zu sehen ist.',
  },
  'link-ended': {
    title: 'Dieser Code ist abgelaufen',
    text: 'Der Bildschirm zeigt inzwischen einen neuen. Scanne den.',
  },
  'already-in': {
    title: 'Dieser Bildschirm ist schon drin',
    text: 'Sein Code hat seinen Dienst getan. Hat ihn niemand reingelassen, den du kennst, dann schalte ihn aus.',
  },
  'someone-else': {
    title: 'Jemand war schneller',
    text: 'Ein anderes Handy lässt diesen Bildschirm gerade rein. Kennst du es nicht, dann schalte den Bildschirm aus.',
  },
  ...knockNotices,
  'not-allowed': {
    title: '{app} ist für dich nicht offen',
    text: 'Du bist angemeldet als {person}. Frag, wer das hier betreibt, oder nimm ein anderes Konto.',
  },
  'sign-in-declined': {
    title: 'Du hast dich nicht angemeldet',
    text: 'Es hat sich nichts geändert. Versuch es wieder, wann du magst.',
  },
  'sign-in-refused': {
    title: 'Das Anmelden ist nicht richtig eingerichtet',
    text: 'Dort, wo du dich anmeldest, wurde das abgelehnt. Sag es der Person, die das hier betreibt: Der Grund steht im Log.',
  },
  'sign-in-failed': {
    title: 'Das Anmelden hat nicht geklappt',
    text: 'Unterwegs ist etwas schiefgegangen. Bitte versuch es noch einmal.',
  },
  'sign-in-stale': {
    title: 'Bitte zeig, dass du es bist',
    text: 'Deine letzte Anmeldung ist eine Weile her und wurde nicht erneuert. Bitte melde dich noch einmal an.',
  },
  'provider-unreachable': {
    title: 'Das Anmelden muss warten',
    text: 'Die Stelle, bei der du dich anmeldest, antwortet nicht. Versuch es gleich noch einmal. Wer drin ist, bleibt drin.',
  },
  'form-stale': {
    title: 'Diese Seite war zu alt',
    text: 'Es hat sich nichts geändert. Geh zurück, schau noch einmal hin und drück dann erneut.',
  },
  'signed-out': { title: 'Abgemeldet', text: 'Deine Bildschirme bleiben drin, bis du sie abmeldest.' },
  'too-many-tries': {
    title: 'Zu viele Versuche',
    text: 'Warte ein paar Minuten. Den Code mit der Kamera zu scannen geht weiterhin.',
  },
  'too-many-presses': {
    title: 'Nicht so schnell, bitte',
    text: 'Das war sehr oft hintereinander. Es hat sich nichts geändert. Warte einen Moment und versuch es dann noch einmal.',
  },
  'too-many-proofs': {
    title: 'Zu viele Versuche',
    text: 'Warte ein paar Minuten. Es hat sich nichts geändert.',
  },
  'signed-out-of-app': {
    title: 'Du hast dich von {app} abgemeldet',
    text: 'Hier ist niemand mehr bei {app} angemeldet.',
  },
  'enter-not-linked': {
    title: 'Wer bist du in {app}?',
    text: '{app} kennt {person} noch nicht. Öffne {host} auf dem Handy und sag einmal, wer du dort bist. Dann geht es hier von selbst weiter.',
  },
  'enter-admin': {
    title: 'Nicht mit diesem Konto',
    text: '{person} kümmert sich um {app}, und jeder im Raum könnte mit diesem Konto alles ändern. Öffne {host} auf dem Handy und gib deinen Bildschirmen ein gewöhnliches. Dann geht es hier von selbst weiter.',
  },
  'enter-disabled': {
    title: 'In {app} abgeschaltet',
    text: 'Das Konto von {person} ist dort abgeschaltet. Frag, wer sich um {app} kümmert.',
  },
  'enter-app-down': {
    title: '{app} antwortet nicht',
    text: 'Du bist hier angemeldet, aber {app} kann dich gerade nicht reinlassen. Versuch es in einer Minute noch einmal.',
  },
  'enter-app-refuses': {
    title: '{app} lässt sich nicht für dich öffnen',
    text: 'Sag es der Person, die das hier betreibt: Im Log steht, was fehlt. Bis dahin meldest du dich mit deinem eigenen Konto in {app} an.',
  },
  'enter-storage': {
    title: 'Dieser Browser behält nichts',
    text: '{app} muss in diesem Browser etwas ablegen, und das ist hier abgeschaltet. Erlaube es in den Einstellungen oder verlass das private Fenster.',
  },
  'confirm-app': {
    title: 'Die App von {app} reinlassen?',
    text: 'Eine App auf diesem Gerät möchte als {person} in {app} sein. Sie bleibt angemeldet, bis du sie unter „Meine Bildschirme“ abmeldest.',
  },
  proved: {
    title: 'In {app} bist du {person}',
    text: 'Ab jetzt öffnen deine Bildschirme {app} als {person}, und dort muss sich niemand mehr anmelden.',
  },
  'proof-failed': {
    title: 'Das hat nicht geklappt',
    text: 'Wer du in {app} bist, hat sich nicht geändert. Versuch es noch einmal, oder frag, wer das hier betreibt.',
  },
  'proof-taken': {
    title: 'Dieses Konto hat schon jemand',
    text: 'Jemand anderes hat es hier vor dir in {app} gezeigt. Nur wer das hier betreibt, kann es zwei Leuten geben.',
  },
  'proof-admin': {
    title: 'Auch dieses Konto kümmert sich um {app}',
    text: 'Bildschirme brauchen ein gewöhnliches: Jeder im Raum könnte mit diesem Konto alles ändern.',
  },
  'proof-ended': { title: 'Das hat zu lange gedauert', text: 'Es hat sich nichts geändert. Fang noch einmal an.' },
  'signed-in-here': { title: 'Du bist drin', text: 'Hier bei {app} angemeldet: {person}.' },
  'not-saved': {
    title: 'Nicht gespeichert: du warst abgemeldet',
    text: 'Melde dich wieder an. Was du zuletzt abgeschickt hast, ist nicht angekommen, mach es bitte noch einmal.',
  },
  'ticket-ended': {
    title: 'Das hat zu lange gedauert',
    text: 'Der Weg zu {app} ist nur eine Minute offen. Öffne die App noch einmal.',
  },
  'cookies-blocked': {
    title: 'Dein Browser vergisst uns',
    text: 'Er blockiert Cookies, und ohne sie lässt sich {app} nicht öffnen. Erlaube sie für {host} und versuch es noch einmal.',
  },
  'screen-signed-out': { title: 'Von {app} abgemeldet', text: 'Melde dich wieder an, um zurückzukommen.' },
  'bad-request': {
    title: 'Das ging schief',
    text: 'Was dieser Browser geschickt hat, war nicht lesbar. Geh zurück und versuch es noch einmal.',
  },
  'too-many-starts': {
    title: 'Einen Moment, bitte',
    text: 'Sehr viele Bildschirme fragen gerade auf einmal. Diese Seite geht gleich von selbst weiter.',
  },
  'too-much-sent': {
    title: 'Dieser Browser schickt zu viel',
    text: 'Er hat für diese Adresse zu viele Cookies, oder die Adresse ist zu lang. Kommt diese Seite wieder, dann lösche in den Einstellungen des Browsers die Cookies dieser Seite.',
  },
  'unknown-host': { title: 'Hier wohnt niemand', text: 'Unter {host} gibt es keine App. Stimmt die Adresse?' },
  'not-found': {
    title: 'Hier ist nichts',
    text: 'Vielleicht ist die Adresse vertippt, oder die Seite ist umgezogen.',
  },
  'cross-site': {
    title: 'Zur Sicherheit angehalten',
    text: 'Eine andere Website wollte das in deinem Namen tun. Warst du es selbst, dann fang hier an.',
  },
  'method-not-allowed': {
    title: 'Das geht hier nicht',
    text: 'Diese Adresse nimmt nicht an, was ihr geschickt wurde.',
  },
  'upstream-down': {
    title: '{app} antwortet nicht',
    text: 'Vielleicht startet die App gerade oder ist aus. Versuch es gleich noch einmal.',
  },
  'upstream-slow': {
    title: '{app} braucht zu lange',
    text: 'Die App ist da, hat aber nicht rechtzeitig geantwortet. Versuch es gleich noch einmal.',
  },
  'internal-error': { title: 'Da ist etwas kaputt', text: 'Du kannst nichts dafür. Versuch es gleich noch einmal.' },
  'not-kept': {
    title: 'Für den Moment abgemeldet, aber nicht endgültig',
    text: 'Das ließ sich nicht speichern. Versuch es in ein paar Minuten noch einmal; wenn du das wieder liest, sag der Person Bescheid, die sich hier um alles kümmert.',
  },
}
