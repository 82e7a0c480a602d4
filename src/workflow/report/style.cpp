#include "workflow/report/parts.h"

namespace inlay {

const std::string_view kReportStyle = R"css(
:root{--page:#f6f7f9;--card:#fff;--ink:#1b1f24;--soft:#66707c;--line:#e1e5ea;--bar:#e9edf2;
--blue:#2f6fde;--green:#198a5a;--amber:#c07a14;--red:#d03b3b}
@media(prefers-color-scheme:dark){:root{--page:#14171b;--card:#1c2026;--ink:#e6e9ee;--soft:#97a1ad;--line:#2d333b;
--bar:#2a3038;--blue:#6ea0ff;--green:#4cc38a;--amber:#e0a64a;--red:#ff6f6f}}
*{box-sizing:border-box}
html{color-scheme:light dark}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:1100px;margin:0 auto;padding:32px 20px 48px}
h1{font-size:26px;margin:0 0 2px;overflow-wrap:anywhere}
h2{font-size:17px;margin:0 0 14px}
.under{color:var(--soft);margin:0 0 22px}
section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:20px;margin:0 0 18px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:14px;margin:0 0 18px}
.tile{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:14px 18px}
.tile b{display:block;font-size:28px;line-height:1.2;font-variant-numeric:tabular-nums}
.tile span{color:var(--soft);font-size:13px}
.curves{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:18px}
.curves figure{margin:0}
figcaption{font-size:13px;color:var(--soft);margin-bottom:4px}
svg{width:100%;height:auto;display:block}
svg text{fill:var(--soft);font-size:11px}
svg .grid{stroke:var(--line)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th{font-weight:500;color:var(--soft);text-align:right;font-size:13px;padding:4px 10px}
td{padding:6px 10px;border-top:1px solid var(--line);text-align:right}
th:first-child,td:first-child{text-align:left;padding-left:0}
td.bar{width:34%;min-width:150px;text-align:left}
.track{display:flex;align-items:center;gap:10px}
.track i{flex:1;height:10px;border-radius:5px;background:var(--bar);overflow:hidden}
.track i>u{display:block;height:100%;background:var(--blue);border-radius:5px}
.swatch{display:inline-block;width:12px;height:12px;border-radius:3px;margin-right:8px;vertical-align:-1px;border:1px solid var(--line)}
tr.total td{font-weight:600}
.samples{display:grid;grid-template-columns:repeat(4,1fr);gap:8px;align-items:start}
.samples .name{grid-column:1/-1;font-size:13px;color:var(--soft);margin-top:8px;overflow-wrap:anywhere}
.samples .head{font-size:13px;color:var(--soft)}
.samples img{width:100%;border-radius:6px;display:block;image-rendering:pixelated;background:var(--bar)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 18px;margin:0}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(320px,1fr));gap:18px}
.two section{margin:0}
.settings{columns:2;column-gap:24px}
.settings div{display:flex;justify-content:space-between;gap:12px;break-inside:avoid;font-size:13px}
.settings span{color:var(--soft)}
.legend{display:flex;flex-wrap:wrap;gap:2px 14px;font-size:12px;color:var(--soft);padding-left:46px;max-height:112px;overflow-y:auto}
.legend i{display:inline-block;width:12px;height:3px;border-radius:2px;margin-right:5px;vertical-align:3px}
a{color:var(--blue);text-decoration:none}
.words th,.words td{text-align:left}
.words td:last-child{color:var(--soft);min-width:300px}
.frames th,.frames td{text-align:left;border:0;padding:2px 6px 2px 0}
.frames img{width:120px;border-radius:6px;display:block;image-rendering:pixelated;background:var(--bar)}
.first th,.first td{white-space:nowrap}
.tall{max-height:640px;overflow-y:auto}
.tall th{position:sticky;top:0;z-index:2;background:var(--card)}
.first th:first-child,.first td:first-child{position:sticky;left:0;z-index:1;background:var(--card)}
.tall .first th:first-child{z-index:3}
.tall tr.total td{position:sticky;bottom:0;z-index:2;background:var(--card)}
.tall tr.total td:first-child{z-index:3}
svg.confusion{max-width:none;margin:0}
svg.confusion text{font-size:inherit}
svg .cell{fill:var(--bar)}
svg g:hover rect{stroke:var(--ink)}
svg text.on{fill:var(--card)}
svg text.off{fill:var(--ink)}
.finding{margin:10px 0 0;padding-left:12px;border-left:3px solid var(--amber);color:var(--soft);font-size:13px;overflow-wrap:anywhere}
.two{margin-bottom:18px}
section dd{font-variant-numeric:tabular-nums}
@media(max-width:700px){.settings{columns:1}}
)css";

}  // namespace inlay
