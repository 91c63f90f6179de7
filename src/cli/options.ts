import { type ParseArgsConfig, parseArgs } from 'node:util'

type Wanted = NonNullable<ParseArgsConfig['options']>

/**
 * A command's options by name. Undefined when the command is over already, with this exit code: `--help` was asked
 * for, or an option was wrong; either is answered here.
 */
export function readOptions<const T extends Wanted>(
  args: string[],
  wanted: T,
  usage: string,
  io: { out(text: string): void; err(text: string): void },
) {
  try {
    const options = { ...wanted, help: { type: 'boolean', short: 'h' } } as const
    const { values } = parseArgs({ args, options })
    if (!(values as { help?: boolean }).help) return { values }
    io.out(usage)
    return { exitCode: 0 }
  } catch (error) {
    io.err(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    return { exitCode: 1 }
  }
}
