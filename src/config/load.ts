import { resolve } from 'node:path'
import { type Clock, systemClock } from '../lib/clock.ts'
import { type Config, deepFreeze } from './config.ts'
import { parseConfig } from './document.ts'
import { substitute } from './environment.ts'
import type { Problem } from './problem.ts'
import { createReport } from './report.ts'
import { resolveConfig } from './resolve.ts'
import { fitToSchema } from './shape.ts'
import { readSource } from './source.ts'

/** A config that can be used, or everything that is wrong with it. Warnings stop nothing. */
export type Loaded = { config: Config; warnings: Problem[] } | { problems: Problem[]; warnings: Problem[] }

/**
 * Reads the config file at `path`, the variables in `env` and the files that it names. Never throws for what is in
 * them, and changes nothing. `clock` judges certificates.
 */
export function loadConfig(path: string, env: NodeJS.ProcessEnv, clock: Clock = systemClock): Loaded {
  const file = resolve(path)
  const source = readSource(file)
  if ('problem' in source) return { problems: [source.problem], warnings: [] }
  const parsed = parseConfig(source.text)
  if ('problems' in parsed) return { problems: parsed.problems, warnings: [] }
  const { value, originals, problems: variables } = substitute(parsed.document.value, env)
  const report = createReport(parsed.document, originals)
  for (const { path: at, message, hint } of variables) report.problem(at, message, hint)
  const unusable = variables.map((variable) => variable.path)
  const draft = fitToSchema(value, report, unusable)
  const config = draft && resolveConfig(file, draft, clock, report)
  const warnings = inOrder(report.warnings)
  if (config === undefined || report.problems.length > 0) return { problems: inOrder(report.problems), warnings }
  return { config: deepFreeze(config), warnings }
}

/** As they stand in the file. */
function inOrder(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
}
