import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The YAML of a page in `docs`, one text a block, in order: so that what people copy is what is tested. */
export function yamlOfDocs(page: string): string[] {
  const text = readFileSync(join(import.meta.dirname, '../../docs', page), 'utf8')
  return [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, yaml = '']) => yaml)
}
