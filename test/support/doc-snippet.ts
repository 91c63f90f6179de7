import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** The first block of code in `language` of a file in `docs/`, as people copy it. */
export function docSnippet(file: string, language: string): string {
  const [found] = docSnippets(file, language)
  if (found === undefined) throw new Error(`no ${language} in docs/${file}`)
  return found
}

/** All of them, in order. */
export function docSnippets(file: string, language: string): string[] {
  const text = readFileSync(resolve(import.meta.dirname, '../../docs', file), 'utf8')
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, found = '']) => found)
}

/** `text` with each key replaced by its value; fails when one is not there, so that nothing is left by a typing error. */
export function fill(text: string, replacements: Record<string, string>): string {
  return Object.entries(replacements).reduce((filled, [from, to]) => {
    if (!filled.includes(from)) throw new Error(`"${from}" is not in:\n${text}`)
    return filled.replaceAll(from, to)
  }, text)
}
