#include "measure/internal/words.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "measure/internal/attrition.h"
#include "measure/internal/dates.h"
#include "measure/internal/guard_words.h"
#include "measure/report.h"
#include "stats/gate.h"

namespace tact::internal {
namespace {

const Metric& primary_of(const Findings& report) { return report.plan.metrics.front(); }

std::string units(const Findings& report) {
  return report.whom.empty() ? report.plan.units() : report.whom;
}

// "40 more orders per 1,000 visitors", "€0.77 more revenue per visitor".
std::string say_amount(const Plan& plan, const Metric& metric, double x, int digits) {
  const std::string way = x < 0.0 ? " fewer " : " more ";
  if (metric.money) {
    return money_of(std::abs(x), plan) + (x < 0.0 ? " less " : " more ") + goal_name(metric.name);
  }
  const double scale = metric.kind == MetricKind::kRatio ? 1.0 : 1e3;
  return decimal(std::abs(x) * scale, digits) + way + goal_name(metric.name);
}

int digits_of(const Metric& metric, const Estimate& e) {
  const double scale = metric.kind == MetricKind::kRatio ? 1.0 : 1e3;
  return digits_for(e.low * scale, e.high * scale);
}

std::string per_whom(const Findings& report, const Metric& metric) {
  if (metric.kind == MetricKind::kRatio) return "";
  return metric.money ? " per " + report.plan.unit : " per 1,000 " + units(report);
}

std::string say_effect(const Findings& report, Verdict verdict, const Comparison& comparison) {
  const Metric& metric = primary_of(report);
  const Estimate& e = comparison.difference;
  const int digits = digits_of(metric, e);
  const auto amount = [&](double x) { return say_amount(report.plan, metric, x, digits); };
  if (verdict == Verdict::kNoEffect) {
    const double most = std::max(std::abs(e.low), std::abs(e.high));
    const std::string what = metric.money ? money_of(most, report.plan) + " of"
                             : metric.kind == MetricKind::kRatio ? decimal(most, digits)
                                                                 : decimal(most * 1e3, digits);
    return "at most " + what + " " + goal_name(metric.name) + " either way" +
           per_whom(report, metric) + ".";
  }
  if (verdict == Verdict::kNotClear) {
    const std::string low = amount(e.low);
    const std::string name = " " + goal_name(metric.name);
    return "anything from " + low.substr(0, low.size() - name.size()) + " to " + amount(e.high) +
           per_whom(report, metric) + ".";
  }
  return "about " + amount(e.estimate) + per_whom(report, metric) + ".";
}

std::string say_waiting(const Findings& report, Time now) {
  if (!report.anybody()) return "Not enough data yet — nobody has met it so far.";
  const std::optional<Time>& when = report.primary()->expected_at;
  return when ? "Not enough data yet — " + say_remaining(*when - now) + "."
              : "Not enough data yet.";
}

// The further away, the less exact.
std::string say_expected(const Findings& report, Time now) {
  const MetricFinding* primary = report.primary();
  if (report.verdict != Verdict::kNotEnoughData || !report.anybody() || !primary->expected_at)
    return {};
  const Time at = *primary->expected_at;
  const std::string date = say_date(at);  // "14 Sep 2026"
  if (at - now < days(100)) return "Expected on " + date + ".";
  const std::size_t keep = date.find(' ') + 1;
  if (at - now < days(730)) return "Expected about " + date.substr(keep) + ".";
  return "Expected about " + date.substr(date.rfind(' ') + 1) + ".";
}

std::string say_broken(const Findings& report, const std::vector<std::size_t>& late) {
  const std::string start = "It cannot be judged: ";
  const MetricFinding* primary = report.primary();
  if (primary == nullptr) return start + "no goal is set.";
  if (report.ratio.planned.front() <= 0.0)
    return start + "nobody is held back, so nothing can be compared.";
  if (!late.empty()) return start + "the arms did not begin together.";
  if (primary->withheld == Withheld::kNothingVaries) {
    return start + "all " + report.plan.units() + " of " +
           (report.plan.arms.size() == 2 ? "both" : "all") + " arms did the same.";
  }
  if (primary->withheld == Withheld::kNotEstimable) return start + primary->reason + ".";
  return start + "the arms are not what they should be.";
}

std::string say_cost(const Findings& report, std::size_t arm) {
  std::string costs;
  for (const MetricFinding& finding : report.metrics) {
    const Comparison* comparison = finding.of(arm);
    if (comparison == nullptr || !comparison->guard ||
        comparison->guard->verdict != stats::GuardrailVerdict::kWorse)
      continue;
    const Metric& metric = report.metric(finding);
    costs += (costs.empty() ? "" : " and ") + say_amount(report.plan, metric,
                                                         comparison->difference.estimate,
                                                         digits_of(metric, comparison->difference));
  }
  return costs;
}

std::string say_judged(const Findings& report, const ArmVerdict& verdict,
                       const std::string& subject) {
  const Comparison& comparison = *report.primary()->of(verdict.arm);
  const std::string effect = say_effect(report, verdict.verdict, comparison);
  const bool named = report.plan.arms.size() > 2;
  switch (verdict.verdict) {
    case Verdict::kHelps:
      return subject + " helps: " + effect;
    case Verdict::kAtACost:
      return subject + " helps, but at a cost: " + effect.substr(0, effect.size() - 1) +
             ", at the price of " + say_cost(report, verdict.arm) + ".";
    case Verdict::kHurts:
      return subject + " hurts: " + effect;
    case Verdict::kNoEffect:
      return (named ? subject + ": no effect worth caring about: "
                    : "No effect worth caring about: ") +
             effect;
    default:
      return (named ? subject + ": not clear yet: " : "Not clear yet: ") + effect;
  }
}

void say_verdicts(Findings& report, Time now, const std::vector<std::size_t>& late) {
  const bool judged =
      report.verdict != Verdict::kNotEnoughData && report.verdict != Verdict::kCannotBeJudged;
  for (ArmVerdict& verdict : report.verdicts) {
    if (!judged) break;
    verdict.says = say_judged(
        report, verdict,
        report.plan.arms.size() > 2 ? report.plan.arms[verdict.arm].name : report.subject);
    report.says += (report.says.empty() ? "" : " ") + verdict.says;
  }
  if (judged) return;
  report.says = report.verdict == Verdict::kNotEnoughData ? say_waiting(report, now)
                                                          : say_broken(report, late);
  for (ArmVerdict& verdict : report.verdicts) verdict.says = report.says;
}

std::string say_lacking(const Findings& report, const MetricFinding& finding) {
  std::string arms;
  bool rare = false;
  for (std::size_t i = finding.lacking.size(); i-- > 0;) {
    const Shortfall& arm = finding.lacking[i];
    arms += (arms.empty() ? "" : ", ") + report.plan.arms[arm.arm].name + " has " +
            grouped(arm.have) + " of " + grouped(arm.have + arm.missing);
    if (arm.without) arms += " who did not";
    rare = rare || arm.without;
  }
  const Metric& metric = report.metric(finding);
  const std::string says =
      (metric.says.empty() ? "with " + goal_name(metric.name) + " other than zero"
                           : "who " + metric.says) +
      (rare ? ", others who did not," : "");
  const std::string closed =
      metric.within > Duration{} ? " and whose " + say_duration(metric.within) + " are over" : "";
  const std::string needs = report.plan.units() + " " + says + closed;
  if (report.all_hidden()) {
    return "Each arm needs " + grouped(stats::kGateNonzeroVisitors) + " " + needs +
           "; those so far are too few to be shown.";
  }
  return "Each arm needs " + needs + ": " + arms + ".";
}

std::string names_of(const Plan& plan, const std::vector<std::size_t>& arms) {
  std::string names;
  for (const std::size_t arm : arms) names += (names.empty() ? "" : ", ") + plan.arms[arm].name;
  return names;
}

std::string say_shares(const Findings& report) {
  const Plan& plan = report.plan;
  if (plan.arms.size() == 2 && plan.arms.front().name == "held back") {
    return percent(report.ratio.planned.front(), 1) + " of the " + plan.units() +
           " were to be held back, " + percent(report.ratio.observed.front(), 1) + " are.";
  }
  std::string shares;
  for (std::size_t arm = 0; arm < plan.arms.size(); ++arm) {
    shares += (shares.empty() ? "" : ", ") + plan.arms[arm].name + " " +
              percent(report.ratio.observed[arm], 1) + " of " +
              percent(report.ratio.planned[arm], 1) + " planned";
  }
  return "The shares are not as planned: " + shares + ".";
}

std::string say_note(const Findings& report, const std::vector<std::size_t>& late) {
  if (!late.empty()) {
    return names_of(report.plan, late) + (late.size() == 1 ? " was" : " were") +
           " not there from the beginning, and who came before cannot be compared. Begin a new "
           "experiment, or leave out what was before.";
  }
  if (report.ratio.failed) {
    return (report.units() > 0 ? say_shares(report) + " " : "") +
           "Something treats the arms differently; find it before reading any number.";
  }
  for (const SegmentFinding& segment : report.segments) {
    for (const SegmentCell& cell : segment.cells) {
      if (!cell.ratio_failed) continue;
      return "Of " + report.plan.dimensions[segment.dimension].name + " " + cell.name +
             " the shares are not as planned. Something treats the arms differently there; find "
             "it before reading any number.";
    }
  }
  const MetricFinding* primary = report.primary();
  if (report.verdict == Verdict::kNotEnoughData && primary != nullptr) {
    return say_lacking(report, *primary);
  }
  return {};
}

std::string say_hypothesis(const Findings& report) {
  const Hypothesis& hypothesis = report.hypothesis;
  if (!hypothesis.stated) return {};
  const std::string name = goal_name(hypothesis.metric);
  const std::string expected = (hypothesis.more ? "more " : "fewer ") + name;
  if (!hypothesis.held) return "The hypothesis, " + expected + ", is still open.";
  if (*hypothesis.held) return "The hypothesis held: " + expected + ".";
  if (report.verdict == Verdict::kHurts) {
    return "The hypothesis did not hold: " + std::string(hypothesis.more ? "fewer " : "more ") +
           name + ", not " + expected + ".";
  }
  return "The hypothesis did not hold: as many " + name + " as without it.";
}

std::string say_credited(const Findings& report) {
  const CreditFinding& credit = report.credit;
  const auto credited = static_cast<std::int64_t>(std::llround(credit.credited.last));
  const bool single = !report.plan.name.empty();
  const std::string start = "Last click would credit " + std::string(single ? "it" : "messages") +
                            " with " + grouped(credited) + " " + goal_name(primary_of(report).name);
  if (!credit.created) {
    if (credited == 0) return {};
    if (!credit.arms.empty()) {
      return start + ", all arms together; what each arm created and captured stands by its name.";
    }
    return start + ". How many would have come anyway cannot be said yet.";
  }
  if (credited == 0) return {};
  const Estimate& extra = *credit.created;
  const auto about = static_cast<std::int64_t>(std::llround(extra.estimate));
  if (extra.high < 0.0) return start + "; in truth about " + grouped(-about) + " were lost.";
  if (extra.low <= 0.0) {
    return report.verdict == Verdict::kNoEffect
               ? start +
                     "; as far as anybody can tell, they were captured: they would have come "
                     "anyway."
               : start + say_anyway_at_least(credited, extra.high);
  }
  if (about >= credited) return start + "; about " + grouped(about) + " came because of it.";
  return start + "; about " + grouped(credited - about) + " of those would have come anyway.";
}

// With several arms its name is the subject.
std::string say_guard_of(const Findings& report, const Metric& metric,
                         const Comparison& comparison) {
  std::string guard = say_guard(metric, comparison);
  if (report.plan.arms.size() == 2) return guard;
  const std::string& name = report.plan.arms[comparison.arm].name;
  const std::string open = "whether it ";
  if (guard.starts_with(open)) return "whether " + name + " " + guard.substr(open.size());
  return name + " is " + guard;
}

std::string say_guardrails(const Findings& report) {
  std::string all;
  for (const MetricFinding& finding : report.metrics) {
    const Metric& metric = report.metric(finding);
    if (metric.role != MetricRole::kGuardrail || metric.standing) continue;
    const std::string start = (all.empty() ? "" : " ") + std::string("Not at the cost of ") +
                              (metric.more ? "fewer " : "more ") + goal_name(metric.name) + ": ";
    if (finding.against.empty()) {
      all += start + say_metric_difference(report, finding, 1) + ".";
      continue;
    }
    all += start + say_guard_by_arm(report, finding) + ".";
  }
  const std::string standing = say_standing(report);
  return all + (all.empty() || standing.empty() ? "" : " ") + standing;
}

void append_count(std::vector<std::string>& parts, std::int64_t n, const char* one,
                  const char* many) {
  if (n > 0) parts.push_back(grouped(n) + " " + (n == 1 ? one : many));
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? " and " : ", ";
    text += parts[i];
  }
  return text;
}

}  // namespace

std::string say_remaining(Duration rest) {
  if (rest <= Duration(0)) return "any day now";
  const auto full_days = (rest + days(1) - Duration(1)) / days(1);
  if (full_days == 1) return "about 1 more day";
  if (full_days < 100) return "about " + grouped(full_days) + " more days";
  if (full_days <= 365) return "about " + grouped((full_days + 15) / 30) + " more months";
  return "more than a year at this pace";
}

std::string headline_name(const Findings& report) {
  return report.plan.name.empty() ? "Everything together" : report.plan.name;
}

void put_into_words(Findings& report, Time now, const std::vector<std::size_t>& late_arms) {
  say_verdicts(report, now, late_arms);
  report.expected_says = say_expected(report, now);
  report.hypothesis_says = say_hypothesis(report);
  report.note = say_note(report, late_arms);
  const std::string lost = say_attrition(report);
  if (!lost.empty()) report.note += (report.note.empty() ? "" : " ") + lost;
  if (report.primary() == nullptr) return;
  report.credited_says = report.credit.says = say_credited(report);
  report.guardrails_says = say_guardrails(report);
}

std::string say_cuped(const Plan& plan, const Metric& metric, const Comparison& plain,
                      const Adjusted& adjusted) {
  const double scale = metric.money || metric.kind == MetricKind::kRatio ? 1.0 : 1e3;
  const std::string from = decimal(adjusted.unadjusted * scale, 5) + " to " +
                           decimal(adjusted.standard_error * scale, 5);
  const auto all = static_cast<std::int64_t>(plain.behind);
  const std::string of = adjusted.units >= all
                             ? std::string()
                             : " for the first " + grouped(adjusted.units) + " " + plan.units() +
                                   "; the latest wait until they are enough to be told";
  if (adjusted.gain < 0.01) {
    return "CUPED on " + adjusted.covariate + " gains nothing here: the standard error goes from " +
           from + of + ".";
  }
  return "CUPED on " + adjusted.covariate + " takes " + percent(adjusted.gain, 0) +
         " off the standard error, from " + from + of + ".";
}

std::string say_segments(const Plan& plan, const SegmentFinding& finding) {
  const std::string name = goal_name(plan.dimensions[finding.dimension].name);
  if (finding.interactions.empty()) return "Not enough data yet to compare by " + name + ".";
  std::vector<std::string> differs;
  for (const SegmentFinding::Interaction& interaction : finding.interactions) {
    if (interaction.differs) differs.push_back(plan.arms[interaction.arm].name);
  }
  if (differs.empty()) return "No sign that the effect depends on " + name + ".";
  return "The effect" + (plan.arms.size() > 2 ? " of " + joined(differs) : std::string()) +
         " depends on " + name + ".";
}

std::string say_novelty(const Plan& plan, const NoveltyFinding& finding) {
  const Metric& metric = plan.metrics.front();
  const std::string of =
      plan.arms.size() > 2 ? "The effect of " + plan.arms[finding.arm].name : "The effect";
  const auto amount = [&](double x) {
    return metric.money                        ? money_of(x, plan)
           : metric.kind == MetricKind::kRatio ? signed_decimal(x, 3)
                                               : signed_decimal(x * 1e3, 1) + " per 1,000";
  };
  const std::string figures = ", from " + amount(finding.early) + " in the first week to " +
                              amount(finding.late) + " in the last, at one look.";
  switch (finding.verdict) {
    case stats::NoveltyVerdict::kFades:
      return of + " fades" + figures;
    case stats::NoveltyVerdict::kGrows:
      return of + " grows" + figures;
    case stats::NoveltyVerdict::kNotClear:
      break;
  }
  return of + " shows no sign of fading or growing, at one look.";
}

std::string say_curve(const Plan& plan, const CurveFinding& finding) {
  std::string all;
  for (const CurveFinding::Difference& difference : finding.differences) {
    const std::string name =
        plan.arms.size() > 2 ? " (" + plan.arms[difference.arm].name + ")" : std::string();
    all += (all.empty() ? "" : " ") + plan.curves[finding.curve].name + name + " within " +
           say_duration(days(difference.day + 1)) + ": " + with_interval(difference.share, 1e2) +
           " points, at one look.";
  }
  return all;
}

std::string say_uneven(const Plan& plan, const MetricFinding& finding) {
  const Uneven& uneven = *finding.uneven;
  std::string text = "Not enough data yet: a few large amounts make most of this, the " +
                     grouped(uneven.reached) + " in all count like " +
                     decimal(std::floor(uneven.effective), 0) +
                     " equal ones, and with arms of so "
                     "different size the interval would be too narrow.";
  for (const Shortfall& arm : finding.lacking) {
    text += " " + plan.arms[arm.arm].name + " needs " + grouped(arm.missing) + " more.";
  }
  const Metric& metric = plan.metrics[finding.metric];
  for (const Uneven::Meanwhile& meanwhile : uneven.winsorised) {
    const std::string name =
        uneven.winsorised.size() > 1 ? ", " + plan.arms[meanwhile.arm].name : std::string();
    text += " With the largest 1 % counted as the next lower" + name + ": " +
            say_difference(plan, metric, meanwhile.capped.difference) + ".";
  }
  return text;
}

std::string say_metric_difference(const Findings& report, const MetricFinding& finding,
                                  std::size_t arm) {
  if (const Comparison* comparison = finding.of(arm)) {
    return say_difference(report.plan, report.metric(finding), comparison->difference);
  }
  switch (finding.withheld) {
    case Withheld::kSampleRatio:
      return "not compared";
    case Withheld::kNothingVaries:
      return "nothing varies";
    case Withheld::kNotEstimable:
      return finding.reason;
    default:
      return "not enough data yet";
  }
}

std::string say_guard(const Metric& metric, const Comparison& comparison) {
  if (!comparison.guard) return {};
  const std::string margin = percent(metric.margin, 0);
  switch (comparison.guard->verdict) {
    case stats::GuardrailVerdict::kNotWorse:
      return "not worse by " + margin;
    case stats::GuardrailVerdict::kWorse:
      return "worse by more than " + margin;
    case stats::GuardrailVerdict::kCannotTell:
      break;
  }
  return "whether it is worse by " + margin + " cannot be told yet";
}

std::string say_crossed(const Findings& report) {
  std::int64_t told = 0;
  bool hidden = false;
  for (const SmallCount& count : report.crossovers) {
    told += count.value_or(0);
    hidden = hidden || !count;
  }
  if (told == 0) return hidden ? "a few (fewer than 50 an arm)" : std::string();
  return (report.small_cells_shown ? "" : "at least ") + grouped(told);
}

std::string say_guard_by_arm(const Findings& report, const MetricFinding& finding) {
  std::string arms;
  for (const Comparison& comparison : finding.against) {
    arms += (arms.empty() ? "" : "; ") + say_guard_of(report, report.metric(finding), comparison);
  }
  return arms;
}

std::string say_health(const Findings& report) {
  const Plan& plan = report.plan;
  if (report.all_hidden()) return "those so far are too few to be shown";
  const char* state = report.ratio.failed    ? ", refused: not by chance"
                      : report.ratio.checked ? ""
                                             : ", too few "
                                               "to check";
  std::string text;
  if (plan.arms.size() == 2 && plan.arms.front().name == "held back") {
    text = percent(report.ratio.observed.front(), 1) + " held back (" +
           percent(report.ratio.planned.front(), 1) + " planned" + state + ")";
  } else {
    for (std::size_t arm = 0; arm < plan.arms.size(); ++arm) {
      text += (arm == 0 ? "" : ", ") + plan.arms[arm].name + " " +
              percent(report.ratio.observed[arm], 1) + " (" +
              percent(report.ratio.planned[arm], 1) + " planned)";
    }
    text += state;
  }
  const std::string crossed = say_crossed(report);
  if (!crossed.empty()) {
    text += ", " + crossed + (plan.arms.size() == 2 ? " met both arms" : " met two arms");
  }
  std::int64_t open = 0;
  if (report.primary() != nullptr) {
    for (const ArmCounts& arm : report.primary()->arms) open += arm.provisional();
  }
  if (open > 0 && primary_of(report).within > Duration{}) {
    text += ", " + grouped(open) + " not counted yet: not for all who are shown with them the " +
            say_duration(primary_of(report).within) + " are over";
  }
  if (report.waiting) text += ", the latest are too few to be shown yet";
  return text;
}

std::string say_without_consent(const WithoutConsent& counts) {
  const std::string of_all = " of the " + grouped(counts.all) + " answers";
  if (counts.answers == 0)
    return counts.all == 0 ? "" : "None" + of_all + " was made without consent.";
  std::string text = "Without consent " + grouped(counts.answers) +
                     (counts.answers == 1 ? " answer was" : " answers were") +
                     " made from the page alone";
  if (counts.all > 0) {
    const auto share = static_cast<double>(counts.without) / static_cast<double>(counts.all);
    text += " (" + percent(share, 1) +
            (counts.without == counts.answers ? of_all + ")"
                                              : of_all + " since those with it are counted)");
  }
  text += ": ";
  std::int64_t rest = counts.answers;
  for (const WithoutConsent::Shown& shown : counts.shown) {
    text += shown.moment + " " + grouped(shown.answers) + ", ";
    rest -= shown.answers;
  }
  return text + "the default " + grouped(rest) +
         ". Nobody was held back there, so this says nothing about an effect.";
}

std::string say_left_out(const LeftOut& counts) {
  if (counts == LeftOut{}) return {};
  return "Left out were " + grouped(counts.bots) + (counts.bots == 1 ? " event" : " events") +
         " of bots, " + grouped(counts.staff) + " of staff and " + grouped(counts.pace) +
         " of programs told by their pace.";
}

std::string overview(const Reports& reports) {
  if (reports.moments.empty()) return "No moment has been met by a visitor yet.";
  std::array<std::int64_t, 7> n{};
  for (const Findings& report : reports.moments) ++n[static_cast<std::size_t>(report.verdict)];
  const auto of = [&](Verdict verdict) { return n[static_cast<std::size_t>(verdict)]; };
  std::vector<std::string> parts;
  append_count(parts, of(Verdict::kHelps), "helps", "help");
  append_count(parts, of(Verdict::kAtACost), "helps at a cost", "help at a cost");
  append_count(parts, of(Verdict::kHurts), "hurts", "hurt");
  append_count(parts, of(Verdict::kNoEffect), "makes no difference worth caring about",
               "make no difference worth caring about");
  append_count(parts, of(Verdict::kNotClear), "is not clear yet", "are not clear yet");
  append_count(parts, of(Verdict::kNotEnoughData), "needs more data", "need more data");
  append_count(parts, of(Verdict::kCannotBeJudged), "cannot be judged", "cannot be judged");
  return "Of " + grouped(static_cast<std::int64_t>(reports.moments.size())) +
         (reports.moments.size() == 1 ? " moment, " : " moments, ") + joined(parts) + ".";
}

}  // namespace tact::internal
