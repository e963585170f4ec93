#include "measure/internal/html.h"

namespace tact::internal {
namespace {

// The tokens of the console's style sheet; dark by the reader's preference, never on paper.
constexpr std::string_view kStyle = R"css(
:root{--ink:#1d2327;--soft:#5b666d;--line:#e3e6e4;--paper:#fbfaf7;--card:#fff;--rail:#eef0ee;--mark:#8b9690;
--calm:#1f6f5c;--calm-2:#d9ece5;--held:#7a5f30;--held-2:#f3e9d2;--stop:#a8452f;--stop-2:#f6e1da;
--info:#33567f;--info-2:#e3eaf2;--credit:#e4ddca;color-scheme:light dark}
@media screen and (prefers-color-scheme:dark){:root{--ink:#e9ecea;--soft:#a3adb2;--line:#343b3f;
--paper:#15191b;--card:#1c2124;--rail:#2c3336;--mark:#87928c;--calm:#6fc0aa;--calm-2:#1f3d36;--held:#d9bd85;
--held-2:#3a3120;--stop:#e58f78;--stop-2:#45271f;--info:#9dbbe0;--info-2:#22303f;--credit:#4b4330}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 Inter,system-ui,-apple-system,"Segoe UI",sans-serif;
font-feature-settings:"tnum","cv05";overflow-wrap:break-word}
h1,h2,h3,p,dl,dd,figure{margin:0}
header{display:flex;align-items:center;gap:4px 28px;flex-wrap:wrap;padding:14px 28px;border-bottom:1px solid var(--line);background:var(--card)}
.logo{font-weight:650;letter-spacing:-.01em;font-size:17px}
.logo i{display:inline-block;width:9px;height:9px;border-radius:50%;background:var(--calm);margin-right:8px}
header .about{margin-left:auto;color:var(--soft)}
main,footer{max-width:1180px;margin:auto;padding:24px 28px}
main{display:grid;gap:24px}
main>*{min-width:0}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:18px 20px;break-inside:avoid}
.lead{font-size:22px;font-weight:600;letter-spacing:-.015em;line-height:1.35;max-width:44ch;text-wrap:pretty}
h2{font-size:13px;letter-spacing:.02em;color:var(--soft);font-weight:550;margin-bottom:12px}
.head{display:flex;align-items:center;gap:4px 12px;flex-wrap:wrap}
.verdict{font-size:19px;font-weight:600;letter-spacing:-.01em;line-height:1.35;max-width:62ch;text-wrap:pretty}
.universal .verdict{font-size:22px;letter-spacing:-.015em}
.sub{color:var(--soft);margin-top:4px;max-width:62ch;text-wrap:pretty}
.two{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:16px 40px;margin-top:20px}
figcaption,.rest dt,th{font-size:13px;color:var(--soft);font-weight:400}
figcaption{margin-bottom:8px}
.plot{display:grid;grid-template-columns:max-content minmax(0,1fr) max-content;gap:4px 14px;align-items:center}
.row{display:contents}
.row .name,.row .figure{font-size:13px}
.row .name{color:var(--soft)}
.wide .row .name{color:var(--ink);font-size:15px;min-width:158px}
.wide .row.whole .name{font-weight:600}
svg{display:block;overflow:visible}
svg text{font-size:12px;fill:var(--soft)}
.zero{stroke:var(--mark);stroke-width:1}
.point{stroke-width:2.5}.whisker{stroke-width:1.5}
.credited{fill:var(--credit)}.range{stroke-opacity:.5}.helps .range{stroke:var(--calm)}.hurts .range{stroke:var(--stop)}.open .range{stroke:var(--info)}
.helps .range{fill:var(--calm-2)}.helps .solid{fill:var(--calm)}.helps line:not(.zero){stroke:var(--calm)}
.hurts .range{fill:var(--stop-2)}.hurts .solid{fill:var(--stop)}.hurts line:not(.zero){stroke:var(--stop)}
.open .range{fill:var(--info-2)}.open .solid{fill:var(--info)}.open line:not(.zero){stroke:var(--info)}
.tag{font-size:12px;border-radius:5px;padding:2px 8px;font-weight:500;white-space:nowrap;letter-spacing:0}
.tag.helps{background:var(--calm-2);color:var(--calm)}.tag.hurts{background:var(--stop-2);color:var(--stop)}
.tag.open{background:var(--info-2);color:var(--info)}.tag.none{background:var(--rail);color:var(--soft)}
.tag.sand{background:var(--held-2);color:var(--held)}
table{border-collapse:collapse;width:100%;font-size:13px;margin-top:16px}
th,td{padding:6px 0 6px 16px;text-align:right;border-top:1px solid var(--line);vertical-align:baseline}
thead th{border-top:0}
th:first-child,td:first-child{padding-left:0}
th:first-child{text-align:left}
tbody th{color:var(--ink)}
.rest{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:4px 16px;margin-top:16px;font-size:13px}
.rest dd{color:var(--ink)}
.waiting{display:grid;grid-template-columns:170px minmax(0,1fr);gap:0 12px;padding:6px 0;border-top:1px solid var(--line)}
.waiting:first-of-type{margin-top:12px}
.waiting .why{color:var(--soft)}
footer{color:var(--soft);font-size:13px;padding-top:0;padding-bottom:40px}
footer p{max-width:90ch;margin-bottom:8px}
code{font:12px/1.5 ui-monospace,SFMono-Regular,Menlo,monospace;overflow-wrap:anywhere}
@media (max-width:760px){header,main,footer{padding-left:16px;padding-right:16px}main{gap:12px;padding-top:16px}
.two{grid-template-columns:minmax(0,1fr)}
.plot{display:block}.row{display:grid;grid-template-columns:minmax(0,1fr) max-content;gap:0 12px;padding:6px 0}
.row svg{grid-row:2;grid-column:1/-1}.row.axis{padding:0}.row.axis span{display:none}
thead{display:none}table,tbody,tr,th,td{display:block}tr{border-top:1px solid var(--line);padding:6px 0}
th,td{border:0;padding:2px 0;text-align:left}td{display:flex;justify-content:space-between;gap:12px}
td::before{content:attr(data-of);color:var(--soft)}
.rest{grid-template-columns:minmax(0,1fr);gap:0}.rest dd{margin-bottom:6px}
.waiting{grid-template-columns:minmax(0,1fr)}
header .about{margin-left:0}}
@media print{:root{color-scheme:light}body{background:#fff;font-size:12px}header{padding:0 0 12px}main,footer{padding:16px 0;max-width:none}
.card{border-color:#ccc}rect,.tag,.logo i{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
)css";

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string_view tone_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kHelps:
      return "helps";
    case Verdict::kAtACost:
    case Verdict::kHurts:
    case Verdict::kCannotBeJudged:
      return "hurts";
    case Verdict::kNoEffect:
    case Verdict::kNotClear:
      return "open";
    case Verdict::kNotEnoughData:
      return "none";
  }
  return "none";
}

std::string verdict_tag(const Findings& report) {
  return "<span class=\"tag " + std::string(tone_of(report.verdict)) + "\">" +
         std::string(to_string(report.verdict)) + "</span>";
}

std::string_view style_sheet() { return kStyle; }

}  // namespace tact::internal
