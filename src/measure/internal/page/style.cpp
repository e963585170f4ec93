#include "measure/internal/page/style.h"

namespace tact::internal::page {
namespace {

constexpr std::string_view kStyle = R"css(
:root{--ink:#1d2327;--soft:#5b666d;--line:#e3e6e4;--paper:#fbfaf7;--card:#fff;--rail:#eef0ee;--mark:#8b9690;
--calm:#1f6f5c;--calm-2:#d9ece5;--held:#7a5f30;--held-2:#f3e9d2;--stop:#a8452f;--stop-2:#f6e1da;
--info:#33567f;--info-2:#e3eaf2;--credit:#e4ddca;color-scheme:light dark}
@media screen and (prefers-color-scheme:dark){:root{--ink:#e9ecea;--soft:#a3adb2;--line:#343b3f;
--paper:#15191b;--card:#1c2124;--rail:#2c3336;--mark:#87928c;--calm:#6fc0aa;--calm-2:#1f3d36;--held:#d9bd85;
--held-2:#3a3120;--stop:#e58f78;--stop-2:#45271f;--info:#9dbbe0;--info-2:#22303f;--credit:#4b4330}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 Inter,system-ui,-apple-system,"Segoe UI",sans-serif;
font-feature-settings:"tnum","cv05";font-variant-numeric:tabular-nums;overflow-wrap:break-word}
h1,h2,h3,p,dl,dd,figure,ul{margin:0}
header{display:flex;align-items:baseline;gap:4px 28px;flex-wrap:wrap;padding:14px 28px;border-bottom:1px solid var(--line);background:var(--card)}
h1{font-size:15px;font-weight:550}
.logo{font-weight:650;letter-spacing:-.01em;font-size:17px}
.logo i{display:inline-block;width:9px;height:9px;border-radius:50%;background:var(--calm);margin-right:8px}
header .about{margin-left:auto;color:var(--soft)}
main,footer{max-width:1180px;margin:auto;padding:24px 28px}
main{display:grid;gap:24px}
main>*{min-width:0}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:20px 24px 24px;scroll-margin-top:12px}
.lead{font-size:22px;font-weight:600;letter-spacing:-.015em;line-height:1.35;max-width:44ch;text-wrap:pretty;margin-bottom:16px}
h2{font-size:13px;letter-spacing:.02em;color:var(--soft);font-weight:550;margin-bottom:10px}
h3{font-size:15px;font-weight:600;letter-spacing:-.005em;line-height:1.4}
.head{display:flex;align-items:center;gap:4px 12px;flex-wrap:wrap}
.head span{min-width:0;overflow-wrap:anywhere}
.verdict{font-size:22px;font-weight:600;letter-spacing:-.015em;line-height:1.35;max-width:52ch;text-wrap:pretty}
.sub{color:var(--soft);margin-top:6px;max-width:62ch;text-wrap:pretty}
.because,.says,.quiet{max-width:62ch;text-wrap:pretty}
.because,.quiet{font-size:13px;color:var(--soft);margin-top:6px}
.says{color:var(--soft);margin:2px 0 12px}
.part{margin-top:24px;border-top:1px solid var(--line);padding-top:20px}
.part>h3+*{margin-top:12px}
.part>h3+.says{margin-top:2px}
.part>*+.chart,.part>*+.two,.part>*+.rest{margin-top:20px}
.rest+.rest{margin-top:12px}
.two{display:grid;grid-template-columns:minmax(0,1fr);gap:0 40px}
.two>*{min-width:0}
.part .two{row-gap:24px}
.part>.two+.segment{margin-top:24px}
details.more>summary{cursor:pointer;width:max-content;max-width:100%}
details.more>summary h3{display:inline}
.part details.more{margin-top:16px;font-size:13px;color:var(--soft)}
details.more>summary~*{margin-top:12px}
.up{font-size:13px;margin-top:20px}.up a{color:var(--soft)}
figcaption,.rest dt,th,caption{font-size:13px;color:var(--soft);font-weight:400}
figcaption{margin-bottom:8px}
.tag{font-size:12px;border-radius:5px;padding:2px 8px;font-weight:500;white-space:nowrap;letter-spacing:0;
background:var(--c2);color:var(--c)}
.tag.plain{color:var(--soft)}.tag.credit{background:var(--held-2)}
.arms{list-style:none;padding:0;margin-top:16px}
.arms li{display:grid;grid-template-columns:minmax(0,200px) 128px minmax(0,1fr);gap:0 16px;align-items:baseline;padding:8px 0;border-top:1px solid var(--line)}
.arms .tag{justify-self:start}
.arms li>:first-child{overflow-wrap:anywhere}
.arms .why{color:var(--soft);text-wrap:pretty}
a{color:var(--ink);text-underline-offset:3px;text-decoration-color:var(--mark)}
a:focus-visible,summary:focus-visible{outline:2px solid var(--info);outline-offset:2px;border-radius:3px}
table{border-collapse:collapse;width:100%;font-size:13px}
table+table,.rest+table{margin-top:20px}table+.rest{margin-top:8px}
caption{text-align:left;color:var(--ink);font-weight:550;padding-bottom:2px}
caption span{color:var(--soft);font-weight:400;margin-left:8px}
th,td{padding:6px 0 6px 16px;text-align:right;border-top:1px solid var(--line);vertical-align:baseline}
thead th{border-top:0}
th:first-child,td:first-child{padding-left:0}
th:first-child{text-align:left;width:30%;overflow-wrap:anywhere}
tbody th{color:var(--ink)}
.rest{display:grid;grid-template-columns:minmax(0,max-content) minmax(0,1fr);gap:6px 20px;font-size:13px}
.rest dd{max-width:80ch;overflow-wrap:anywhere}
.method{padding-left:18px;font-size:13px;color:var(--soft);max-width:90ch}
.method li+li{margin-top:4px}
.method+.rest{margin-top:12px}
footer{color:var(--soft);font-size:13px;padding-top:0;padding-bottom:40px}
footer p{max-width:90ch;margin-bottom:8px}
code{font:12px/1.5 ui-monospace,SFMono-Regular,Menlo,monospace;overflow-wrap:anywhere}
@media screen and (min-width:1000px){.two{grid-template-columns:repeat(2,minmax(0,1fr))}}
@media screen and (max-width:760px){header,main,footer{padding-left:16px;padding-right:16px}main{gap:12px;padding-top:16px}
.card{padding:16px 16px 20px}.verdict,.lead{font-size:19px}
.arms li{grid-template-columns:minmax(0,1fr) max-content}.arms .why{grid-column:1/-1}
.stacked thead{display:none}.stacked,.stacked tbody,.stacked tr,.stacked th,.stacked td,.stacked caption{display:block}
.stacked tr{border-top:1px solid var(--line);padding:6px 0}
.stacked th,.stacked td{border:0;padding:2px 0;text-align:left;width:auto}
.stacked td{display:flex;justify-content:space-between;gap:12px;text-align:right}
.stacked td::before{content:attr(data-of);color:var(--soft)}
.stacked td:empty{display:none}
.rest{grid-template-columns:minmax(0,1fr);gap:0}.rest dd{margin-bottom:8px}
header .about{margin-left:0}}
@media print{:root{color-scheme:light}body{background:#fff;font-size:12px}header{padding:0 0 12px}
main,footer{padding:16px 0;max-width:none}main{display:block}
.card{border:0;border-top:1px solid #ccc;border-radius:0;padding:16px 0;margin-bottom:16px}
.part{break-inside:avoid}details.more::details-content{content-visibility:visible;display:block}details.more>summary{list-style:none}.up{display:none}h2,h3,.verdict{break-after:avoid}
.tag,.logo i{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
)css";

}  // namespace

std::string_view page_style() { return kStyle; }

}  // namespace tact::internal::page
