import { relative, resolve } from 'node:path'
import { startDemo } from '../demo/demo.ts'
import { lanPlaces, localPlaces, type Places } from '../demo/places.ts'
import { readOptions } from './options.ts'
import { stopSignal } from './stop-signal.ts'

/** What the command is given of the world. Each text that is written ends its own line. */
export type DemoIo = { cwd: string; out(text: string): void; err(text: string): void }

const USAGE = `entryphone demo: see a television being let in by phone, with nothing to set up.

  entryphone demo          on this computer alone; a browser is enough (Chrome, Edge or Firefox)
  entryphone demo --lan    on a private address, for a real television and a real phone at home

Starts the gateway, an OpenID provider, an app, a television and a phone. Ctrl-C ends it and removes what it wrote.
`

/** The git-ignored folder of the clone. */
const out = resolve(import.meta.dirname, '../../out')

/** The `demo` command. Runs until it is told to stop; resolves to the exit code. */
export async function runDemo(args: string[], io: DemoIo): Promise<number> {
  const { values, exitCode } = readOptions(args, { lan: { type: 'boolean' } }, USAGE, io)
  if (values === undefined) return exitCode
  const stopped = stopSignal()
  io.out('Starting the demo ...\n')
  const places = await (values.lan ? lanPlaces() : localPlaces())
  const demo = await startDemo(places, out)
  const lines = places.lan === undefined ? localLines(places) : lanLines(places, places.lan)
  const config = relative(io.cwd, demo.configFile)
  io.out(`${[...lines, `Its config is ${config}. Ctrl-C ends the demo.`].join('\n')}\n`)
  await stopped
  await demo.close()
  return 0
}

/** What the phone asks of somebody whom it does not know yet. */
const presses = '"Sign in to let this TV in", "Continue as Robin", "Yes, let it in"'

function localLines(places: Places): string[] {
  return [
    'Open in a browser on this computer, in this order:',
    `  1  ${places.television.origin}   a television that opens a film and shows a code, with a phone beside it`,
    `  2  on that phone: "Scan the code with this phone", then ${presses}`,
    `  3  ${places.door.origin}/me   the phone's list, where the television is signed out again`,
    `The app itself, for this browser: ${places.app.origin}`,
    ...elsewhere(places),
  ]
}

function lanLines(places: Places, lan: { address: string; of: number }): string[] {
  return [
    'Open at home, in this order:',
    `  1  ${places.app.origin}   in the television's browser: it shows a code`,
    `  2  scan the code with a phone in the same network, then ${presses}`,
    `  3  ${places.door.origin}/me   on the phone: the list, where the television is signed out again`,
    `A drawn television is on this computer: ${places.television.origin}`,
    'Anybody in this network can join in while the demo runs.',
    ...(lan.of > 1 ? [`This computer has ${lan.of} private addresses; it is ${lan.address} that is used.`] : []),
    ...elsewhere(places),
  ]
}

function elsewhere(places: Places): string[] {
  return places.firstPort === 8080 ? [] : [`Ports near 8080 are taken, so it begins at ${places.firstPort}.`]
}
