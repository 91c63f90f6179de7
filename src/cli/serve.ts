import { resolve } from 'node:path'
import { loadConfig } from '../config/load.ts'
import { formatProblems } from '../config/problem.ts'
import { startGateway } from '../gateway.ts'

export type ServeIo = {
  env: NodeJS.ProcessEnv
  cwd: string
  out(text: string): void
  err(text: string): void
}

/** Runs the gateway until it is told to stop (SIGINT, SIGTERM). */
export async function runServe(args: string[], io: ServeIo): Promise<number> {
  const named = args[0] === '--config' ? args[1] : undefined
  if (args.length > 0 && (named === undefined || args.length !== 2)) {
    io.err('Usage: entryphone serve [--config FILE]\n')
    return 1
  }
  const file = resolve(io.cwd, named ?? io.env['ENTRYPHONE_CONFIG'] ?? 'entryphone.yaml')
  const loaded = loadConfig(file, io.env)
  if (loaded.warnings.length > 0) io.err(formatProblems(file, loaded.warnings))
  if ('problems' in loaded) {
    io.err(formatProblems(file, loaded.problems))
    return 1
  }
  const gateway = await startGateway({ config: loaded.config })
  await stopSignal()
  await gateway.close()
  return 0
}

function stopSignal(): Promise<void> {
  const { promise, resolve: stop } = Promise.withResolvers<void>()
  process.once('SIGINT', () => stop())
  process.once('SIGTERM', () => stop())
  return promise
}
