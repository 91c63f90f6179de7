/**
 * `npm run test:security-lines`: makes each `SECURITY:` line of `src` permissive in turn, in a copy of the tree, runs
 * the one test that the line names, and wants it red. Arguments are parts of paths: only marks in such files.
 */
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findMarks, type Mark } from './security-marks.ts'
import { runNamedTests, type TestRun } from './security-tests.ts'
import { readSources } from './source.ts'
import { readTestNames } from './test-names.ts'

const root = join(import.meta.dirname, '..')
const copies = join(root, 'out/security-lines')
/** A named test runs alone in 5 s; on a busy machine it may take longer, but never this long. */
const SLOW_SECONDS = 5
const HUNG_SECONDS = 60

type Job = Mark & { path: string; original: string; testFile: string }

const { jobs, problems } = collectJobs(process.argv.slice(2))
rmSync(copies, { recursive: true, force: true })
const [first, second] = [makeCopy('1'), makeCopy('2')]

const unchanged = await runNamedTests(
  first,
  [...new Set(jobs.map((job) => job.testFile))],
  [...new Set(jobs.map((job) => job.test))],
)
for (const job of jobs) {
  const state = unchanged.states.get(job.test)
  if (state !== 'passed') problems.push(`${at(job)}: "${job.test}" is ${state ?? 'not run'} before anything is changed`)
}

const waiting = jobs.filter((job) => unchanged.states.get(job.test) === 'passed')
let red = 0
await Promise.all([work(first), work(second)])
rmSync(copies, { recursive: true, force: true })

for (const problem of problems) console.log(problem)
console.log(`\n${red} passed, ${problems.length} failed`)
process.exitCode = problems.length > 0 ? 1 : 0

async function work(copy: string): Promise<void> {
  for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
    const file = join(copy, 'src', job.path)
    writeFileSync(file, job.permissive)
    const run = await runNamedTests(copy, [job.testFile], [job.test], HUNG_SECONDS)
    writeFileSync(file, job.original)
    report(job, run)
  }
}

function report(job: Job, run: TestRun): void {
  const state = run.states.get(job.test)
  const slow = run.seconds > SLOW_SECONDS ? ', slow' : ''
  console.log(`${at(job)} … ${state === 'failed' ? 'red' : 'NOT RED'} (${run.seconds.toFixed(1)} s${slow})`)
  if (state === 'failed') red++
  else if (state === 'passed') problems.push(`${at(job)}: "${job.test}" stays green`)
  else problems.push(`${at(job)}: "${job.test}" does not run any more: ${run.complaint}`)
}

/** Every mark with the one file that holds its test. */
function collectJobs(only: string[]): { jobs: Job[]; problems: string[] } {
  const jobs: Job[] = []
  const problems: string[] = []
  const tests = readTestNames(root)
  const sources = readSources(join(root, 'src'))
  for (const part of only)
    if (!sources.some(({ path }) => `src/${path}`.includes(part))) problems.push(`no file of src is called ${part}`)
  for (const { path, text } of sources) {
    if (only.length > 0 && !only.some((part) => `src/${path}`.includes(part))) continue
    const found = findMarks(text)
    problems.push(...found.problems.map((problem) => `src/${path}, ${problem}`))
    for (const mark of found.marks) {
      const files = tests.filter((test) => test.names.has(mark.test))
      const [file] = files
      if (file !== undefined && files.length === 1) jobs.push({ ...mark, path, original: text, testFile: file.path })
      else problems.push(`src/${path}:${mark.line}: ${files.length} files hold a test "${mark.test}"`)
    }
  }
  return { jobs, problems }
}

/** The tree without what is fetched or made, with the same packages. */
function makeCopy(name: string): string {
  const copy = join(copies, name)
  mkdirSync(copy, { recursive: true })
  const left = ['node_modules', '.git', '.node', '.parts', 'out', 'data']
  for (const entry of readdirSync(root)) {
    if (!left.includes(entry)) cpSync(join(root, entry), join(copy, entry), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

function at(job: Job): string {
  return `src/${job.path}:${job.line}`
}
