import { OperatorError } from './lib/operator-error.ts'

const HELP = `Entryphone: a gate in front of your apps that lets televisions in by phone.

  entryphone serve [--config FILE]      run the gateway (default; entryphone.yaml or ENTRYPHONE_CONFIG)
  entryphone check [--config FILE]      every problem in the config at once, and what it comes to; --online asks around
  entryphone classify [UA…] [--json]    what kind of device a user agent is, and why
  entryphone demo [--lan]               see it: a provider, an app, a television and a phone, nothing to set up
  entryphone version
`

const io = {
  stdin: process.stdin,
  isTTY: process.stdin.isTTY === true,
  env: process.env,
  cwd: process.cwd(),
  out: (text: string) => void process.stdout.write(text),
  err: (text: string) => void process.stderr.write(text),
}

/** Each command is loaded only when it is asked for, so that `check` stays quick. */
async function run([command = 'serve', ...args]: string[]): Promise<number> {
  switch (command) {
    case 'serve':
      return (await import('./cli/serve.ts')).runServe(args, io)
    case 'check':
      return (await import('./cli/check.ts')).runCheck(args, io)
    case 'classify':
      return (await import('./cli/classify.ts')).runClassify(args, io)
    case 'demo':
      return (await import('./cli/demo.ts')).runDemo(args, io)
    case 'version':
    case '--version':
      return (await import('./cli/version.ts')).runVersion(io)
    case 'help':
    case '--help':
    case '-h':
      io.out(HELP)
      return 0
    default:
      if (command.startsWith('--')) return (await import('./cli/serve.ts')).runServe([command, ...args], io)
      io.err(`There is no command "${command}".\n\n${HELP}`)
      return 1
  }
}

// A name that is looked up takes a thread for as long as the resolver likes. Of the usual four, a few names that hang would
// leave none for other names, nor for the signatures of sign-ins.
process.env['UV_THREADPOOL_SIZE'] ??= '16'

// Nobody reads on (`| head`), so there is nothing left to do. The log of `serve` is written another way.
process.stdout.on('error', () => process.exit(1))
process.stderr.on('error', () => undefined)

process.exitCode = await run(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof OperatorError)) throw error
  io.err(`${error.message}\n`)
  return 1
})
