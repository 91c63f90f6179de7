import { relative, resolve } from 'node:path'
import type { Loaded } from '../config/load.ts'
import { formatProblems, type Problem } from '../config/problem.ts'

/** The config file that a command means: the one that it names, else `ENTRYPHONE_CONFIG`, else `entryphone.yaml` here. */
export function configFile(named: string | undefined, io: { cwd: string; env: NodeJS.ProcessEnv }): string {
  return resolve(io.cwd, named ?? io.env['ENTRYPHONE_CONFIG'] ?? 'entryphone.yaml')
}

/** The file as somebody in `cwd` would write it. */
export function shortName(file: string, cwd: string): string {
  const short = relative(cwd, file)
  return short === '' || short.startsWith('..') ? file : short
}

/** Why a config cannot be used: its problems, its warnings, and what they mean. Ends its last line. */
export function refusalText(file: string, { problems, warnings }: Extract<Loaded, { problems: unknown }>): string {
  const end = `\n${count(problems.length, 'problem')}: Entryphone does not start with this file.\n`
  return `${formatProblems(file, problems)}\n${warnings.length > 0 ? `\n${warningText(file, warnings)}` : ''}${end}`
}

/** What might not be meant like that, though the config can be used. Empty, or ends its last line. */
export function warningText(file: string, warnings: readonly Problem[]): string {
  return warnings.length === 0 ? '' : `${count(warnings.length, 'warning')}:\n${formatProblems(file, warnings)}\n`
}

/** "1 app", "2 apps". */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`
}
