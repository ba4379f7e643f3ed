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
.events td,.events th{border-bottom:1px solid var(--line)}
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
svg.histogram rect{fill:var(--fill)}
svg.scatter{width:440px}
svg.scatter .diagonal{stroke:var(--soft);stroke-dasharray:5 4}
svg.scatter .point{fill:var(--fill);fill-opacity:.65;stroke:var(--ground)}
svg.tiles{width:min(440px,100%);background:var(--panel);border:1px solid var(--line)}
svg.tiles .tile{fill:var(--bad);stroke:var(--line);stroke-width:.5}
svg.tiles .none{fill:none;stroke:var(--line);stroke-width:.5}
.legend{display:flex;flex-wrap:wrap;gap:6px 20px;font-size:.94rem;max-width:none}
.legend i{display:inline-block;width:14px;height:14px;border:1px solid var(--soft);border-radius:3px;margin-right:7px;vertical-align:-2px}
.frames{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,420px),1fr));gap:22px 26px;margin-bottom:14px}
.frames figure{margin:0;display:grid;grid-template-columns:1fr 1fr;align-content:start}
.frames figcaption{grid-column:1/-1;font-size:.94rem;margin-bottom:6px;overflow-wrap:anywhere}
.frames img{display:block;width:100%;height:auto;image-rendering:pixelated}
.frames svg.tiles{width:100%}
.beside{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,380px),1fr));gap:14px 36px;align-items:start}
";
