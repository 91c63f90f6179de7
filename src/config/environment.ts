import type { Path } from './problem.ts'
import { pathText } from './problem.ts'

/** What is wrong with the variables of one text. */
type VariableProblem = { path: Path; message: string; hint: string }

export type Substituted = {
  /** A copy of the value with every `${NAME}` replaced. */
  value: unknown
  /** By path, the texts in which something was replaced, as the file has them. */
  originals: Map<string, string>
  problems: VariableProblem[]
}

/** Replaces `${NAME}` in every text of `value`, not in keys. `$${` stands for a literal `${`. */
export function substitute(value: unknown, env: NodeJS.ProcessEnv): Substituted {
  const originals = new Map<string, string>()
  const problems: VariableProblem[] = []

  function walk(node: unknown, path: Path): unknown {
    if (typeof node === 'string') return node.includes(`\${`) ? replace(node, path) : node
    if (Array.isArray(node)) return node.map((item, index) => walk(item, [...path, index]))
    if (node === null || typeof node !== 'object') return node
    return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, walk(item, [...path, key])]))
  }

  function replace(text: string, path: Path): string {
    originals.set(pathText(path), text)
    return text.replace(/\$?\$\{([^}]*)(\}?)/g, (whole: string, name: string, end: string) => {
      if (whole.startsWith(`$\${`)) return whole.slice(1)
      if (end === '' || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
        problems.push({
          path,
          message: `holds a "\${" that does not begin a variable such as \${NAME}.`,
          hint: `Only letters, digits and _ go between the braces; there are no defaults. Write $\${ for a literal \${.`,
        })
        return ''
      }
      const found = Object.hasOwn(env, name) ? env[name] : undefined
      if (found !== undefined) return found
      problems.push({
        path,
        message: `needs the environment variable ${name}, which is not set.`,
        hint: `Set ${name} where Entryphone is started. Write $\${ for a literal \${.`,
      })
      return ''
    })
  }

  return { value: walk(value, []), originals, problems }
}
