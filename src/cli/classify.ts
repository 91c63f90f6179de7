import { classify } from '../screens/classify.ts'
import type { Screen, ScreenClass, ScreenKind } from '../screens/screen.ts'
import { linesOf } from './lines.ts'

/** What a command is given of the world: where it reads and writes. Each text that is written ends its own line. */
export type ClassifyIo = {
  stdin: AsyncIterable<Buffer | string>
  /** Whether standard input is a keyboard, so that waiting for it would look like hanging. */
  isTTY: boolean
  out(text: string): void
  err(text: string): void
}

const USAGE = `entryphone classify: which login page does this user agent get, and why?

  entryphone classify "Mozilla/5.0 (Web0S; Linux/SmartTV) …"   one or more user agents
  entryphone classify < user-agents.txt                        one user agent a line
  entryphone classify --json < user-agents.txt                 one JSON object a line, in the same order

  --json   ua, class, kind, brand and why, for programs
  --help   this text

Only the user agent is looked at; a running gateway also sees client hints and the app that a page is shown in.
`

const classMeanings: Readonly<Record<ScreenClass, string>> = {
  constrained: 'hard to type on: the QR page comes first',
  uncertain: 'may be hard to type on: it gets a choice of QR code or keyboard',
  webview: 'a companion app: the login stays on the address of the app',
  capable: 'signs in as usual, with a link to the QR page',
}

const kindNames: Readonly<Record<ScreenKind, string>> = {
  tv: 'television',
  console: 'game console',
  car: 'car',
  ereader: 'e-reader',
  headset: 'headset',
  watch: 'watch',
  'smart-display': 'smart display',
  signage: 'signage player',
  phone: 'phone',
  tablet: 'tablet',
  desktop: 'computer',
  app: 'app',
  bot: 'robot',
  unknown: 'unknown device',
}

/** Output is handed on in pieces of about this many characters: one write a line would be slow for thousands. */
const PIECE_CHARS = 64 * 1024

/**
 * `entryphone classify`: prints the class of user agents from the arguments, or from standard input, one a line. An
 * empty line is an empty user agent and gets its own result. Returns the exit code: 0, or 1 for a wrong call.
 */
export async function runClassify(args: string[], io: ClassifyIo): Promise<number> {
  const end = args.indexOf('--')
  const flags = (end < 0 ? args : args.slice(0, end)).filter((arg) => arg.startsWith('-'))
  const userAgents = args.filter((arg, index) => (end >= 0 && index > end) || !arg.startsWith('-'))
  const unknown = flags.find((flag) => !['--json', '--help', '-h'].includes(flag))
  if (unknown !== undefined) {
    io.err(`classify: unknown option ${printable(unknown)}. It knows --json and --help.\n`)
    return 1
  }
  if (flags.includes('--help') || flags.includes('-h')) {
    io.out(USAGE)
    return 0
  }
  if (userAgents.length === 0 && io.isTTY) {
    io.err(USAGE)
    return 1
  }
  await answer(userAgents.length > 0 ? userAgents : linesOf(io.stdin), flags.includes('--json') ? asJson : asText, io)
  return 0
}

async function answer(
  userAgents: Iterable<string> | AsyncIterable<string>,
  format: (userAgent: string, screen: Screen) => string,
  io: ClassifyIo,
): Promise<void> {
  let piece = ''
  for await (const userAgent of userAgents) {
    piece += format(userAgent, classify({ userAgent }))
    if (piece.length < PIECE_CHARS) continue
    io.out(piece)
    piece = ''
  }
  if (piece !== '') io.out(piece)
}

function asJson(userAgent: string, screen: Screen): string {
  const { class: screenClass, kind, brand, why } = screen
  return `${JSON.stringify({ ua: userAgent, class: screenClass, kind, brand, why })}\n`
}

function asText(userAgent: string, screen: Screen): string {
  const device = [screen.brand, kindNames[screen.kind]].filter((part) => part !== '').join(' ')
  return [
    userAgent === '' ? '(no user agent)' : printable(userAgent),
    `  ${screen.class}: ${classMeanings[screen.class]}`,
    `  device: ${device}`,
    `  because ${screen.why}`,
    '\n',
  ].join('\n')
}

/** A user agent is a stranger's text: no control character of it may reach a terminal. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not pass.
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?')
}
