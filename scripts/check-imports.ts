/** Who may import whom: the tables, and the check that `npm run check` makes of them. */
import { join, posix } from 'node:path'
import { lineOf, readSources, type SourceFile } from './source.ts'

type Rule = {
  /** Folders (and single files) of `src` whose values and types may be imported. */
  uses: readonly string[]
  /** … of which types alone may be imported: nothing of them is loaded. */
  knows?: readonly string[]
}

const parts = [
  'traffic',
  'threshold',
  'door',
  'http',
  'logins',
  'sessions',
  'provider',
  'recipes',
  'screens',
  'store',
  'pages',
  'tls',
  'http2',
]
const root: Rule = {
  uses: [...parts, 'entrance.ts', 'listen.ts', 'log.ts', 'standard-output.ts', 'world.ts', 'lib'],
  knows: ['config'],
}
const cold: Rule = {
  uses: ['http', 'pages', 'logins', 'sessions', 'screens', 'lib'],
  knows: ['provider', 'recipes', 'store', 'traffic'],
}

/** From the command line down. Everybody may import from the own folder; what is not listed is forbidden. */
const folders: Record<string, Rule> = {
  'main.ts': { uses: ['cli', 'lib'] },
  // `check` says which way a login will take.
  cli: { uses: ['gateway.ts', 'online.ts', 'log.ts', 'config', 'demo', 'screens', 'provider/describe-way.ts', 'lib'] },
  // Beside the house: it runs all of it, and nobody in the house knows it.
  demo: { uses: [...parts, 'gateway.ts', 'config', 'lib'] },

  // The composition root: the only files that know every part, and the config.
  'gateway.ts': root,
  'entrance.ts': root,
  'listen.ts': root,
  'online.ts': root,
  'log.ts': root,
  'standard-output.ts': root,
  'world.ts': root,

  // One request (hot). Pages, logins and links come in as functions.
  traffic: { uses: ['sessions', 'lib'], knows: ['pages', 'screens', 'recipes'] },

  // Our own pages (cold).
  threshold: cold,
  door: cold,
  http: { uses: ['pages', 'lib'], knows: ['screens'] },

  // What they stand on.
  logins: { uses: ['lib'], knows: ['provider', 'screens', 'store'] },
  sessions: { uses: ['lib'], knows: ['provider', 'screens', 'store'] },
  provider: { uses: ['lib'] },
  // A recipe asks its app over connections of its own, which believe the same certificates as the forwarder's. It judges
  // whom a request stands for, and whether somebody looks at the answer, as the traffic does.
  recipes: {
    uses: ['sessions/allow.ts', 'traffic/forwarding/connector.ts', 'traffic/answering/answer-form.ts', 'lib'],
    knows: ['traffic', 'sessions', 'provider', 'store', 'screens'],
  },
  store: { uses: ['lib'] },
  tls: { uses: ['lib'] },
  http2: { uses: ['lib'], knows: ['traffic'] },
  screens: { uses: ['lib'] },
  pages: { uses: ['lib'], knows: ['screens'] },
  // It refuses the header names that the forwarder never lets through, offers the provider's profiles, and judges a
  // certificate as it will be judged when it is renewed: one list, one judge each.
  config: {
    uses: [
      'traffic/forwarding/name-list.ts',
      'traffic/forwarding/request-fields.ts',
      'provider/profiles.ts',
      'tls/pair.ts',
      'lib',
    ],
    knows: ['sessions', 'traffic'],
  },
  lib: { uses: [] },
}

/** Each library is imported in one place, so that it can be replaced there. The first is the owner. */
const libraries: Record<string, Rule> = {
  'openid-client': { uses: ['provider'] },
  undici: { uses: ['traffic', 'provider/dial.ts', 'recipes', 'demo'] },
  fastify: { uses: ['http'], knows: ['door', 'threshold'] },
  '@fastify/cookie': { uses: ['http'] },
  qrcode: { uses: ['pages/qr.ts'] },
  yaml: { uses: ['config'] },
  typebox: { uses: ['config'] },
  'ua-parser-js': { uses: ['screens'] },
  'node:sqlite': { uses: ['store'] },
  ioredis: { uses: ['store'] },
  'oidc-provider': { uses: ['demo'] },
  'zxing-wasm': { uses: ['demo'] },
  ws: { uses: ['demo'] },
}

/** Decisions are pure: these load nothing of Node and no library. */
const pure = [
  'traffic/decide.ts',
  'logins/reduce.ts',
  'logins/screen-state.ts',
  'logins/provider-grant.ts',
  'sessions/allow.ts',
  'sessions/session.ts',
  'lib/clock.ts',
  'lib/times.ts',
]

/** Where a request goes on its way through: all that these folders load, directly or not, stays inside them. */
const hot = { from: 'traffic/', folders: ['traffic', 'sessions', 'lib'] }

type Import = { from: SourceFile; line: number; target: string; typeOnly: boolean }

/** One line for each import that the tables forbid. */
export function checkImports(src = join(import.meta.dirname, '../src')): string[] {
  const files = readSources(src)
  const imports = files.flatMap(importsOf)
  return [...imports.flatMap(forbidden), ...impure(imports), ...coldFromHot(files, imports)]
}

/** Imports of one file; `target` is a path in `src`, a package, or a module of Node. */
function importsOf(from: SourceFile): Import[] {
  const statement = /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm
  return [...from.text.matchAll(statement)].map((match) => {
    const name = match[2] ?? match[3] ?? ''
    const target = name.startsWith('.') ? posix.join(posix.dirname(from.path), name) : name
    return { from, line: lineOf(from.text, match.index), target, typeOnly: match[1] !== undefined }
  })
}

function forbidden(found: Import): string[] {
  const { from, target, typeOnly } = found
  if (folderOf(from.path) === folderOf(target)) return []
  if (target.endsWith('.ts')) {
    const rule = folders[folderOf(from.path)]
    if (rule === undefined) return [`${where(found)}: ${folderOf(from.path)} stands in no table of check-imports.ts`]
    if (allows(rule, target, typeOnly)) return []
    return [
      `${where(found)}: ${folderOf(from.path)} may not ${typeOnly ? 'know' : 'use'} ${folderOf(target)} (${target})`,
    ]
  }
  const library = Object.keys(libraries).find((name) => target === name || target.startsWith(`${name}/`))
  if (library === undefined)
    return target.startsWith('node:') ? [] : [`${where(found)}: ${target} has no owner in check-imports.ts`]
  const owners = libraries[library] as Rule
  if (allows(owners, from.path, typeOnly)) return []
  return [`${where(found)}: ${library} belongs to ${owners.uses[0]}`]
}

function allows(rule: Rule, path: string, typeOnly: boolean): boolean {
  const listed = typeOnly ? [...rule.uses, ...(rule.knows ?? [])] : rule.uses
  return listed.includes(folderOf(path)) || listed.includes(path)
}

function impure(imports: Import[]): string[] {
  return imports
    .filter(({ from, target, typeOnly }) => pure.includes(from.path) && !typeOnly && !target.endsWith('.ts'))
    .map((found) => `${where(found)}: ${found.from.path} is pure and may not use ${found.target}`)
}

/** Follows what is loaded, file by file, from every file that handles a request. */
function coldFromHot(files: SourceFile[], imports: Import[]): string[] {
  const reached = new Map(files.filter(({ path }) => path.startsWith(hot.from)).map(({ path }) => [path, path]))
  for (const [path, way] of reached) {
    for (const { from, target, typeOnly } of imports) {
      if (from.path === path && !typeOnly && target.endsWith('.ts') && !reached.has(target))
        reached.set(target, `${way} → ${target}`)
    }
  }
  return [...reached]
    .filter(([path]) => !hot.folders.includes(folderOf(path)))
    .map(([, way]) => `src/${way}: a request would load a cold module`)
}

function folderOf(path: string): string {
  return path.split('/')[0] ?? path
}

function where(found: Import): string {
  return `src/${found.from.path}:${found.line}`
}
