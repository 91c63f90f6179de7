import { dark as c } from './colours.ts'
import { sizeRules } from './screen-sizes.ts'

/**
 * The television's style, for engines from WebKit 528 on: tables for columns, em for sizes, no flex, grid, variables
 * or viewport units. One rule a line, so that an engine drops no more than what it does not know.
 */
export function screenStyle(modules?: number): string {
  return `${base}
${sizeRules(modules)}
${portrait}
${paper}`
}

const sans = '"Noto Sans","Helvetica Neue",Roboto,Arial,sans-serif'
const mono = '"Noto Sans Mono","DejaVu Sans Mono",Menlo,Consolas,"Courier New",monospace'

const base = `html,body{margin:0;padding:0;height:100%;background:${c.night};color:${c.text}}
body{position:relative;font-family:${sans};line-height:1.3;word-wrap:break-word}
.page{display:table;table-layout:fixed;width:100%;height:100%}
.words{display:table-cell;vertical-align:middle;padding:1.5em 48.5% 1.5em 6%}
.panel{position:absolute;top:0;right:0;width:46%;height:100%;background:${c.panel}}
.middle{display:table;width:100%;height:100%}
.cell{display:table-cell;vertical-align:middle;text-align:center;padding:0 10.9% 0 6%}
.place{position:relative;color:${c.soft};font-size:.82em;min-height:1.3em;padding-left:1.85em}
.place svg{position:absolute;left:0;top:-.17em;width:1.25em;height:1.63em;color:${c.lamp}}
h1{font-size:1.8em;line-height:1.16;margin:.5em 0 .72em;font-weight:700;letter-spacing:-.01em}
h1:focus{outline:0}
.long h1{font-size:1.5em}
.longest h1{font-size:1.2em}
h1 b,.end b{color:${c.lamp};font-weight:inherit}
ol{list-style:none;margin:0;padding:0}
li{position:relative;margin:0 0 .75em;padding-left:2.15em}
.n{position:absolute;left:0;top:-.1em;width:1.5em;height:1.5em;line-height:1.5em;border-radius:.75em;background:${c.chip};color:${c.lamp};text-align:center;font-weight:700}
.opened .did .n{background:${c.good};color:${c.night}}
.other{margin:1.3em 0 0;padding-top:1em;border-top:2px solid ${c.line};font-size:.86em;color:${c.soft}}
.other b{color:${c.text}}
.code{font-family:${mono};font-size:2.5em;line-height:1.2;margin-top:.05em;letter-spacing:.12em;font-weight:700;color:#fff;white-space:nowrap}
form{margin:1.3em 0 0}
.press{display:inline-block;font:inherit;font-size:.84em;color:${c.text};background:transparent;text-decoration:none;text-align:center;border:2px solid ${c.edge};border-radius:.7em;padding:.75em 1.2em;min-width:200px;min-height:48px;margin:0;cursor:pointer;-webkit-appearance:none;-moz-appearance:none;appearance:none;-webkit-box-sizing:border-box;-moz-box-sizing:border-box;box-sizing:border-box}
.press:focus{outline:4px solid ${c.lamp};outline:.2em solid ${c.lamp};outline-offset:4px;color:#fff}
.press:hover{color:#fff;border-color:${c.text}}
.card{display:inline-block;background:#fff;border-radius:.9em;padding:.3em .3em .8em}
.qr{display:block;border:0;image-rendering:-webkit-optimize-contrast;image-rendering:-moz-crisp-edges;image-rendering:pixelated}
.host{color:#10131c;font-size:.86em;font-weight:700;margin:-.5em .6em 0}
.status{margin:1.1em 0 0;font-size:.92em}
.dot{display:inline-block;width:.6em;height:.6em;border-radius:.3em;background:${c.lamp};margin-right:.6em;vertical-align:.06em}
.opened .dot{background:${c.good}}
.opened .status{color:${c.good}}
.by-hand{font-size:.8em;margin:.7em 0 0}
.by-hand a{color:${c.soft}}
.by-hand a:focus{outline:4px solid ${c.lamp};outline-offset:3px}
.end{padding:1.5em 12%}
.end h1{font-size:2.3em;margin:.6em 0 .4em}
.end p{font-size:1.1em;color:${c.soft};max-width:32em;margin:0 0 1.6em}
.end .press{min-width:12.6em}
.end form,.go{display:inline-block;margin:0 1em 1em 0}
.first{background:${c.lamp};border-color:${c.lamp};color:${c.night};font-weight:700}
.first:hover,.first:focus{color:${c.night}}
.first:focus{outline-color:${c.text}}`

const portrait = `@media (max-aspect-ratio:1/1){
.page,.words{display:block;width:auto;height:auto}
.words{padding:1.2em 6%}
.panel{position:static;width:auto;height:auto;background:transparent;margin:0 0 1.2em}
.middle,.cell{display:block;width:auto;height:auto;padding:0}
h1{font-size:1.6em;margin:.4em 0 .6em}
.end{padding:3em 6%}
}`

/** E-paper: black on white, no large dark faces. */
const paper = `.paper,.paper .panel{background:#fff;color:#000}
.paper .place,.paper .place svg,.paper h1 b,.paper .other,.paper .other b,.paper .code,.paper .n,.paper .end b,.paper .end p,.paper .by-hand a{color:#000}
.paper .n{background:#fff;border:2px solid #000}
.paper .opened .did .n{background:#000;color:#fff}
.paper .status,.paper .opened .status{color:#000}
.paper .dot,.paper .opened .dot{background:#000}
.paper .press{color:#000;border-color:#000;background:#fff}
.paper .press:focus{outline-color:#000}`
