import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** What became of each named test (`passed`, `failed`; absent when it did not run), and what else was said. */
export type TestRun = { states: Map<string, string>; seconds: number; complaint: string }

type VitestReport = {
  testResults: { message: string; assertionResults: { title: string; status: string; failureMessages: string[] }[] }[]
}

/** Runs the tests with exactly these names in these files of the tree at `root`; ends after `limitSeconds`. */
export async function runNamedTests(
  root: string,
  files: string[],
  names: string[],
  limitSeconds = 300,
): Promise<TestRun> {
  if (names.length === 0) return { states: new Map(), seconds: 0, complaint: '' }
  const output = join(root, 'security-tests.json')
  rmSync(output, { force: true })
  const began = performance.now()
  const child = spawn(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      ...files,
      `--testNamePattern=(?:^|\\s)(?:${names.map(RegExp.escape).join('|')})$`,
      '--reporter=json',
      `--outputFile=${output}`,
      '--maxWorkers=1',
      // A test that waits for ever for a refusal is red as well.
      '--testTimeout=10000',
    ],
    { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  const limit = setTimeout(() => child.kill('SIGKILL'), limitSeconds * 1000)
  await once(child, 'close')
  clearTimeout(limit)
  const seconds = (performance.now() - began) / 1000
  if (!existsSync(output))
    return { states: new Map(), seconds, complaint: firstLine(said) || `nothing after ${limitSeconds} s` }
  return { seconds, ...readReport(JSON.parse(readFileSync(output, 'utf8')) as VitestReport, names) }
}

function readReport(report: VitestReport, names: string[]): { states: Map<string, string>; complaint: string } {
  const states = new Map<string, string>()
  for (const { title, status } of report.testResults.flatMap((file) => file.assertionResults)) {
    if (names.includes(title) && status !== 'skipped' && states.get(title) !== 'failed') states.set(title, status)
  }
  return { states, complaint: firstLine(report.testResults.map((file) => file.message).join('\n')) }
}

function firstLine(text: string): string {
  return text.split('\n').find((line) => line.trim() !== '') ?? ''
}
