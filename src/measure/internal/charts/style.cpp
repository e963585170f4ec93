#include "measure/internal/charts/style.h"

namespace tact::internal::charts {
namespace {

// A tone gives a mark two colours: --c for lines and solid shapes, --c2 for areas.
constexpr std::string_view kStyle = R"css(
.plain{--c:var(--mark);--c2:var(--rail)}.helps{--c:var(--calm);--c2:var(--calm-2)}
.hurts{--c:var(--stop);--c2:var(--stop-2)}.open{--c:var(--info);--c2:var(--info-2)}
.credit{--c:var(--held);--c2:var(--credit)}
.chart svg{display:block;overflow:visible}
.chart svg.area{overflow:hidden}
.chart text{font-size:12px;fill:var(--soft)}
.plot text{paint-order:stroke;stroke:var(--card);stroke-width:3px;stroke-linejoin:round}
.chart text.ink{fill:var(--ink);font-weight:550}
.plot{display:block;padding:14px 10px 0 44px}
.area *{vector-effect:non-scaling-stroke;fill:none}
.grid{stroke:var(--line)}
.target{stroke:var(--ink);stroke-width:1.5;stroke-dasharray:3 3}
.zero{stroke:var(--mark);stroke-width:1.25}
.area .band{fill:var(--c2);fill-opacity:.75}
.area .tiny,.tiny{fill:var(--rail)}
.edge{stroke:var(--c);stroke-width:1;stroke-opacity:.8}
.line{stroke:var(--c);stroke-width:2.25}
.area .dashed{stroke-dasharray:4 4}
.chance{stroke:var(--soft);stroke-width:1.5;stroke-dasharray:2 4}
.arm-1{stroke-dasharray:7 4}.arm-2{stroke-dasharray:2 3}.arm-3{stroke-dasharray:9 3 2 3}
.solid{fill:var(--c);stroke:var(--card);stroke-width:1.5}
.hollow{fill:var(--card);stroke:var(--c);stroke-width:2}
.whisker{stroke:var(--c);stroke-width:2}.whisker.strong{stroke-width:3}
.cap{stroke:var(--c);stroke-width:2}
.bar{fill:var(--c)}.bar.credit{fill:var(--c2);stroke:var(--c)}
.bar.dashed{fill:var(--c2);fill-opacity:.45;stroke:var(--c);stroke-width:1.25;stroke-dasharray:4 3}
.rows{display:grid;grid-template-columns:minmax(110px,max-content) minmax(0,1fr) max-content;column-gap:16px}
.names>div,.figures>div{height:40px;display:flex;align-items:center;font-size:13px;line-height:1.3}
.names{max-width:240px}
.names span{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;line-clamp:2;overflow:hidden;overflow-wrap:anywhere}
.names small{font-size:12px;color:var(--soft)}
.names .indent{padding-left:14px}
.names .heading,.names .strong,.figures .strong{font-weight:600}
.figures>div{justify-content:flex-end;text-align:right;max-width:210px}
.marks{position:relative;min-height:100%}
.marks>svg{position:absolute;inset:0}
.below{grid-column:2}
details.data{margin-top:6px;font-size:13px;color:var(--soft)}
details.data summary{cursor:pointer;width:max-content;max-width:100%}
.aside{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.chart{position:relative;container-type:inline-size}
.data table{width:100%;border-collapse:collapse;margin-top:6px}
.data th,.data td{padding:4px 0 4px 12px;border-top:1px solid var(--line);text-align:right;vertical-align:baseline;font-weight:400}
.data thead th{border-top:0}
.data th:first-child{text-align:left;padding-left:0;overflow-wrap:anywhere}
.data td{color:var(--ink)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:0}
.tiles>div{border-left:3px solid var(--c);padding:2px 0 2px 12px}
.tiles dt{font-size:13px;color:var(--soft)}
.tiles dd{margin:0}
.tiles b{display:block;font-size:22px;line-height:1.3;font-weight:600;letter-spacing:-.015em}
.tiles dd span{font-size:13px;color:var(--soft)}
@container (max-width:640px){.roomy{display:none}}
@container (max-width:460px){
.rows{grid-template-columns:minmax(96px,1fr) minmax(0,max-content)}
.rows>.names{grid-area:1/1}
.rows>.figures{grid-area:1/2}
.rows>.marks{grid-area:1/1/auto/-1;top:12px}
.rows>.below{grid-area:2/1/auto/-1;margin-top:8px}
.names{max-width:none}
.names>div,.figures>div{height:56px;align-items:flex-start}
.figures>div{max-width:none}
.names,.figures{position:relative;z-index:1}
.names span,.figures span{background:var(--card)}
.bars .names>div,.bars .figures>div{height:68px}
.bars .rows>.marks{top:16px}
}
@media print{.chart{break-inside:avoid}details.data:not([open]){display:none}
.chart svg *,.tiles>div{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
)css";

}  // namespace

std::string_view style_sheet() { return kStyle; }

}  // namespace tact::internal::charts
