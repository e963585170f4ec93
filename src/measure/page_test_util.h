// For this module's tests only: findings written by hand, so that a page can be looked at without
// measuring anything. The numbers are made up and belong together only roughly.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "measure/findings.h"

namespace tact {

inline constexpr Time kPageNow = time_from_ms(1'764'000'000'000);  // 2025-11-24T16:00Z

inline stats::LiftSet lift_of(double estimate, double low, double high) {
  return {estimate, stats::LiftShape::kBounded, {low, high}};
}

inline Comparison comparison(std::size_t arm, const Estimate& e, double base, std::int64_t units) {
  Comparison effect;
  effect.arm = arm;
  effect.difference = e;
  const double narrower = 0.7;
  effect.fixed = {e.estimate, e.estimate - narrower * (e.estimate - e.low),
                  e.estimate + narrower * (e.high - e.estimate)};
  effect.standard_error = (effect.fixed.high - effect.fixed.low) / 3.92;
  effect.log10_p = effect.adjusted_log10_p = -3.4;
  effect.fixed_log10_p = -5.2;
  effect.lift = lift_of(e.estimate / base, e.low / base, e.high / base);
  effect.fixed_lift =
      lift_of(effect.fixed.estimate / base, effect.fixed.low / base, effect.fixed.high / base);
  const auto n = static_cast<double>(units);
  effect.incremental = {e.estimate * n, e.low * n, e.high * n};
  return effect;
}

inline ArmCounts arm_counts(std::int64_t units, double total, std::int64_t exposed = 0) {
  ArmCounts counts;
  counts.units = units;
  counts.exposed = exposed == 0 ? units : exposed;
  counts.total = total;
  counts.reached = static_cast<std::int64_t>(total);
  return counts;
}

inline Metric page_metric(const std::string& name, MetricRole role) {
  Metric metric;
  metric.name = name;
  metric.says = "reached " + name;
  metric.role = role;
  metric.within = days(14);
  return metric;
}

// A moment with one treatment arm: 1,340 held back, 11,800 shown, 60 days.
inline Findings moment_findings(const std::string& name, const Estimate& effect, Verdict verdict) {
  Findings out;
  out.plan.name = name;
  out.plan.arms = {{"held back", 0.1}, {"shown", 0.9}};
  out.plan.metrics = {page_metric("orders", MetricRole::kPrimary),
                      page_metric("revenue", MetricRole::kSecondary),
                      page_metric("returns", MetricRole::kGuardrail)};
  out.plan.metrics[1].money = true;
  out.plan.metrics[2].more = false;
  out.verdict = verdict;
  out.verdicts = {{1, verdict, ""}};
  out.hypothesis = {true, true, "people between sizes look twice", "orders", effect.low > 0.0};
  out.first_exposure = kPageNow - days(60);
  out.last_exposure = kPageNow - days(1);
  const double base = 0.09;
  MetricFinding orders;
  orders.arms = {arm_counts(1'310, 118, 1'340), arm_counts(11'500, 1'392, 11'800)};
  orders.against = {comparison(1, effect, base, 11'500)};
  MetricFinding revenue;
  revenue.metric = 1;
  revenue.arms = {arm_counts(1'310, 9'204, 1'340), arm_counts(11'500, 112'400, 11'800)};
  revenue.against = {comparison(1, {2.75, 0.4, 5.1}, 7.0, 11'500)};
  revenue.against[0].capped = Capped{180.0, 131, {2.41, 0.52, 4.3}, {2.41, 1.1, 3.7}, -2.1};
  MetricFinding returns;
  returns.metric = 2;
  returns.arms = {arm_counts(1'290, 61, 1'340), arm_counts(11'320, 520, 11'800)};
  returns.against = {comparison(1, {-0.0014, -0.011, 0.008}, 0.047, 11'320)};
  returns.against[0].guard = GuardrailFinding{stats::GuardrailVerdict::kCannotTell, 0.1, -0.6, 0.0};
  out.metrics = {orders, revenue, returns};
  out.smallest_effect = 0.1 * base;
  out.ratio = {{0.1, 0.9}, {0.102, 0.898}, true, false, -0.31, 0.0};
  out.exposed = {1'340, 11'800};
  out.crossovers = {2, 19};
  out.data_hash = "b2:7a41c0de5f0e92b7a41c0de5f0e92b7a41c0de5f0e92b7a41c0de5f0e92b7a4";
  out.method = {
      "Compared are visitors to whom it was shown with visitors for whom it was decided at the "
      "same "
      "kind of instant and then held back by chance.",
      "The 95 % intervals are asymptotic confidence sequences of the absolute difference (arXiv "
      "2103.06476, eq. 9), so that one may look every day; relative effects by inversion."};
  return out;
}

inline void add_sequence(Findings& findings, std::size_t arm = 1) {
  const Estimate& last = findings.metrics[0].of(arm)->difference;
  Sequence sequence;
  sequence.arm = arm;
  for (int day = 16; day <= 60; ++day) {
    const double wide = std::sqrt(60.0 / day) * (1.0 + 3.0 / day) / 1.05;
    const double at = last.estimate * (1.0 + 0.3 * std::sin(day / 5.0) * (1.0 - day / 60.0));
    sequence.points.push_back(
        {kPageNow - days(60 - day),
         std::int64_t{200} * day,
         {at, at - wide * (last.estimate - last.low), at + wide * (last.high - last.estimate)},
         -1.0});
  }
  sequence.points.back().difference = last;
  findings.sequences.push_back(sequence);
}

inline void add_credit(Findings& out) {
  out.credit.credited = {412, 398.4, 405.1};
  out.credit.created = Estimate{357, 138, 575};
  out.credit.captured = Estimate{55, -163, 274};
  out.credit.arms = {{1, 412, *out.credit.created, *out.credit.captured}};
  out.credit.says = "Created is what the message brought; captured would have come anyway.";
  out.credit.strata = {{"hardly likely", 90, Estimate{120, 40, 200}},
                       {"likely", 150, Estimate{160, 20, 300}},
                       {"nearly certain", 172, Estimate{-8, -90, 74}},
                       {"unknown", 0, std::nullopt}};
  out.plan.economics.value = 1;
  out.returns = {{1,
                  {2.75, 1.2, 4.3},
                  {0.42, 0.31, 0.53},
                  {0.82, 0.1, 1.54},
                  {9'430, 1'150, 17'710},
                  lift_of(1.95, 0.24, 3.66),
                  "Of every euro of cost about 2.95 came back, before fixed costs."}};
}

inline void add_segments(Findings& out) {
  out.plan.dimensions = {{"device", {"phone", "desktop", "tablet"}, false},
                         {"visitor", {"new", "returning"}, false}};
  SegmentFinding device;
  device.cells = {{"phone", false, {}, false, {Estimate{0.042, 0.018, 0.066}}},
                  {"desktop", false, {}, false, {Estimate{0.011, -0.021, 0.043}}},
                  {"tablet", true, {}, false, {}}};
  device.not_shown = 96;
  device.says = "No sign that the effect differs by device.";
  SegmentFinding kind;
  kind.dimension = 1;
  kind.cells = {{"new", false, {}, false, {Estimate{0.048, 0.021, 0.075}}},
                {"returning", false, {}, false, {std::nullopt}}};
  kind.says = "Whether the effect differs by visitor cannot be told yet.";
  out.segments = {device, kind};
}

inline void add_curve(Findings& out) {
  out.plan.curves = {{"bought_again", true, 90}};
  CurveFinding curve;
  for (const double reach : {0.19, 0.24}) {
    std::vector<CurvePoint> points;
    for (int day = 0; day <= 90; ++day) {
      const double gone = reach * (1.0 - std::exp(-day / 30.0));
      points.push_back({day, {1.0 - gone, 1.0 - gone * 1.12, 1.0 - gone * 0.88}, 1'000});
    }
    curve.arms.push_back(points);
  }
  curve.differences = {{1, 90, {0.048, 0.006, 0.09}, -1.6}};
  curve.says = "By day 90, 4.8 % more bought again (0.6 % to 9.0 %).";
  out.curves = {curve};
}

inline void add_uplift(Findings& out) {
  UpliftFinding uplift;
  uplift.learner = "T-learner";
  uplift.says = "The score finds those it persuades: better than random.";
  uplift.report.enough = true;
  for (int i = 1; i <= 10; ++i) {
    const double x = i / 10.0, gain = 0.036 * x * (2.0 - x) - 0.005 * x;
    uplift.report.curve.push_back(
        {x, gain, {gain - 0.009 * std::sqrt(x), gain + 0.009 * std::sqrt(x)}});
  }
  uplift.report.qini = {0.0052, {0.0011, 0.0093}};
  out.uplift.push_back(uplift);
}

inline void add_lifetime(Findings& out, std::size_t arm = 1) {
  if (!out.lifetime) {
    out.lifetime = LifetimeFinding{LifetimeFinding::State::kForecast, 180, 185};
    out.lifetime->arms.resize(out.plan.arms.size());
    for (LifetimeFinding::Arm& of : out.lifetime->arms) {
      of = {4'200,
            {11.2, 10.1, 12.3},
            1'310,
            870,
            0.16,
            48.2,
            Estimate{7.7, 6.6, 8.8},
            Estimate{18.9, 16.9, 20.9}};
    }
    out.lifetime->says = "Within 365 days a visitor who had not bought before is worth more.";
    out.lifetime->assumes = "The forecast rests on a model.";
  }
  out.lifetime->against.push_back(
      {arm, {2.1, 0.6, 3.6}, Estimate{1.4, -0.2, 3.0}, Estimate{3.5, 0.8, 6.2}});
}

// Everything a report can say.
inline Findings full_findings() {
  Findings out = moment_findings("fit-help", {0.031, 0.012, 0.050}, Verdict::kHelps);
  out.need = "be sure about the size";
  out.says =
      "It helps: about 31 more orders per 1,000 visitors who want to be sure about the size.";
  out.hypothesis_says = "The hypothesis held: more orders.";
  out.credited_says =
      "Last click would credit it with 412 orders; about 55 of those would have come anyway.";
  out.guardrails_says = "Whether returns rose cannot be told yet.";
  out.simulated_units = 13'140;
  add_sequence(out);
  out.metrics[0].against[0].adjusted = Adjusted{"orders_before",
                                                13'000,
                                                {0.031, 0.014, 0.048},
                                                {0.031, 0.018, 0.044},
                                                0.0064,
                                                0.007,
                                                0.09,
                                                "It narrows the interval by 9 %."};
  add_credit(out);
  add_segments(out);
  add_curve(out);
  add_lifetime(out);
  add_uplift(out);
  out.novelty = {{1,
                  0.034,
                  0.029,
                  {-0.005, -0.03, 0.02},
                  stats::NoveltyVerdict::kNotClear,
                  "No sign that the effect fades."}};
  out.waiting = true;
  return out;
}

// Two treatment arms, as a mailing has them.
inline Findings arms_findings() {
  Findings out = moment_findings("mailing", {0.0766, 0.066, 0.087}, Verdict::kHelps);
  out.plan.unit = "customer";
  out.plan.arms = {{"No E-Mail", 1.0}, {"Mens E-Mail", 1.0}, {"Womens E-Mail", 1.0}};
  out.plan.metrics.resize(2);
  out.plan.metrics[0].name = "visit";
  out.plan.metrics[1].name = "spend";
  out.verdicts = {{1, Verdict::kHelps, "It helps: about 77 more visit per 1,000 customers."},
                  {2, Verdict::kHelps, "It helps: about 45 more visit per 1,000 customers."}};
  out.says = "Both arms help; Mens E-Mail most: about 77 more visit per 1,000 customers.";
  MetricFinding visit;
  visit.arms = {arm_counts(21'306, 2'262), arm_counts(21'307, 3'894), arm_counts(21'387, 3'238)};
  visit.against = {comparison(1, {0.0766, 0.066, 0.087}, 0.106, 21'307),
                   comparison(2, {0.0452, 0.035, 0.055}, 0.106, 21'387)};
  MetricFinding spend;
  spend.metric = 1;
  spend.arms = {arm_counts(21'306, 13'908), arm_counts(21'307, 30'311), arm_counts(21'387, 23'038)};
  spend.against = {comparison(1, {0.770, 0.31, 1.23}, 0.65, 21'307),
                   comparison(2, {0.424, 0.0, 0.85}, 0.65, 21'387)};
  out.metrics = {visit, spend};
  out.smallest_effect = 0.0106;
  out.ratio = {{1 / 3., 1 / 3., 1 / 3.}, {0.3329, 0.3329, 0.3342}, true, false, -0.044, 0.0};
  out.exposed = {21'306, 21'307, 21'387};
  out.crossovers = {0, 0, 0};
  add_sequence(out, 1);
  add_sequence(out, 2);
  out.plan.dimensions = {{"bought women's before", {"yes", "no"}, false}};
  SegmentFinding women;
  women.cells = {
      {"yes", false, {}, false, {Estimate{0.079, 0.06, 0.098}, Estimate{0.0731, 0.055, 0.09}}},
      {"no", false, {}, false, {Estimate{0.0741, 0.056, 0.092}, Estimate{0.0111, -0.006, 0.028}}}};
  women.says = "The effect of Womens E-Mail differs by bought women's before.";
  out.segments = {women};
  add_lifetime(out, 1);
  add_lifetime(out, 2);
  return out;
}

inline Findings waiting_findings() {
  Findings out = moment_findings("gift-note", {}, Verdict::kNotEnoughData);
  out.says = "Not enough data yet — about 12 more days.";
  out.note =
      "Each arm needs 50 visitors who placed an order and whose 14 days are over: held back has 9 "
      "of 50.";
  out.hypothesis_says = "The hypothesis, more orders, is still open.";
  out.hypothesis.held.reset();
  for (MetricFinding& metric : out.metrics) {
    metric.against.clear();
    metric.withheld = Withheld::kNotEnough;
    metric.lacking = {{0, 9, 41}};
    metric.expected_at = kPageNow + days(12);
  }
  out.expected_says = "Expected on 6 Dec 2025.";
  out.ratio.checked = false;
  out.smallest_effect = 0.0;
  return out;
}

inline Findings broken_findings() {
  Findings out = waiting_findings();
  out.plan.name = "who-for";
  out.verdict = Verdict::kCannotBeJudged;
  out.expected_says.clear();
  out.says = "It cannot be judged: the arms are not what they should be.";
  out.note =
      "50.0 % of the visitors were to be held back, 44.1 % are. Something treats the arms "
      "differently; find it before reading any number.";
  out.ratio = {{0.5, 0.5}, {0.441, 0.559}, true, true, -31.2, -28.0};
  for (MetricFinding& metric : out.metrics) {
    metric.withheld = Withheld::kSampleRatio;
    metric.lacking.clear();
    metric.expected_at.reset();
  }
  return out;
}

}  // namespace tact
