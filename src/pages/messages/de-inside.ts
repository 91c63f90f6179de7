import type { Messages } from './shape.ts'

/** Who somebody is inside an app, in German. */
export const inside: Messages['inside'] = {
  heading: 'Wer du in deinen Apps bist',
  row: {
    known: 'Dort bist du {name}',
    written: 'Wer das hier betreibt, hat gesagt, wer du bist',
    new: 'Beim ersten Besuch bekommst du ein Konto',
    nobody: 'Noch niemand. Sag, wer du bist',
    callers: 'Sieh nach, was ohne Anmeldung kommt',
  },

  title: 'Du in {app}',
  who: 'Wer bist du in {app}?',
  nobody: 'Sag es einmal, dann öffnen deine Bildschirme {app} von da an als du. Dort muss sich niemand mehr anmelden.',
  willMake:
    'Du musst nichts tun: Beim ersten Besuch bekommst du ein eigenes Konto. Hast du schon eines, dann zeig es hier.',
  how: {
    config: 'Wer das hier betreibt, hat es so gesagt',
    proved: 'Du hast gezeigt, dass es deines ist',
    created: 'Beim ersten Besuch für dich angelegt',
  },
  since: 'seit {when}',
  state: {
    gone: 'Dieses Konto gibt es in {app} nicht mehr. Zeig ein anderes.',
    disabled: 'Dieses Konto ist in {app} abgeschaltet. Frag, wer das hier betreibt.',
    unknown: '{app} antwortet gerade nicht, also steht hier der letzte Stand.',
  },
  fixed: 'Nur dort lässt es sich ändern.',
  unlink: 'Das bin ich nicht mehr',
  unlinkHint: 'Was dort angemeldet ist, bleibt es, bis du es abmeldest.',
  another: 'Ich habe dort ein anderes Konto',

  looksAfter: 'Kümmert sich um {app}',
  screens: 'Deine Bildschirme',
  adminBrowsers: 'Dein Handy und deine Computer öffnen {app} als {name}, mit allem, was {name} darf.',
  adminScreens:
    'Bildschirme bekommen dieses Konto nicht: Jeder im Raum könnte damit alles ändern. Gib ihnen ein gewöhnliches.',
  screensOwn: 'Sie öffnen {app} als {name}, ein gewöhnliches Konto.',
  screensSame: 'Auch sie öffnen {app} als {name}: Wer das hier betreibt, hat es erlaubt.',
  make: 'Eines für meine Bildschirme anlegen',
  makeHint: 'Es bekommt ein Passwort, das niemand kennt, und darf nichts ändern.',
  screensOther: 'Ein anderes Konto für meine Bildschirme',
  screensNone: 'Gibt es noch kein gewöhnliches, dann leg zuerst in {app} eines an.',

  callers: {
    heading: 'Ohne Anmeldung',
    text: 'Apps und Automationen, die schon vor dieser Tür da waren. Sie kennen eine geheime Adresse von {app}, und wer sie kennt, kommt durch. Sperr aus, was du nicht kennst.',
    called: 'Aufgerufen {when}.',
    isShut: 'Ausgesperrt.',
    shut: 'Aussperren',
    shutName: '{name} aussperren',
    open: 'Wieder durchlassen',
    openName: '{name} wieder durchlassen',
  },

  ways: {
    page: 'Auf der Seite von {app} anmelden',
    pageHint: 'Einmal. Du kommst von selbst hierher zurück.',
    code: 'Ich bin irgendwo bei {app} angemeldet',
    codeHint: 'Du bekommst sechs Ziffern, die du dort eingibst.',
    or: 'Oder mit deinem Namen und Passwort in {app}',
    name: 'Name in {app}',
    secret: 'Passwort in {app}',
    secretHint: '{app} wird einmal gefragt. Hier bleibt nichts davon.',
    go: 'Das bin ich',
    goScreens: 'Dieses Konto nehmen',
  },

  note: {
    wrong: '{app} kennt diesen Namen mit diesem Passwort nicht.',
    'code-over': 'Diese Ziffern sind abgelaufen. Fang noch einmal an.',
    'app-down': '{app} antwortet gerade nicht. Es hat sich nichts geändert. Versuch es gleich noch einmal.',
    taken: 'Dieses Konto gehört hier schon jemand anderem. Nur wer das hier betreibt, kann es zwei Leuten geben.',
    admin: 'Auch dieses Konto kümmert sich um {app}. Bildschirme brauchen ein gewöhnliches.',
    disabled: 'Dieses Konto ist in {app} abgeschaltet.',
    'not-linked': 'Sag zuerst, wer du selbst bist.',
  },

  code: {
    title: '{digits} in {app} eingeben',
    heading: 'Gib diese Ziffern in {app} ein',
    steps: {
      open: 'Öffne {app} dort, wo du angemeldet bist',
      find: 'Öffne dort dein eigenes Menü, dann „{place}“',
      type: 'Gib die Ziffern ein und komm hierher zurück',
    },
    waiting: 'Warte auf {app}. Hier geht es von selbst weiter.',
    check: 'Ich habe sie eingegeben',
    stop: 'Etwas anderes tun',
    spelled: 'Sechs Ziffern: {digits}',
  },

  confirm: {
    title: 'Bist du {name}?',
    heading: 'Bist du {name} in {app}?',
    own: 'Die Ziffern hat {name} eingegeben. Ab jetzt öffnen deine Bildschirme {app} als {name}.',
    screens: 'Die Ziffern hat {name} eingegeben. Ab jetzt öffnen deine Bildschirme {app} mit diesem Konto.',
    warning: 'Sag nur ja, wenn du sie selbst eingegeben hast.',
    yes: 'Ja, das bin ich',
    yesScreens: 'Ja, nimm es',
    no: 'Nein, stopp',
  },

  back: 'Meine Bildschirme',
}
