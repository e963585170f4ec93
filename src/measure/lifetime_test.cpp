// Lifetime value by arm: what a row counts, sums in any order, and every state of the finding in
// every rendering.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <random>

#include "measure/analyse_test_util.h"
#include "measure/html_test_util.h"
#include "measure/internal/lifetime_words.h"
#include "measure/internal/moment.h"
#include "measure/report.h"
#include "measure/report_html.h"
#include "measure/report_json.h"
#include "measure/report_test_util.h"
#include "measure/report_text.h"

namespace tact {
namespace {

using State = LifetimeFinding::State;
using testing::HasSubstr;
using testing::Not;

constexpr Day kFirst = 20'000;
constexpr Time kNow = time_from_ms(1'764'000'000'000);

Plan yearly(double control = 1.0, double treatment = 1.0) {
  Plan plan = two_arms();
  plan.arms[0].weight = control;
  plan.arms[1].weight = treatment;
  plan.dimensions = {{"orders before", {"none", "some"}}};
  plan.lifetime = Lifetime{0, 0, 180, 185};
  return plan;
}

struct Buying {
  double rate = 0.3;
  double waiting = 40.0;  // mean days to the first order
  double between = 60.0;  // mean days between orders of the average customer
};

double beta(std::mt19937_64& random, double a, double b) {
  const double x = std::gamma_distribution<double>(a)(random);
  return x / (x + std::gamma_distribution<double>(b)(random));
}

// A customer buys at their own rate, and leaves after a later order with their own chance.
HistoryFacts draw(std::mt19937_64& random, const Buying& of) {
  HistoryFacts facts;
  facts.counts = true;
  std::exponential_distribution<double> unit(1.0);
  if (!std::bernoulli_distribution(of.rate)(random)) return facts;
  const double rate = std::gamma_distribution<double>(0.6)(random) / (0.6 * of.between);
  const double leaves = beta(random, 0.8, 2.4);
  int orders = 0;
  double at = of.waiting * unit(random);
  while (at < 180.0) {
    const int day = static_cast<int>(at);
    facts.value += 4'000 + static_cast<std::int64_t>(random() % 2'000);
    if (facts.orders == 0) facts.first = day;
    if (facts.orders == 0 || day > facts.last) ++facts.orders;
    facts.last = day;
    if (++orders > 1 && std::bernoulli_distribution(leaves)(random)) break;
    at += unit(random) / rate;
  }
  return facts;
}

void add_arm(UnitList& units, std::uint32_t arm, int many, const Buying& of, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  for (int i = 0; i < many; ++i) {
    UnitFacts& unit = units.add(arm, kFirst + i % 5, i % 10 == 0 ? 1 : 0);
    unit.cells = {0};
    unit.history = draw(random, of);
  }
}

LifetimeFinding lifetime(const Plan& plan, const UnitSource& units, Day now = kFirst + 200) {
  const Findings findings = found(plan, units, now);
  EXPECT_TRUE(findings.lifetime);
  return findings.lifetime.value_or(LifetimeFinding{});
}

Reports one_report(Findings findings) {
  Reports reports;
  reports.moments.push_back(std::move(findings));
  return reports;
}

struct Rendered {
  std::string json, text, html;
};
Rendered render(const Findings& findings) {
  const Reports reports = one_report(findings);
  const std::string text = to_text(reports);
  std::string flat;
  std::unique_copy(text.begin(), text.end(), std::back_inserter(flat), [](char a, char b) {
    return (a == ' ' || a == '\n') && (b == ' ' || b == '\n');
  });
  std::replace(flat.begin(), flat.end(), '\n', ' ');
  return {to_string(json::value(to_json(reports))), flat, to_html(reports)};
}

const json::object& json_of(const json::object& reports) {
  return reports.at("moments").at(0).at("lifetime").as_object();
}

TEST(Lifetime, SumsAreTheSameInAnyOrderAndPartition) {
  std::mt19937_64 random(1);
  std::vector<HistoryFacts> all;
  for (int i = 0; i < 3'000; ++i) all.push_back(draw(random, {0.6, 20.0, 30.0}));
  all.push_back({true, 0, 0, 0, -700});  // a refund alone
  HistorySums whole;
  for (const HistoryFacts& facts : all) whole.add(facts);
  std::shuffle(all.begin(), all.end(), random);
  HistorySums parts[3];
  for (std::size_t i = 0; i < all.size(); ++i) parts[i * i % 3].add(all[i]);
  HistorySums merged;
  for (const std::size_t part : {2, 0, 1}) merged += parts[part];
  EXPECT_TRUE(whole == merged);
  EXPECT_EQ(whole.units(), 3'001);
  std::int64_t customers = 0, orders = 0, expected = 0;
  for (const HistorySums::Entry& entry : merged.entries()) {
    if (entry.orders > 0) customers += entry.customers;
    orders += entry.customers * entry.orders;
  }
  for (const HistoryFacts& facts : all) expected += facts.orders;
  EXPECT_EQ(orders, expected);
  EXPECT_EQ(customers, std::count_if(all.begin(), all.end(),
                                     [](const HistoryFacts& facts) { return facts.orders > 0; }));
  EXPECT_LT(merged.entries().size(), static_cast<std::size_t>(customers));
}

TEST(Lifetime, HistoriesThatCannotBeAreRefused) {
  const Plan plan = yearly();
  Sums sums(plan);
  UnitFacts facts;
  facts.resize_for(plan);
  facts.at = start_of(kFirst);
  const auto accepts = [&](const HistoryFacts& history) {
    facts.history = history;
    return sums.add(facts).has_value();
  };
  EXPECT_TRUE(accepts({true, 0, 0, 0, 0}));
  EXPECT_TRUE(accepts({true, 1, 179, 179, 5}));
  EXPECT_TRUE(accepts({true, 3, 1, 3, 5}));
  EXPECT_FALSE(accepts({true, 4, 1, 3, 5}));
  EXPECT_FALSE(accepts({true, 1, 1, 3, 5}));
  EXPECT_FALSE(accepts({true, 2, 3, 3, 5}));
  EXPECT_FALSE(accepts({true, -1, 0, 0, 5}));
  EXPECT_FALSE(accepts({true, 2, -1, 3, 5}));
  EXPECT_FALSE(accepts({true, 2, 1, 180, 5}));
  EXPECT_FALSE(accepts({true, 1, 1, 1, kLargestFact + 1}));
}

Experiment with_money() {
  Experiment experiment;
  experiment.id = 7;
  experiment.moment = "fit-help";
  experiment.goals.resize(1);
  experiment.goals[0].key = 1;
  experiment.goals[0].goal.id = "orders";
  experiment.goals[0].goal.value_from_total = true;
  return experiment;
}

// Who had bought before has no first order to count from.
TEST(Lifetime, ARowCountsWhoHadNotBoughtAndWasFollowedHalfAYear) {
  const Experiment experiment = with_money();
  const Plan plan = internal::plan_of(experiment, {100'000}, {kNow});
  ASSERT_TRUE(plan.lifetime && check_plan(plan).has_value());
  EXPECT_EQ(plan.dimensions[plan.lifetime->dimension].cells[plan.lifetime->cell], "none");
  UnitFacts facts;
  facts.resize_for(plan);
  const auto history = [&](const Exposure& row) {
    EXPECT_TRUE(fill_stored(row, experiment, plan, kNow, facts));
    return facts.history;
  };
  Exposure row;
  row.at = kNow - days(180);
  for (const std::size_t day : {12, 12, 63, 64, 179}) row.follow_up.order_days.add(day);
  row.follow_up.value_minor = {5'000, 0, 4'000, 0, 0, 900};
  row.follow_up.refund_minor = 1'500;
  const HistoryFacts counted = history(row);
  EXPECT_TRUE(counted.counts);
  EXPECT_EQ(counted.orders, 4);
  EXPECT_EQ(counted.first, 12);
  EXPECT_EQ(counted.last, 179);
  EXPECT_EQ(counted.value, 8'400);
  Exposure young = row;
  young.at += Duration(1);
  EXPECT_FALSE(history(young).counts);
  Exposure customer = row;
  customer.prior_orders = 1;
  EXPECT_FALSE(history(customer).counts);
  Exposure nothing = row;
  nothing.follow_up = {};
  EXPECT_TRUE(history(nothing).counts);
  EXPECT_EQ(history(nothing).orders, 0);
  row.follow_up.value_minor = {INT64_MAX, INT64_MAX, 0, 0, 0, 0};
  row.follow_up.refund_minor = INT64_MIN;
  EXPECT_EQ(history(row).value, kLargestFact);
  Experiment without = experiment;
  without.goals[0].goal.value_from_total = false;
  EXPECT_FALSE(internal::plan_of(without, {100'000}, {kNow}).lifetime);
}

// From rows in a store: 240 visitors an arm, of whom every fourth spends €50 (shown: €80) in two
// orders and sends €10 back; as many customers of old, who do not count.
TEST(Lifetime, RowsInAStoreGiveExactFigures) {
  World world;
  world.playbook().moments[0].hold_back = {500'000};
  Batch batch;
  for (std::uint8_t i = 0; i < 240; ++i) {
    for (std::uint8_t kind = 0; kind < 4; ++kind) {
      Exposure row;
      row.experiment = world.experiment().id;
      row.at = World::kNow - days(200);
      row.treated = kind % 2 == 1;
      row.prior_orders = kind / 2;
      if (i % 4 == 0) {
        row.follow_up.order_days.add(5);
        row.follow_up.order_days.add(90);
        row.follow_up.value_minor = {2'000, 0, 0, row.treated ? 6'000 : 3'000, 0, 0};
        row.follow_up.refund_minor = 1'000;
      }
      ByteWriter out;
      row.encode(out);
      VisitorId visitor;
      visitor.bytes = {i, kind};
      batch.put(Family::kFacts, keys::facts(row.experiment, visitor), out.take());
    }
  }
  world.write(batch);
  const Findings findings = world.report();
  ASSERT_TRUE(findings.lifetime);
  const LifetimeFinding& value = *findings.lifetime;
  ASSERT_EQ(value.state, State::kTooFewRepeat) << value.says;
  EXPECT_EQ(value.fewest_again, 60);
  EXPECT_EQ(value.arms[0].units, 240);
  EXPECT_NEAR(value.arms[0].observed.estimate, 10.0, 1e-9);
  EXPECT_NEAR(value.arms[1].observed.estimate, 17.5, 1e-9);
  EXPECT_NEAR(value.against[0].observed.estimate, 7.5, 1e-9);
}

TEST(Lifetime, MoreCustomersAreWorthMoreObservedAndForecast) {
  const Plan plan = yearly();
  UnitList units(plan);
  add_arm(units, 0, 9'000, {}, 1);
  add_arm(units, 1, 9'000, {0.4}, 2);
  const Findings findings = found(plan, units, kFirst + 200);
  const LifetimeFinding& value = *findings.lifetime;
  ASSERT_EQ(value.state, State::kForecast) << value.says;
  ASSERT_EQ(value.against.size(), 1u);
  const LifetimeFinding::Against& against = value.against[0];
  EXPECT_GT(against.observed.low, 0.0);
  EXPECT_GT(against.total->low, 0.0);
  EXPECT_NEAR(against.total->estimate, against.observed.estimate + against.forecast->estimate,
              1e-9);
  EXPECT_NEAR(against.observed.estimate,
              value.arms[1].observed.estimate - value.arms[0].observed.estimate, 1e-9);
  EXPECT_EQ(value.arms[1].units, 9'000);
  EXPECT_GT(value.arms[1].bought_again, 825);
  EXPECT_NEAR(value.arms[1].forecast->estimate,
              value.arms[1].purchases * value.arms[1].per_purchase, 1e-9);
  EXPECT_EQ(value.counted_to, start_of(kFirst + 4));
  const Rendered shown = render(findings);
  EXPECT_THAT(shown.text,
              HasSubstr("Within 365 days a visitor who had not bought before is expected to "
                        "be worth more because of it: +€"));
  for (const std::string& rendered : {shown.text, shown.html, shown.json}) {
    EXPECT_THAT(rendered, HasSubstr("was observed in the first 180 days, by the randomised"));
    EXPECT_THAT(rendered, HasSubstr("is forecast for days 181 to 365"));
    EXPECT_THAT(rendered, HasSubstr("The forecast rests on a model"));
    EXPECT_THAT(rendered, HasSubstr("no verdict reads it"));
  }
  EXPECT_THAT(shown.html, HasSubstr("id=\"r1-lifetime-t\""));
  EXPECT_EQ(first_html_problem(shown.html), "");
  // For looking at: TACT_REPORT_DIR=/tmp/x measure_test --gtest_filter=Lifetime.MoreCustomers*
  if (const char* folder = std::getenv("TACT_REPORT_DIR")) {
    std::ofstream(std::string(folder) + "/lifetime.html") << shown.html;
    std::ofstream(std::string(folder) + "/lifetime.txt") << to_text(one_report(findings));
  }
}

// The schema of docs/report.md.
TEST(Lifetime, JsonHasWhatTheSchemaSays) {
  const Plan plan = yearly();
  UnitList units(plan);
  add_arm(units, 0, 9'000, {}, 1);
  add_arm(units, 1, 9'000, {0.4}, 2);
  const json::object reports = to_json(one_report(found(plan, units, kFirst + 200)));
  const json::object& out = json_of(reports);
  EXPECT_EQ(out.at("state").as_string(), "forecast");
  EXPECT_FALSE(out.at("says").as_string().empty());
  EXPECT_FALSE(out.at("assumes").as_string().empty());
  EXPECT_EQ(out.at("days").as_int64(), 180);
  EXPECT_EQ(out.at("horizon_days").as_int64(), 185);
  EXPECT_TRUE(out.at("from").is_string() && out.at("to").is_string());
  ASSERT_EQ(out.at("arms").as_array().size(), 2u);
  EXPECT_EQ(out.at("arms").at(0).at("arm").as_string(), "treatment");
  EXPECT_EQ(out.at("arms").at(1).at("arm").as_string(), "control");
  for (const json::value& arm : out.at("arms").as_array()) {
    for (const char* part : {"observed", "forecast", "total"}) {
      EXPECT_LT(arm.at(part).at("low").as_double(), arm.at(part).at("high").as_double());
    }
    EXPECT_GT(arm.at("visitors").as_int64(), arm.at("customers").as_int64());
    EXPECT_GT(arm.at("customers").as_int64(), arm.at("bought_again").as_int64());
    EXPECT_GT(arm.at("orders_ahead").as_double(), 0.0);
    EXPECT_GT(arm.at("per_order").as_double(), 40.0);
  }
  EXPECT_EQ(out.at("against").at(0).at("arm").as_string(), "treatment");
  for (const char* part : {"observed", "forecast", "total"}) {
    EXPECT_TRUE(out.at("against").at(0).at(part).at("estimate").is_double());
  }
}

TEST(Lifetime, TheForecastAloneClaimsNothing) {
  const Plan plan = yearly();
  const auto says = [&](const Estimate& observed, const Estimate& total) {
    LifetimeFinding finding{State::kForecast, 180, 185};
    finding.against = {{1, observed, Estimate{1.0, 0.5, 1.5}, total}};
    internal::put_lifetime_words(plan, finding);
    return finding.says;
  };
  const Estimate above{2.0, 1.0, 3.0}, below{-2.0, -3.0, -1.0}, open{0.5, -0.5, 1.5};
  EXPECT_THAT(says(above, above), HasSubstr("expected to be worth more because of it: +€2.00"));
  EXPECT_THAT(says(below, below), HasSubstr("expected to be worth less because of it: −€2.00"));
  for (const Estimate& total : {above, below}) {
    const Estimate& other = total.low > 0.0 ? below : above;
    for (const Estimate& observed : {open, other}) {
      EXPECT_THAT(says(observed, total), HasSubstr("cannot be told yet"));
      EXPECT_THAT(says(observed, total), HasSubstr("Only the forecast makes it a difference."));
    }
  }
  EXPECT_THAT(says(above, open), HasSubstr("cannot be told yet"));
  EXPECT_THAT(says(above, open), Not(HasSubstr("Only the forecast")));
}

TEST(Lifetime, WithFewRepeatCustomersOnlyWhatWasObservedIsShown) {
  const Plan plan = yearly(2.0, 9.0);
  UnitList units(plan);
  add_arm(units, 0, 2'000, {}, 3);
  add_arm(units, 1, 9'000, {0.4}, 4);
  const Findings findings = found(plan, units, kFirst + 200);
  const LifetimeFinding& value = *findings.lifetime;
  ASSERT_EQ(value.state, State::kTooFewRepeat);
  EXPECT_GT(value.against[0].observed.low, 0.0);
  EXPECT_FALSE(value.against[0].forecast || value.against[0].total);
  EXPECT_FALSE(value.arms[1].forecast || value.arms[0].total);
  EXPECT_GT(value.fewest_again, 0);
  const Rendered shown = render(findings);
  for (const std::string& rendered : {shown.text, shown.html, shown.json}) {
    EXPECT_THAT(rendered, HasSubstr("Not enough repeat customers yet for a forecast: each arm "
                                    "needs 825, one has "));
    EXPECT_THAT(rendered, Not(HasSubstr("in all. ")));
    EXPECT_THAT(rendered, HasSubstr("no verdict reads it"));
  }
  const json::object reports = to_json(one_report(findings));
  EXPECT_TRUE(json_of(reports).at("against").at(0).at("total").is_null());
  EXPECT_EQ(json_of(reports).at("state").as_string(), "too few repeat customers");
}

// Of those who ordered alike it is known how many kept nothing.
TEST(Lifetime, WhoGotEverythingBackDoesNotOpenTheGate) {
  const Plan plan = yearly();
  for (const int refunded : {0, 30}) {
    UnitList units(plan);
    for (const std::uint32_t arm : {0U, 1U}) {
      for (int i = 0; i < 120; ++i) {
        UnitFacts& unit = units.add(arm, kFirst, 0);
        unit.cells = {0};
        unit.history.counts = true;
        unit.history.orders = i < 60 ? 1 : 0;
        unit.history.value = i >= refunded && i < 60 ? 5'000 : 0;
      }
    }
    EXPECT_EQ(lifetime(plan, units).state,
              refunded == 0 ? State::kTooFewRepeat : State::kNotEnough);
  }
}

TEST(Lifetime, ThinOrYoungDataSaysNotEnoughYetAndNoFigure) {
  const Plan plan = yearly();
  UnitList young(plan);
  add_arm(young, 0, 9'000, {}, 5);
  add_arm(young, 1, 9'000, {}, 6);
  const Plan uneven = yearly(12.0, 900.0);
  UnitList thin(uneven);
  add_arm(thin, 0, 120, {}, 7);
  add_arm(thin, 1, 9'000, {}, 8);
  UnitList others(plan);  // a cell that is too small to be shown
  add_arm(others, 0, 9'000, {}, 9);
  add_arm(others, 1, 9'000, {}, 10);
  for (std::size_t i = 49; i < others.units().size(); ++i) {
    others.units()[i].cells = {1};
    others.units()[i].history = {};
  }
  const UnitList none(plan);
  const auto check = [](const Plan& of, const UnitList& units, Day now) {
    const Findings findings = found(of, units, now);
    ASSERT_TRUE(findings.lifetime);
    EXPECT_EQ(findings.lifetime->state, State::kNotEnough);
    EXPECT_TRUE(findings.lifetime->arms.empty() && findings.lifetime->against.empty());
    EXPECT_THAT(findings.lifetime->says, HasSubstr("not enough data yet"));
    const json::object reports = to_json(one_report(findings));
    EXPECT_TRUE(json_of(reports).at("arms").as_array().empty());
    EXPECT_TRUE(json_of(reports).at("against").as_array().empty());
    EXPECT_TRUE(json_of(reports).at("from").is_null());
  };
  check(plan, young, kFirst + 180);  // one day too early
  check(uneven, thin, kFirst + 200);
  check(plan, others, kFirst + 200);
  check(plan, none, kFirst + 200);
}

// Only blocks that are over count: the rest are as if they were not there.
TEST(Lifetime, DaysThatAreNotOverChangeNothing) {
  const Plan plan = yearly();
  UnitList units(plan);
  add_arm(units, 0, 9'000, {}, 1);
  add_arm(units, 1, 9'000, {0.4}, 2);
  const LifetimeFinding before = lifetime(plan, units);
  std::mt19937_64 random(11);
  for (int i = 0; i < 2'000; ++i) {
    UnitFacts& unit = units.add(static_cast<std::uint32_t>(i % 2), kFirst + 30);
    unit.cells = {0};
    unit.history = draw(random, {1.0});
  }
  const LifetimeFinding after = lifetime(plan, units);
  EXPECT_EQ(before.says, after.says);
  EXPECT_EQ(before.against[0].total->high, after.against[0].total->high);
}

TEST(Lifetime, SwappingArmsFlipsSignsAndOrderChangesNothing) {
  const Plan plan = yearly(9.0, 11.0);
  UnitList units(plan);
  add_arm(units, 0, 9'000, {}, 1);
  add_arm(units, 1, 11'000, {0.35}, 2);
  const LifetimeFinding forth = lifetime(plan, units);
  std::mt19937_64 random(12);
  std::shuffle(units.units().begin(), units.units().end(), random);
  EXPECT_EQ(lifetime(plan, units).says, forth.says);
  for (UnitFacts& unit : units.units()) unit.arm = 1 - unit.arm;
  const LifetimeFinding back = lifetime(yearly(11.0, 9.0), units);
  const auto flipped = [](const Estimate& a, const Estimate& b) {
    return a.estimate == -b.estimate && a.low == -b.high && a.high == -b.low;
  };
  EXPECT_TRUE(flipped(forth.against[0].observed, back.against[0].observed));
  EXPECT_TRUE(flipped(*forth.against[0].forecast, *back.against[0].forecast));
  EXPECT_TRUE(flipped(*forth.against[0].total, *back.against[0].total));
}

TEST(Lifetime, FirstOrdersBroughtForwardHaveNoForecast) {
  const Plan plan = yearly();
  UnitList units(plan);
  add_arm(units, 0, 12'000, {0.45, 150.0}, 13);
  add_arm(units, 1, 12'000, {0.45, 70.0}, 14);
  const LifetimeFinding value = lifetime(plan, units);
  EXPECT_EQ(value.state, State::kBoughtEarlier) << value.says;
  EXPECT_FALSE(value.against[0].total);
  EXPECT_THAT(value.says, HasSubstr("brought forward"));
}

// Three arms share alpha: with the third one a copy of the second, both are alike, and wider.
TEST(Lifetime, SeveralArmsShareAlpha) {
  const Plan two = yearly();
  UnitList units(two);
  add_arm(units, 0, 9'000, {}, 1);
  add_arm(units, 1, 9'000, {0.4}, 2);
  const LifetimeFinding alone = lifetime(two, units);
  Plan three = two;
  three.arms.push_back({"other", 1.0});
  UnitList more(three);
  add_arm(more, 0, 9'000, {}, 1);
  add_arm(more, 1, 9'000, {0.4}, 2);
  add_arm(more, 2, 9'000, {0.4}, 2);
  const LifetimeFinding value = lifetime(three, more);
  ASSERT_EQ(value.against.size(), 2u);
  EXPECT_EQ(value.against[0].total->low, value.against[1].total->low);
  EXPECT_LT(value.against[0].total->low, alone.against[0].total->low);
  EXPECT_THAT(value.says, HasSubstr("other: Within 365 days"));
}

TEST(Lifetime, OfWholeAccountsThereIsNone) {
  Plan plan = yearly();
  plan.clustered = true;
  plan.cluster_name = "account";
  UnitList units(plan);
  add_arm(units, 0, 9'000, {}, 1);
  add_arm(units, 1, 9'000, {0.4}, 2);
  for (std::size_t i = 0; i < units.units().size(); ++i) units.units()[i].cluster = i / 2 + 1;
  const LifetimeFinding value = lifetime(plan, units);
  EXPECT_EQ(value.state, State::kClustered);
  EXPECT_TRUE(value.arms.empty());
  EXPECT_THAT(value.says, HasSubstr("of one account as independent"));
}

TEST(Lifetime, WithoutAPlanForItThereIsNone) {
  Plan plan = yearly();
  plan.lifetime.reset();
  UnitList units(plan);
  units.add_many(0, kFirst, 200, 60);
  units.add_many(1, kFirst, 200, 60);
  const Findings findings = found(plan, units, kFirst + 200);
  EXPECT_FALSE(findings.lifetime);
  const json::object reports = to_json(one_report(findings));
  EXPECT_TRUE(reports.at("moments").at(0).at("lifetime").is_null());
  plan.lifetime = Lifetime{0, 2};
  EXPECT_FALSE(check_plan(plan).has_value());
  plan.lifetime = Lifetime{1, 0};
  EXPECT_FALSE(check_plan(plan).has_value());
  plan.lifetime = Lifetime{0, 0, 0};
  EXPECT_FALSE(check_plan(plan).has_value());
}

}  // namespace
}  // namespace tact
