#include "measure/internal/page/page.h"

#include "measure/internal/charts/forest.h"
#include "measure/internal/charts/style.h"
#include "measure/internal/page/amounts.h"
#include "measure/internal/page/markup.h"
#include "measure/internal/page/sections.h"
#include "measure/internal/page/style.h"
#include "measure/internal/words.h"

namespace tact::internal::page {
namespace {

using charts::escape;

std::string id_of(std::size_t i) { return "r" + std::to_string(i + 1); }

// Reports whose primary metric is written alike share one scale; the first kind has the forest.
std::string all_effects(const Page& page) {
  charts::Forest chart;
  for (std::size_t i = 0; i < page.reports.size(); ++i) {
    const Findings& findings = *page.reports[i];
    const MetricFinding* primary = findings.primary();
    if (primary == nullptr || primary->against.empty()) continue;
    const Amounts amounts(findings.plan, findings.metric(*primary));
    if (chart.frame.caption.empty()) {
      chart.frame.caption = "more or fewer " + amounts.per() + " than without it";
      chart.figure_head = "difference " + amounts.per();
    } else if (chart.figure_head != "difference " + amounts.per()) {
      continue;
    }
    for (const Comparison& effect : primary->against) {
      const Estimate& e = effect.difference;
      charts::ForestRow row;
      row.name = headline_name(findings);
      if (several(findings)) row.aside = arm_name(findings, effect.arm);
      row.figure = amounts.interval(e) + " " + amounts.name();
      row.estimate = e.estimate * amounts.scale();
      row.low = e.low * amounts.scale();
      row.high = e.high * amounts.scale();
      row.emphasis = findings.plan.name.empty();
      row.shape = static_cast<int>(effect.arm) - 1;
      row.tone = tone_of(findings.verdict);
      chart.frame.says += row.name + ": " + row.figure + ". ";
      chart.rows.push_back(row);
    }
  }
  chart.frame.id = "all";
  chart.frame.title = "Effects of all that can be judged";
  chart.name_head = "what";
  return charts::forest(chart);
}

// One line each: its name leads to its report.
std::string index(const Page& page) {
  std::string lines;
  for (std::size_t i = 0; i < page.reports.size(); ++i) {
    const Findings& findings = *page.reports[i];
    lines += "<li><a href=\"#" + id_of(i) + "\">" + escape(headline_name(findings)) + "</a> " +
             verdict_tag(findings.verdict) + " <span class=\"why\">" + escape(findings.says) +
             "</span></li>\n";
  }
  for (const Waiting& waiting : page.waiting) {
    lines += "<li><span>" + escape(waiting.name) + "</span> " + tag("plain", "not met") +
             " <span class=\"why\">" + escape(waiting.why) + "</span></li>\n";
  }
  return "<section class=\"card index\" id=\"top\">\n" + element("p", "lead", page.lead) +
         all_effects(page) + "<ul class=\"arms\">\n" + lines + "</ul>\n</section>\n";
}

std::string header(const Page& page) {
  return "<header><div class=\"logo\"><i></i>Tact</div><h1>Does it help?</h1><span "
         "class=\"about\">" +
         escape(page.about) + (page.simulated ? " " + tag("credit", "simulated") : "") +
         "</span></header>\n";
}

std::string footer(const Page& page) {
  std::string out = "<footer>\n";
  for (const std::string& note : page.notes) out += element("p", "", note);
  out += "<p>" + (page.as_of.empty() ? "" : "As of " + escape(page.as_of) + ". ") + "Data <code>" +
         escape(page.data_hash) + "</code></p>\n";
  return out + "</footer>\n";
}

}  // namespace

std::string card(const Findings& findings, const std::string& id, bool indexed) {
  const std::string name = escape(id);
  return "<section class=\"card" + std::string(findings.plan.name.empty() ? " whole" : "") +
         "\" id=\"" + name + "\" aria-labelledby=\"" + name + "-h\">\n" +
         verdict_part(findings, id) +
         laid_out({{effect_part(findings, id), several(findings)},
                   {credit_part(findings, id)},
                   {return_part(findings, id), several(findings)},
                   {additivity_part(findings, id)},
                   {tier_part(findings, id)},
                   {segment_part(findings, id), several(findings) || findings.segments.size() > 1},
                   {uplift_part(findings, id)},
                   {lasting_part(findings, id), findings.curves.size() > 1},
                   {lifetime_part(findings, id), several(findings)},
                   {asked_part(findings), several(findings)},
                   {again_part(findings), several(findings)},
                   {guardrail_part(findings)},
                   {health_part(findings)}}) +
         metrics_part(findings) + method_part(findings) +
         (indexed ? "<p class=\"up\"><a href=\"#top\">Back to all verdicts</a></p>\n" : "") +
         "</section>\n";
}

std::string document(const Page& page) {
  std::string out =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
      "<title>Does it help? " +
      escape(page.about) + "</title>\n<style>";
  out += page_style();
  out += charts::style_sheet();
  out += "</style></head>\n<body>\n" + header(page) + "<main>\n";
  const bool indexed = page.reports.size() + page.waiting.size() != 1;
  if (indexed) out += index(page);
  for (std::size_t i = 0; i < page.reports.size(); ++i) {
    out += card(*page.reports[i], id_of(i), indexed);
  }
  if (page.reports.empty() && page.waiting.size() == 1) {
    out += "<section class=\"card\"><h2 class=\"head\">" + escape(page.waiting.front().name) +
           "</h2>\n" + element("p", "verdict", page.waiting.front().why) + "</section>\n";
  }
  return out + "</main>\n" + footer(page) + "</body></html>\n";
}

}  // namespace tact::internal::page
