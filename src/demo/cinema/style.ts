/** Readable from a sofa, and on engines of ten years ago: no variables, grid, flex or vw, drawings with both sizes. */
export const cinemaStyle = `
*{box-sizing:border-box}
html,body{margin:0;padding:0}
body{background:#100d14;color:#f4efe6;font:24px/1.4 "Noto Sans","Helvetica Neue",Arial,sans-serif}
a{color:inherit;text-decoration:none}
p{margin:0 0 .7em}
.top{padding:1.1em 5% .9em;border-bottom:1px solid #2c2533}
.name{font-weight:700;letter-spacing:.02em;color:#ff9d7a}
.live{float:right;font-size:.8em;line-height:1.75;color:#b9aebf}
.live.on{color:#8fe0b0}
.main{padding:1.2em 5% 2em}
h1{font-size:2em;line-height:1.15;margin:0 0 .45em;letter-spacing:-.01em}
h2{font-size:1em;font-weight:400;color:#b9aebf;margin:1.4em 0 .8em}
.soft{color:#b9aebf;font-size:.85em}
.story{max-width:26em;color:#e2dae4}
.film{display:table;width:100%}
.cover,.about{display:table-cell;vertical-align:top}
.cover{width:11.5em;padding-right:2em}
svg{display:block;border-radius:.5em}
.cover svg{width:9.5em;height:14.25em}
.shelf svg{width:8.5em;height:12.75em}
.play{display:inline-block;background:#ff9d7a;color:#100d14;font-weight:700;padding:.6em 1.3em;border-radius:.6em;margin:.3em 0 .5em}
a:focus{outline:4px solid #fff;outline-offset:4px}
.asked{border-top:1px solid #2c2533;padding-top:.9em;margin-top:.8em;font-size:.85em;color:#b9aebf}
.asked p{margin:0 0 .25em}
.asked b{color:#f4efe6;font-weight:600;word-wrap:break-word}
#asked{font-family:"Noto Sans Mono",Menlo,monospace;color:#ffd98a}
.shelf a{display:inline-block;width:8.5em;margin:0 1.2em 1em 0;vertical-align:top;font-size:.82em;line-height:1.25}
.shelf span{display:block;padding-top:.6em}
@media (max-height:600px){body{font-size:19px}}
@media (max-width:620px){body{font-size:17px}.cover,.about{display:block}.cover{padding:0 0 1em}}
@media (min-width:1600px) and (min-height:860px){body{font-size:36px}}
@media (min-width:3000px){body{font-size:72px}}`
