/**
 * Sizes of the television page. Old engines know neither `vh` nor `clamp`, so the letters get one size in pixels for
 * each band of window heights, all else is in em, and the QR is a whole multiple of its modules in every band: blurred
 * modules are what scanners stumble over.
 */

/** Tops of the bands of landscape windows, px. Televisions are exactly 540, 623, 720, 1080 or 2160 high. */
const heights = [400, 480, 540, 580, 630, 680, 720, 800, 900, 1000, 1080, 1200, 1440, 1800, 2160]

/** Portrait and square windows (car consoles, e-readers, phones): from this width on, letters and code this large. */
const widths = [
  { from: 0, letters: 16, code: 200 },
  { from: 480, letters: 18, code: 270 },
  { from: 700, letters: 20, code: 300 },
  { from: 900, letters: 28, code: 520 },
  { from: 1060, letters: 34, code: 530 },
  { from: 1500, letters: 46, code: 900 },
]

const quietModules = 8

/** Of the window's width, what the card with the code may take; the rest of its column is the safe edge. */
const cardShare = 0.382

/** The style rules for a QR code with this many modules a side, quiet zone included; without it, for letters alone. */
export function sizeRules(modules?: number): string {
  const landscape = heights.map((height, i) => {
    const letters = Math.round((height / 28.8) * 2) / 2
    // Without the quiet zone it fills 40 % of the window, and 240 px where the window has them.
    const symbol = Math.max(height * 0.4, height < 540 ? 0 : 240)
    const code = modules && Math.ceil(symbol / (modules - quietModules)) * modules
    const rules = rulesFor(letters, code)
    const below = heights[i - 1]
    if (below === undefined) return rules
    const width = Math.ceil(Math.max(height * 1.58, ((code ?? 0) + letters) / cardShare))
    return `@media (min-width:${width}px) and (min-height:${below + 1}px){${rules}}`
  })
  const portrait = widths.map(({ from, letters, code }) => {
    const rules = rulesFor(letters, modules && Math.floor(code / modules) * modules)
    return `@media (max-aspect-ratio:1/1) and (min-width:${from}px){${rules}}`
  })
  return [...landscape, ...portrait].join('\n')
}

function rulesFor(letters: number, code: number | undefined): string {
  // The card is as wide as its code, so that a long host wraps below instead of pushing the code aside.
  const sizes = code === undefined ? '' : `.card{width:${code}px}.qr{width:${code}px;height:${code}px}`
  return `body{font-size:${letters}px}${sizes}`
}
