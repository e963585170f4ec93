// A whole report with its arms swapped: whatever is a difference changes its sign, bit for bit, and
// nothing else changes. (What is relative to control, such as a lift, is another question then.)
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>
#include <string>

#include "measure/analyse_test_util.h"
#include "measure/report_json.h"

namespace tact {
namespace {

constexpr Day kDay = 20'000;

// An A/B experiment with everything a report may have of it; as many units in each arm, so that
// what is counted in all is symmetrical, too.
Plan everything() {
  Plan plan = two_arms();
  plan.name = "voucher";
  plan.arms = {{"plain", 1.0}, {"voucher", 1.0}};
  Metric money;
  money.name = "revenue";
  money.money = true;
  money.digits = 2;
  money.covariate = true;
  money.covariate_name = "revenue before";
  Metric share;
  share.name = "came back";
  share.kind = MetricKind::kProportion;
  Metric ratio;
  ratio.name = "orders per session";
  ratio.kind = MetricKind::kRatio;
  ratio.second = SecondIs::kDenominator;
  plan.metrics.insert(plan.metrics.end(), {money, share, ratio});
  plan.dimensions = {{"device", {"phone", "desktop"}}};
  plan.curves = {{"bought again"}};
  plan.attrition = true;
  return plan;
}

UnitList draw(const Plan& plan) {
  std::mt19937_64 random(11);
  UnitList units(plan);
  const auto below = [&](int n) {
    return static_cast<std::int32_t>(random() % static_cast<std::uint64_t>(n));
  };
  for (int i = 0; i < 40'000; ++i) {
    const auto arm = static_cast<std::uint32_t>(i % 2);
    UnitFacts& unit = units.add(arm, kDay + i / 2 % 40, below(10) < (arm == 0 ? 2 : 3) ? 1 : 0);
    MetricFacts& money = unit.metrics[1];
    money.covariate = below(100'000);
    money.value = unit.metrics[0].value * (below(300'000) + money.covariate);
    unit.metrics[2].value = below(10) < 3 ? 1 : 0;
    unit.metrics[3].second = 1 + i / 2 % 4;  // as many in both arms: `incremental` is per these
    unit.metrics[3].value = unit.metrics[0].value;
    unit.cells = {below(2)};
    unit.curves[0] = {true, below(3) == 0, below(90)};
    unit.crossover = below(50) == 0;
    unit.fate = {true, below(10) > 0, false, below(60) == 0};
  }
  return units;
}

double negated(double x) { return x == 0.0 ? 0.0 : -x; }

json::value negated(const json::value& x) {
  if (x.is_null()) return x;
  if (x.is_int64()) return -x.as_int64();
  return negated(x.as_double());
}

// Sentences, and what is of control alone or relative to it.
const std::set<std::string_view> kLeftOut = {
    "says",   "note",       "credited",        "verdict",  "verdicts",          "lift",
    "roi",    "hypothesis", "smallest_effect", "planning", "observed",          "observed_shares",
    "method", "guardrails", "attributed",      "last",     "not_at_the_cost_of"};

json::value mirrored(const json::value& value);

// An arm's own figures go to the other name, its difference from the other stays and turns.
json::array mirrored_arms(const json::array& arms) {
  json::array out;
  for (std::size_t i = 0; i < arms.size(); ++i) {
    json::object one = arms[arms.size() - 1 - i].as_object();
    const json::object& here = arms[i].as_object();
    for (const char* of : {"arm", "control", "difference"}) {
      one.erase(of);
      if (here.contains(of)) one[of] = mirrored(here.at(of));
    }
    for (const std::string_view key : kLeftOut) one.erase(key);
    out.push_back(std::move(one));
  }
  return out;
}

json::value mirrored(const json::value& value) {
  if (value.is_array()) {
    json::array out;
    for (const json::value& one : value.as_array()) out.push_back(mirrored(one));
    return out;
  }
  if (!value.is_object()) return value;
  const json::object& object = value.as_object();
  if (object.size() == 3 && object.contains("estimate") && object.contains("high")) {
    return json::object{{"estimate", negated(object.at("estimate"))},
                        {"low", negated(object.at("high"))},
                        {"high", negated(object.at("low"))}};
  }
  json::object out;
  for (const auto& [key, member] : object) {
    if (kLeftOut.contains(key)) continue;
    if (key == "arms" && member.as_array().size() > 1) {  // else of the treatment alone
      out[key] = mirrored_arms(member.as_array());
    } else if (key == "early" || key == "late" || key == "z") {
      out[key] = negated(member);
    } else {
      out[key] = mirrored(member);
    }
  }
  return out;
}

// The same without turning anything.
json::value as_it_is(const json::value& value) {
  if (value.is_array()) {
    json::array out;
    for (const json::value& one : value.as_array()) out.push_back(as_it_is(one));
    return out;
  }
  if (value.is_double()) return value.as_double() == 0.0 ? 0.0 : value.as_double();
  if (!value.is_object()) return value;
  json::object out;
  for (const auto& [key, member] : value.as_object()) {
    if (!kLeftOut.contains(key)) out[key] = as_it_is(member);
  }
  return out;
}

// "goals[1].against[0].se: 1.5 and 1.6"; members in any order.
void expect_same(const json::value& a, const json::value& b, const std::string& where) {
  if (a.is_object() && b.is_object()) {
    EXPECT_EQ(a.as_object().size(), b.as_object().size()) << where;
    for (const auto& [key, member] : a.as_object()) {
      const std::string inside = where + "." + std::string(key);
      const json::value* other = b.as_object().if_contains(key);
      ASSERT_NE(other, nullptr) << inside;
      expect_same(member, *other, inside);
    }
    return;
  }
  if (a.is_array() && b.is_array()) {
    ASSERT_EQ(a.as_array().size(), b.as_array().size()) << where;
    for (std::size_t i = 0; i < a.as_array().size(); ++i) {
      expect_same(a.as_array()[i], b.as_array()[i], where + "[" + std::to_string(i) + "]");
    }
    return;
  }
  EXPECT_EQ(a, b) << where;
}

TEST(Swapped, AWholeReportFlipsEveryDifferenceBitForBit) {
  const Plan plan = everything();
  UnitList units = draw(plan);
  const Findings there = found(plan, units, kDay + 60);
  for (UnitFacts& unit : units.units()) unit.arm = 1 - unit.arm;
  const Findings back = found(plan, units, kDay + 60);
  EXPECT_EQ(there.verdict, Verdict::kHelps);
  EXPECT_EQ(back.verdict, Verdict::kHurts);
  ASSERT_TRUE(there.metrics[1].of(1)->adjusted && there.metrics[1].of(1)->capped);
  ASSERT_FALSE(there.novelty.empty());
  ASSERT_FALSE(there.curves[0].differences.empty());
  ASSERT_GT(there.sequences[0].points.size(), 5u);
  ASSERT_TRUE(there.segments[0].cells[1].difference[0]);
  expect_same(mirrored(to_json(there)), as_it_is(to_json(back)), "report");
}

}  // namespace
}  // namespace tact
