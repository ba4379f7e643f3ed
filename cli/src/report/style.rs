/// The look of a page; colours and drawings are [`crate::watch::plot::style`]'s.
pub const STYLE: &str = "
*{box-sizing:border-box}
html{background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
body{margin:0}
main{max-width:1040px;margin:0 auto;padding:28px 24px 64px}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 20px;overflow-wrap:anywhere}
h2{font-size:1.12rem;margin:40px 0 10px}
p{margin:0 0 14px;max-width:72ch}
.note,.card .note{color:var(--soft);font-size:.875rem}
.figure,td.number{font-variant-numeric:tabular-nums}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(160px,1fr));gap:12px}
.card{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:12px 14px}
.card .name{color:var(--soft);font-size:.875rem}
.card .value{font-size:1.7rem;font-weight:600;line-height:1.3}
.card .note{overflow-wrap:anywhere;line-height:1.35}
table{border-collapse:collapse;font-size:.94rem}
th{text-align:left;font-weight:500;color:var(--soft);padding:4px 18px 4px 0;vertical-align:top;white-space:nowrap}
td{padding:4px 18px 4px 0;overflow-wrap:anywhere}
code{font:.875rem ui-monospace,monospace}
.events td,.events th{border-bottom:1px solid var(--line);white-space:nowrap}
.wide svg.series{min-width:640px}
.bars{display:grid;gap:5px}
.bar{display:grid;grid-template-columns:minmax(90px,220px) 1fr 64px;gap:12px;align-items:center;font-size:.94rem}
.bar .label{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.bar .track{background:var(--panel);border:1px solid var(--line);border-radius:3px;height:15px;overflow:hidden}
.bar .fill{display:block;height:100%;background:var(--fill)}
.bar .figure{text-align:right}
.split{display:flex;height:26px;border:1px solid var(--line);border-radius:4px;overflow:hidden;background:var(--panel);margin-bottom:10px}
.split span{display:block;height:100%}
.quantisation{background:var(--fill)}.ties{background:var(--part)}.disagreement{background:var(--bad)}
.warning{border-left:4px solid var(--bad);background:var(--panel);padding:10px 14px;margin:12px 0;overflow-wrap:anywhere}
.warning p{max-width:none;margin:0}
svg.histogram{width:100%}
svg.square{width:320px}
svg .diagonal{stroke:var(--soft);stroke-dasharray:5 4}
svg .point{fill:var(--fill)}
h3{font-size:1rem;margin:18px 0 6px}
svg.spread{width:640px;margin-bottom:10px}
svg.histogram rect{fill:var(--fill)}
svg.scatter{width:440px}
svg.scatter .diagonal{stroke:var(--soft);stroke-dasharray:5 4}
svg.scatter .point{fill:var(--fill);fill-opacity:.55;stroke:var(--fill);stroke-width:.8}
svg.tiles{width:min(440px,100%);background:var(--panel);border:1px solid var(--line)}
svg.tiles .tile{stroke:var(--line);stroke-width:.5}
.step0{fill:var(--step0);background:var(--step0)}.step1{fill:var(--step1);background:var(--step1)}.step2{fill:var(--step2);background:var(--step2)}
.step3{fill:var(--step3);background:var(--step3)}.step4{fill:var(--step4);background:var(--step4)}.step5{fill:var(--step5);background:var(--step5)}
svg.tiles .on4,svg.tiles .on5{fill:#14171b}
svg.tiles .none{fill:none;stroke:var(--line);stroke-width:.5}
.legend{display:flex;flex-wrap:wrap;gap:6px 20px;font-size:.94rem;max-width:none}
.legend i{display:inline-block;width:14px;height:14px;border:1px solid var(--soft);border-radius:3px;margin-right:7px;vertical-align:-2px}
.frames{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,420px),1fr));gap:22px 26px;margin-bottom:14px}
.frames figure{margin:0;display:grid;grid-template-columns:1fr 1fr;gap:0 4px;align-content:start}
.frames figcaption{grid-column:1/-1;font-size:.94rem;margin-bottom:6px;overflow-wrap:anywhere}
.frames img{display:block;width:100%;height:auto;image-rendering:pixelated}
button{font:inherit;color:inherit;background:none;border:0;padding:0;margin:0;text-align:inherit;cursor:pointer}
button:focus-visible{outline:2px solid var(--fill);outline-offset:2px}
button.enlarge{cursor:zoom-in;display:block;align-self:start}
dialog{border:1px solid var(--line);background:var(--ground);color:var(--ink);padding:12px;max-width:98vw;max-height:98vh;cursor:zoom-out}
dialog::backdrop{background:#000a}
dialog img{display:block;width:min(94vw,86vh*var(--wide,1));height:auto;max-height:86vh;object-fit:contain;image-rendering:pixelated}
.wide{overflow-x:auto;margin-bottom:14px}
table.sortable{width:100%}
table.sortable th button{white-space:nowrap}
table.sortable th button::after{content:'';display:inline-block;width:.9em}
table.sortable th[aria-sort=ascending] button::after{content:' ▴'}
table.sortable th[aria-sort=descending] button::after{content:' ▾'}
table.sortable td,table.sortable th{border-bottom:1px solid var(--line)}
table.sortable .number{text-align:right;font-variant-numeric:tabular-nums;padding-right:0;padding-left:18px}
table.sortable td.name{max-width:18rem;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
table.sortable .share{width:30%;min-width:70px;padding-right:0}
table.sortable .track{display:block;background:var(--panel);border:1px solid var(--line);border-radius:3px;height:15px;overflow:hidden}
table.sortable .fill{display:block;height:100%;background:var(--fill)}
@media (max-width:700px){main{padding:20px 14px 48px}table.sortable .share{display:none}table.facts th{white-space:normal;padding-right:12px}}
.frames svg.tiles{width:100%}
.beside{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,380px),1fr));gap:14px 36px;align-items:start}
";
