import { loadConfig } from '../config/load.ts'
import { type ListenAddress, listenText } from '../config/network.ts'
import { startGateway } from '../gateway.ts'
import { createLog } from '../log.ts'
import { configFile, refusalText, shortName, warningText } from './config-file.ts'
import { endAtCrash } from './crash.ts'
import { readOptions } from './options.ts'
import { stopSignal } from './stop-signal.ts'

/** What the command is given of the world. Each text that is written ends its own line. */
export type ServeIo = {
  env: NodeJS.ProcessEnv
  cwd: string
  out(text: string): void
  err(text: string): void
}

const USAGE = `entryphone serve: runs the gateway until it is told to stop (Ctrl-C, SIGTERM).

  entryphone serve                  entryphone.yaml here, or the file that ENTRYPHONE_CONFIG names
  entryphone serve --config FILE    another file

Standard output is the log, one JSON object a line. \`entryphone check\` looks at the file without starting anything.
`

/** The `serve` command. Runs until it is told to stop; resolves to the exit code. */
export async function runServe(args: string[], io: ServeIo): Promise<number> {
  const { values, exitCode } = readOptions(args, { config: { type: 'string' } }, USAGE, io)
  if (values === undefined) return exitCode
  const file = configFile(values.config, io)
  const name = shortName(file, io.cwd)
  const loaded = loadConfig(file, io.env)
  if ('problems' in loaded) {
    io.err(refusalText(name, loaded))
    return 1
  }
  io.err(warningText(name, loaded.warnings))
  const stopped = stopSignal()
  const log = createLog(loaded.config.log.level)
  endAtCrash(log, io.err)
  const gateway = await startGateway({ config: loaded.config, log })
  const { listen, publicUrl } = loaded.config
  io.err(`Listening at ${listen.map(addressText).join(' and ')}. The door is ${publicUrl}. Ctrl-C stops it.\n`)
  await stopped
  await gateway.close()
  return 0
}

function addressText(address: ListenAddress): string {
  return address.host === undefined ? `port ${address.port} of every address` : listenText(address)
}
