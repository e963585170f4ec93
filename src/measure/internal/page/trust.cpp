#include <algorithm>

#include "measure/internal/dates.h"
#include "measure/internal/guard_words.h"
#include "measure/internal/numbers.h"
#include "measure/internal/page/amounts.h"
#include "measure/internal/page/markup.h"
#include "measure/internal/page/sections.h"
#include "measure/internal/words.h"

namespace tact::internal::page {
namespace {

using charts::escape;

std::string withheld_words(const MetricFinding& found) {
  switch (found.withheld) {
    case Withheld::kNothing:
      return {};
    case Withheld::kNotEnough:
      return "not enough data yet";
    case Withheld::kNothingVaries:
      return "nothing varies";
    case Withheld::kSampleRatio:
      return "not compared";
    case Withheld::kNotEstimable:
      return found.reason.empty() ? "not estimable" : found.reason;
  }
  return {};
}

std::string cell(const char* of, const std::string& text) {
  return std::string("<td role=\"cell\" data-of=\"") + of + "\">" + escape(text) + "</td>";
}

std::string guard_tag(const GuardrailFinding& guard) {
  switch (guard.verdict) {
    case stats::GuardrailVerdict::kNotWorse:
      return tag("helps", "not worse");
    case stats::GuardrailVerdict::kWorse:
      return tag("hurts", "worse");
    case stats::GuardrailVerdict::kCannotTell:
      return tag("plain", "cannot tell yet");
  }
  return {};
}

std::string guard_row(const Findings& findings, const MetricFinding& found) {
  const Metric& metric = findings.metric(found);
  const Amounts amounts(findings.plan, metric);
  std::string out;
  const auto add = [&](const std::string& name, const std::string& verdict,
                       const std::string& difference, const std::string& limit) {
    out += "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">" + escape(name) + " " + verdict +
           "</th>" + cell("difference", difference) + cell("may be worse by", limit) + "</tr>\n";
  };
  for (const Comparison& effect : found.against) {
    if (!effect.guard) continue;
    add(several(findings) ? amounts.name() + ", " + arm_name(findings, effect.arm) : amounts.name(),
        guard_tag(*effect.guard), amounts.interval(effect.difference) + " " + amounts.per(),
        percent(effect.guard->margin, 0));
  }
  if (out.empty()) {
    add(amounts.name(), tag("plain", "cannot tell yet"), withheld_words(found),
        percent(metric.margin, 0));
  }
  return out;
}

std::string header_row(const std::vector<const char*>& names) {
  std::string out;
  for (const char* name : names) {
    out += std::string("<th role=\"columnheader\" scope=\"col\">") + name + "</th>";
  }
  return "<thead role=\"rowgroup\"><tr role=\"row\">" + out + "</tr></thead>";
}

// One arm's mean is shown where the arms may be compared, and only there.
std::string figures(const Findings& findings, const MetricFinding& found, std::size_t arm) {
  const Metric& metric = findings.metric(found);
  const Amounts amounts(findings.plan, metric);
  const ArmCounts& counts = found.arms[arm];
  const Comparison* effect = arm == 0 ? nullptr : found.of(arm);
  const std::string difference = arm == 0            ? std::string("compared with")
                                 : effect != nullptr ? amounts.interval(effect->difference)
                                                     : withheld_words(found);
  return "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">" +
         escape(arm_name(findings, arm)) + "</th>" + cell("counted", grouped(counts.units)) +
         cell("in all", amounts.sum(counts.total)) +
         (found.against.empty() ? "" : cell("each", amounts.level(counts.mean(metric.kind)))) +
         cell("difference", difference) + "</tr>\n";
}

// Nobody's time is over; or of what no report wants, nobody did it.
bool is_empty(const Findings& findings, const MetricFinding& found) {
  const bool standing = is_standing(findings, found);
  return std::all_of(found.arms.begin(), found.arms.end(), [&](const ArmCounts& arm) {
    return standing ? arm.reached == 0 : arm.units == 0;
  });
}

std::string sample_ratio(const Findings& findings) {
  std::string shares;
  for (std::size_t arm = 0; arm < findings.ratio.observed.size(); ++arm) {
    shares += (shares.empty() ? "" : ", ") + arm_name(findings, arm) + " " +
              percent(findings.ratio.observed[arm], 1) + " (" +
              percent(findings.ratio.planned[arm], 1) + " planned)";
  }
  if (shares.empty()) return {};
  if (findings.all_hidden()) return "those so far are too few to be shown";
  const RatioCheck& ratio = findings.ratio;
  if (!ratio.checked) return shares + "; too few to check";
  if (ratio.failed) return shares + "; not by chance: nothing is compared";
  const bool open = findings.primary() != nullptr && !findings.primary()->against.empty();
  if (!open) return shares + "; as chance would have it";
  return shares + "; as chance would have it (p = " + power_of_ten(ratio.log10_p) +
         ", over all looks " + power_of_ten(ratio.sequential_log10_p) + ")";
}

std::string crossovers(const Findings& findings) {
  if (findings.all_hidden()) return {};
  const std::string crossed = say_crossed(findings);
  return crossed.empty() ? "none" : crossed + " met another arm later and stay in their first";
}

std::string provisional(const Findings& findings) {
  const MetricFinding* primary = findings.primary();
  if (primary == nullptr) return {};
  std::int64_t open = 0;
  for (const ArmCounts& arm : primary->arms) open += arm.provisional();
  if (open == 0) return {};
  return grouped(open) + " " + findings.plan.units() +
         " are not counted yet: the time of all who are shown with them is not over";
}

}  // namespace

std::string figures_behind(const Findings& findings, const Comparison& effect,
                           const Amounts& amounts) {
  const std::string arm = several(findings) ? arm_name(findings, effect.arm) + ", " : "";
  Definitions list = {{arm + "relative", say_lift(effect.lift)},
                      {arm + "at one fixed time", amounts.interval(effect.fixed) + ", p = " +
                                                      power_of_ten(effect.fixed_log10_p) +
                                                      "; relative " + say_lift(effect.fixed_lift)},
                      {arm + (effect.one_look ? "p, of this one look" : "p, valid on any day"),
                       power_of_ten(effect.adjusted_log10_p)}};
  if (effect.adjusted) {
    list.push_back({arm + "with " + goal_name(effect.adjusted->covariate) + " known (CUPED)",
                    amounts.interval(effect.adjusted->difference) + ". " + effect.adjusted->says});
  }
  if (effect.capped) {
    list.push_back({arm + "largest 1 % capped", amounts.interval(effect.capped->difference) +
                                                    ", at " + amounts.sum(effect.capped->cap) +
                                                    " (" + grouped(effect.capped->units) +
                                                    " capped)"});
  }
  if (effect.clusters) {
    list.push_back({arm + "independent " + findings.plan.cluster_name + "s",
                    decimal(*effect.clusters, 0) + " of like size in the smaller arm"});
  }
  if (effect.alpha != 0.05)
    list.push_back({arm + "level of the interval", percent(1.0 - effect.alpha, 1)});
  return definitions(list);
}

std::string guardrail_part(const Findings& findings) {
  std::string rows;
  for (const MetricFinding& found : findings.metrics) {
    if (findings.metric(found).role != MetricRole::kGuardrail) continue;
    if (is_standing(findings, found) && found.against.empty())
      continue;  // one line for all of them
    rows += guard_row(findings, found);
  }
  if (findings.ratio.failed) return {};
  if (!rows.empty()) {
    rows = "<table role=\"table\" class=\"stacked\">" +
           header_row({"must not get worse", "difference", "may be worse by"}) +
           "<tbody role=\"rowgroup\">\n" + rows + "</tbody></table>\n";
  }
  const std::string open = say_standing_open(findings);
  return part(
      "At what cost?", {},
      rows + (open.empty() ? "" : element("p", "quiet", "Not at the cost of " + open + ".")));
}

std::string metrics_part(const Findings& findings) {
  std::string body, nobody;
  for (const MetricFinding& found : findings.metrics) {
    const Amounts amounts(findings.plan, findings.metric(found));
    if (is_empty(findings, found) && &found != findings.primary()) {
      nobody += (nobody.empty() ? "Nothing to count yet for " : ", ") + amounts.name();
      continue;
    }
    const bool compared = !found.against.empty();
    body +=
        "<table role=\"table\" class=\"stacked\"><caption>" + escape(amounts.name()) +
        (amounts.per().empty() || !compared ? ""
                                            : " <span>each: " + escape(amounts.per()) + "</span>") +
        "</caption>" +
        header_row(compared
                       ? std::vector<const char*>{"arm", "counted", "in all", "each", "difference"}
                       : std::vector<const char*>{"arm", "counted", "in all", "difference"}) +
        "<tbody role=\"rowgroup\">\n";
    for (std::size_t arm = 0; arm < found.arms.size(); ++arm) body += figures(findings, found, arm);
    body += "</tbody></table>\n";
    if (&found == findings.primary()) continue;  // its figures stand beside its effect
    for (const Comparison& effect : found.against)
      body += figures_behind(findings, effect, amounts);
    if (found.uneven) body += element("p", "", found.uneven->says);
  }
  if (!nobody.empty()) body += element("p", "quiet", nobody + ".");
  return closed_part("Every outcome, arm by arm", body);
}

std::string health_part(const Findings& findings) {
  Definitions list = {{"split", sample_ratio(findings)},
                      {"crossovers", crossovers(findings)},
                      {"still open", provisional(findings)}};
  if (findings.attrition) {
    list.push_back({"exposures lost", findings.attrition->loss.says});
    list.push_back({"withdrew consent", findings.attrition->withdrawal.says});
  }
  for (const NoveltyFinding& found : findings.novelty) {
    list.push_back(
        {several(findings) ? "novelty, " + arm_name(findings, found.arm) : "novelty", found.says});
  }
  if (findings.waiting) {
    list.push_back({"waiting", "the newest exposures are too few, or too young, to be shown"});
  }
  if (findings.simulated_units > 0) {
    list.push_back({"simulated", grouped(findings.simulated_units) + " of the " +
                                     findings.plan.units() + " counted"});
  }
  if (findings.left_out_simulated > 0) {
    list.push_back({"left out", grouped(findings.left_out_simulated) + " simulated"});
  }
  if (findings.small_cells_shown) {
    list.push_back({"small cells", "shown, because all of this is simulated"});
  }
  return part("Can the numbers be trusted?", {}, definitions(list));
}

std::string method_part(const Findings& findings) {
  std::string list;
  for (const std::string& sentence : findings.method) list += element("li", "", sentence);
  const std::string window = say_window(findings.first_exposure, findings.last_exposure);
  return closed_part("How was it measured?",
                     (list.empty() ? "" : "<ul class=\"method\">\n" + list + "</ul>\n") +
                         definitions({{"exposures", window}, {"data", findings.data_hash}}));
}

}  // namespace tact::internal::page
