import type { Lang } from './views.ts'

const known: readonly Lang[] = ['en', 'de']
const longest = 500

/**
 * The language of a page from `Accept-Language` (RFC 9110 §12.5.4). Only the primary subtag counts; ties go to the
 * earlier one. English when nothing fits or the value is nonsense.
 */
export function chooseLang(acceptLanguage: string | undefined): Lang {
  let best: Lang = 'en'
  let bestQuality = 0
  for (const range of (acceptLanguage ?? '').slice(0, longest).split(',')) {
    const [tag = '', ...params] = range.split(';')
    const lang = known.find((one) => one === tag.trim().toLowerCase().split('-')[0])
    const quality = lang === undefined ? 0 : qualityOf(params)
    if (lang === undefined || quality <= bestQuality) continue
    best = lang
    bestQuality = quality
  }
  return best
}

function qualityOf(params: string[]): number {
  const weight = params.map((param) => param.trim().toLowerCase()).find((param) => param.startsWith('q='))
  if (weight === undefined) return 1
  return /^q=(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(weight) ? Number(weight.slice(2)) : 0
}
