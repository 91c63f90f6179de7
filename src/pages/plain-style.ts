import { dark, light } from './colours.ts'

/**
 * Pages of one heading and a few buttons. Any device may see them, televisions too: so they are dark where an engine
 * cannot say what is wanted, and made of old rules alone. On wide screens the letters grow for reading from the sofa,
 * and it stays dark: newer televisions say that they want it light, beside a page for the QR that is dark.
 */
export const plainStyle = `html,body{margin:0;padding:0;height:100%}
body{font:17px/1.45 -apple-system,"Segoe UI",Roboto,"Noto Sans","Helvetica Neue",Arial,sans-serif;word-wrap:break-word}
.page{display:table;table-layout:fixed;width:100%;height:100%}
.words{display:table-cell;vertical-align:middle;padding:1.5em 6%}
.inner{max-width:26em;margin:0 auto}
.place{position:relative;font-size:.9em;min-height:1.45em;padding-left:1.8em}
.place svg{position:absolute;left:0;top:-.06em;width:1.2em;height:1.56em}
h1{text-wrap:balance;font-size:1.75em;line-height:1.18;margin:.75em 0 .5em;letter-spacing:-.01em}
h1 svg{display:block;width:2em;height:2em;margin:0 0 .6em}
p{margin:0 0 1em;text-wrap:pretty}
.code{font:700 1.7em/1.3 "SF Mono","Noto Sans Mono",Menlo,"DejaVu Sans Mono",monospace;letter-spacing:.1em;margin:0}
.hint{font-size:.9em}
.acts{margin:1.6em 0 0}
.acts form,.acts div{margin:0 0 .95em}
.press{display:block;width:100%;font:inherit;font-size:1.06em;font-weight:600;line-height:1.3;text-align:center;text-decoration:none;background:transparent;border:2px solid;border-radius:16px;padding:.85em 1em;min-height:56px;margin:0;cursor:pointer;-webkit-appearance:none;-moz-appearance:none;appearance:none;-webkit-box-sizing:border-box;-moz-box-sizing:border-box;box-sizing:border-box}
.press small{display:block;font-size:.82em;font-weight:400;margin-top:.15em}
.press:focus{outline:4px solid;outline-offset:3px}
${colours(dark, dark.lamp, dark.night)}
@media (prefers-color-scheme:light) and (max-width:900px){${colours(light, light.text, light.panel)}}
@media (max-width:600px){.words{vertical-align:top;padding:20px 20px 32px}h1{margin-top:.6em}}
@media (min-width:1200px) and (min-height:600px){body{font-size:22px}}
@media (min-width:1800px) and (min-height:800px){body{font-size:27px}}
@media (min-width:3000px){body{font-size:54px}}`

function colours(c: typeof dark | typeof light, strong: string, onStrong: string): string {
  return `html,body{background:${c.night};color:${c.text}}
.place,p,.hint{color:${c.soft}}
.place svg,p b{color:${c.lamp}}
.code{color:${c.text}}
.good{color:${c.good}}
.press{color:${c.text};border-color:${c.edge}}
.first{background:${strong};border-color:${strong};color:${onStrong}}
.press:focus{outline-color:${c.lamp}}
.first:focus{outline-color:${c === dark ? c.text : c.lamp}}`
}
