import { dark, light } from './colours.ts'

/** Pages that are read in the hand, by day and by night. Phones are years ahead of televisions: variables, grid, flex. */
export const phoneStyle = `:root{${variables(light, light.text, light.panel)}}
@media (prefers-color-scheme:dark){:root{${variables(dark, dark.lamp, dark.night)}}}
*{box-sizing:border-box}
body{margin:0;background:var(--night);color:var(--text);font:17px/1.45 -apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere;-webkit-text-size-adjust:100%}
main{max-width:27rem;margin:0 auto;padding:max(20px,env(safe-area-inset-top)) 20px 32px}
header{display:flex;align-items:center;gap:.6rem;color:var(--soft);font-size:.92rem;margin-bottom:16px}
header svg{width:20px;height:26px;flex:none;color:var(--lamp)}
h1{text-wrap:balance;font-size:1.85rem;line-height:1.15;margin:0 0 16px;letter-spacing:-.01em}
h2{font-size:1rem;margin:26px 0 10px;color:var(--soft);font-weight:600}
p{margin:0;text-wrap:pretty}
a{color:var(--lamp)}
.card{background:var(--panel);border:1px solid var(--line);border-radius:20px;padding:18px}
.soft{color:var(--soft);font-size:.95rem}
.screen{display:flex;gap:16px;align-items:center}
.device{width:66px;height:52px;flex:none}
.lit{stroke:var(--lamp)}
.screen strong{display:block;font-size:1.14rem;line-height:1.3}
.facts{margin:14px 0 0;padding:0;list-style:none;border-top:1px solid var(--line)}
.facts li{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1rem;padding:10px 0;border-bottom:1px solid var(--line);font-size:.97rem}
.facts li span{color:var(--soft)}
.same{color:var(--good)}.different{color:var(--bad)}
.code{font:700 1.75rem/1.2 ui-monospace,"SF Mono","Noto Sans Mono",Menlo,monospace;letter-spacing:.1em;text-align:center;padding:16px 0 2px;white-space:nowrap}
.centre{text-align:center}
fieldset{border:0;margin:18px 0 0;padding:0;min-width:0}
legend{font-weight:600;padding:0;margin-bottom:8px}
.stay{display:grid;grid-template-columns:1fr 1fr 1fr;gap:8px;position:relative}
.stay input[type=radio]{position:absolute;opacity:0;width:1px;height:1px}
.stay input+label{display:block;text-align:center;padding:10px 4px;border-radius:14px;background:var(--chip);border:2px solid transparent;font-size:.97rem;line-height:1.25;cursor:pointer}
.stay small{display:block;color:var(--soft);font-size:.82rem}
.stay input:checked+label{border-color:var(--lamp);background:var(--panel)}
.stay input:focus-visible+label{outline:3px solid var(--lamp);outline-offset:2px}
.day{display:none;grid-column:1/-1}
#until:checked~.day{display:flex;align-items:center;justify-content:space-between;gap:12px;font-size:.97rem}
.warn{margin:18px 0 14px;font-size:.97rem}
.tick{display:flex;gap:12px;align-items:center;margin:0 0 16px;padding:12px 14px;border:2px solid var(--bad);border-radius:14px;font-size:.97rem}
.tick input{width:24px;height:24px;flex:none;margin:0;accent-color:var(--lamp)}
.two{display:grid;grid-template-columns:1fr 1fr;gap:16px}
.press{display:block;width:100%;font:inherit;font-size:1.08rem;font-weight:650;line-height:1.25;text-align:center;text-decoration:none;min-height:58px;padding:16px .5rem;border-radius:16px;border:2px solid var(--strong);background:transparent;color:var(--text);cursor:pointer}
.first{background:var(--strong);color:var(--on-strong)}
.press:focus-visible,.link:focus-visible,summary:focus-visible,input:focus-visible{outline:3px solid var(--lamp);outline-offset:3px}
.press+.soft{margin-top:12px}
.soft+.press{margin-top:14px}
.link{font:inherit;font-weight:600;background:none;border:0;padding:12px 8px;min-height:44px;color:var(--lamp);text-decoration:underline;text-underline-offset:.18em;cursor:pointer}
.bad{color:var(--bad)}
.who{display:flex;flex-wrap:wrap;justify-content:center;align-items:center;text-align:center;margin-top:12px;color:var(--soft);font-size:.93rem}
.who b{color:var(--text)}
.row{margin-bottom:12px;padding-bottom:4px}
.row .device{width:52px;height:41px}
.row strong{font-size:1.1rem}
.on{color:var(--good);font-weight:600}
.chips{display:flex;flex-wrap:wrap;gap:6px;margin:12px 0}
.chips span{background:var(--chip);border-radius:10px;padding:3px 10px;font-size:.9rem}
.row form{border-top:1px solid var(--line)}
.row .link{display:block;width:100%;text-decoration:none}
.last{padding-bottom:18px}
.knock{margin-bottom:18px}
details{margin-top:26px;text-align:center}
summary{display:inline-block;list-style:none;padding:12px 8px;min-height:44px;color:var(--lamp);font-weight:600;text-decoration:underline;text-underline-offset:.18em;cursor:pointer}
summary.bad{color:var(--bad)}
summary::-webkit-details-marker{display:none}
details>form>.press{margin-top:12px;border-color:var(--bad);color:var(--bad)}
.field{width:100%;font:700 1.6rem/1.2 ui-monospace,"SF Mono","Noto Sans Mono",Menlo,monospace;letter-spacing:.1em;text-align:center;text-transform:uppercase;padding:16px 8px;margin:8px 0;border-radius:16px;border:2px solid var(--edge);background:var(--panel);color:var(--text)}
.date{font:inherit;padding:8px 10px;min-height:44px;border-radius:12px;border:2px solid var(--edge);background:var(--panel);color:var(--text);color-scheme:light dark}
.text{display:block;width:100%;font:inherit;font-size:1.1rem;padding:13px 14px;min-height:52px;margin:6px 0 14px;border-radius:14px;border:2px solid var(--edge);background:var(--night);color:var(--text)}
.press small{display:block;font-size:.85rem;font-weight:400;margin-top:2px}
.ways>*{margin-top:14px}
.ways label{font-size:.95rem;color:var(--soft)}
.ways .card .press{margin-top:14px}
.or{font-weight:600;margin-bottom:12px}
details .ways{text-align:start}
.name{font-size:1.3rem;line-height:1.3}
.chips .lamp{color:var(--lamp);font-weight:600}
.links{padding:2px 18px}
.links a{display:block;position:relative;padding:12px 28px 12px 0;min-height:44px;color:inherit;text-decoration:none}
.links a+a{border-top:1px solid var(--line)}
.links a::after{content:"";position:absolute;inset-inline-end:4px;top:50%;width:9px;height:9px;margin-top:-5px;border-top:3px solid var(--edge);border-inline-end:3px solid var(--edge);transform:rotate(45deg)}
.links strong{display:block;font-size:1.08rem;line-height:1.3}
.links a:focus-visible{outline:3px solid var(--lamp);outline-offset:3px;border-radius:8px}
.note{border-color:var(--bad);margin-bottom:16px}
.todo{color:var(--lamp);font-size:.95rem;font-weight:600}
.big{font-size:2.6rem;padding:10px 0}
.steps{list-style:none;margin:18px 0;padding:0}
.steps li{display:flex;gap:14px;align-items:baseline;padding:7px 0}
.n{flex:none;width:1.7em;height:1.7em;line-height:1.7em;border-radius:50%;background:var(--chip);color:var(--lamp);font-weight:700;text-align:center}
.gap{margin-top:18px}`

function variables(c: typeof dark | typeof light, strong: string, onStrong: string): string {
  const colours = Object.entries(c).map(([name, value]) => `--${name}:${value}`)
  return [...colours, `--strong:${strong}`, `--on-strong:${onStrong}`].join(';')
}
