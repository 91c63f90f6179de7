import type { Config } from '../config/config.ts'
import { effectiveConfig, effectiveYaml } from '../config/effective.ts'
import { type Loaded, loadConfig } from '../config/load.ts'
import type { OnlineFinding } from '../online.ts'
import { describeWay } from '../provider/describe-way.ts'
import { configFile, count, refusalText, shortName, warningText } from './config-file.ts'
import { onlineText } from './online-text.ts'
import { readOptions } from './options.ts'

/** What the command is given of the world. Each text that is written ends its own line. */
export type CheckIo = {
  env: NodeJS.ProcessEnv
  cwd: string
  out(text: string): void
  err(text: string): void
}

const USAGE = `entryphone check: is the config usable, and what does it come to?

  entryphone check                  entryphone.yaml here, or the file that ENTRYPHONE_CONFIG names
  entryphone check --config FILE    another file

  --online  also asks the provider and the apps: are they there, may Entryphone do there what it must, what do they lack
  --json    problems, warnings, the way of a login and the effective config, for programs
  --help    this text

Starts nothing and changes nothing, and without --online looks at files only. Secrets are never shown. Exit code 1: there
is a problem.
`

const OPTIONS = { config: { type: 'string' }, json: { type: 'boolean' }, online: { type: 'boolean' } } as const

/** The `check` command. Resolves to the exit code: 0 when the config can be used, else 1. */
export async function runCheck(args: string[], io: CheckIo): Promise<number> {
  const { values, exitCode } = readOptions(args, OPTIONS, USAGE, io)
  if (values === undefined) return exitCode
  const file = configFile(values.config, io)
  const loaded = loadConfig(file, io.env)
  if (!values.json) tell(shortName(file, io.cwd), loaded, io)
  const online = values.online && 'config' in loaded ? await ask(loaded.config) : undefined
  if (values.json) io.out(`${JSON.stringify(asJson(file, loaded, online), null, 2)}\n`)
  else if (online !== undefined) io.out(`\n${onlineText(online)}`)
  return isFine(loaded, online) ? 0 : 1
}

/** Loaded only where it is asked for: with it come the libraries of the provider and of the forwarder. */
async function ask(config: Config): Promise<OnlineFinding[]> {
  return (await import('../online.ts')).askOnline(config)
}

function isFine(loaded: Loaded, online: readonly OnlineFinding[] = []): boolean {
  return 'config' in loaded && online.every(({ level }) => level !== 'problem')
}

function asJson(file: string, loaded: Loaded, online: OnlineFinding[] | undefined): Record<string, unknown> {
  const { warnings } = loaded
  const ok = isFine(loaded, online)
  if ('problems' in loaded) return { ok, file, problems: loaded.problems, warnings }
  const { config } = loaded
  return { ok, file, problems: [], warnings, way: wayOf(config), online, config: effectiveConfig(config) }
}

function tell(file: string, loaded: Loaded, io: CheckIo): void {
  if ('problems' in loaded) {
    io.err(refusalText(file, loaded))
    return
  }
  io.out(`${effectiveYaml(loaded.config)}\n`)
  if (loaded.warnings.length > 0) io.err(`${warningText(file, loaded.warnings)}\n`)
  io.out(`${meaning(loaded.config)}\n`)
}

function meaning(config: Config): string {
  const { apps, publicUrl, tls, insecureHttp, providers } = config
  const road = insecureHttp
    ? 'plain http'
    : tls === undefined
      ? 'https spoken by a proxy in front'
      : 'https spoken here'
  const where = `people sign in at ${providers.default.issuer}`
  return `${count(apps.length, 'app')} behind ${publicUrl} (${road}); ${where}.\nScreens are let in by ${wayOf(config)}.`
}

function wayOf({ deviceLogin, providers }: Config): string {
  return describeWay({ grant: deviceLogin.grant, profile: providers.default.profile })
}
