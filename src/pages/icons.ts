import type { ScreenKind } from '../screens/screen.ts'
import { type Html, raw } from './html.ts'

/** The mark: an entry phone, in the colour of the text around it. Engines that cannot draw it lose nothing else. */
export const mark: Html = raw(
  '<svg viewBox="0 0 26 34" width="20" height="26" aria-hidden="true"><rect x="1.5" y="1.5" width="23" height="31" rx="6" ' +
    'fill="none" stroke="currentColor" stroke-width="3"/><rect x="8" y="8" width="10" height="2.6" rx="1.3" fill="currentColor"/>' +
    '<rect x="8" y="13" width="10" height="2.6" rx="1.3" fill="currentColor"/><circle cx="13" cy="24" r="3.4" fill="currentColor"/></svg>',
)

/** Done. */
export const tick: Html = raw(
  '<svg class="good" viewBox="0 0 48 48" fill="none" stroke="currentColor" stroke-width="4" stroke-linecap="round" ' +
    'stroke-linejoin="round" aria-hidden="true"><circle cx="24" cy="24" r="21"/><path d="M15 25l6.500 6.500L34 18"/></svg>',
)

const television =
  '<rect x="2" y="4" width="60" height="36" rx="5"/><path d="M22 47h20M32 40v7"/><path class="lit" d="M27 15l12 7-12 7z"/>'
const tablet = '<rect x="16" y="2" width="32" height="44" rx="5"/><path class="lit" d="M29 40h6"/>'
const phone = '<rect x="21" y="2" width="22" height="44" rx="5"/><path class="lit" d="M29 40h6"/>'

const drawings: Partial<Record<ScreenKind, string>> = {
  console:
    '<rect x="3" y="12" width="58" height="27" rx="13.5"/><path d="M18 20v11M12.500 25.500h11"/><circle class="lit" cx="42" cy="29" r="2"/><circle class="lit" cx="49" cy="22" r="2"/>',
  car: '<path d="M7 38V27l7-14a4 4 0 0 1 4-2h28a4 4 0 0 1 4 2l7 14v11zM8 27h48M13 38v5M51 38v5"/><circle class="lit" cx="16" cy="33" r="2"/><circle class="lit" cx="48" cy="33" r="2"/>',
  ereader: '<rect x="14" y="2" width="36" height="44" rx="5"/><path class="lit" d="M22 12h20M22 20h20M22 28h12"/>',
  headset:
    '<path d="M8 16h48a4 4 0 0 1 4 4v14a4 4 0 0 1-4 4H43l-6-7H27l-6 7H8a4 4 0 0 1-4-4V20a4 4 0 0 1 4-4z"/><path class="lit" d="M16 24h10M38 24h10"/>',
  watch:
    '<rect x="19" y="12" width="26" height="24" rx="7"/><path d="M24 12l2-9h12l2 9M24 36l2 9h12l2-9"/><path class="lit" d="M32 19v6l4 2"/>',
  phone,
  app: phone,
  tablet,
  desktop:
    '<rect x="10" y="6" width="44" height="29" rx="4"/><path d="M3 43h58"/><path class="lit" d="M22 16h20M22 24h12"/>',
}

/** A line drawing of the kind of device; anything without one of its own is drawn as a television. */
export function deviceIcon(kind: ScreenKind): Html {
  const lines = 'fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"'
  return raw(
    `<svg class="device" viewBox="0 0 64 50" width="64" height="50" ${lines} aria-hidden="true">${drawings[kind] ?? television}</svg>`,
  )
}
