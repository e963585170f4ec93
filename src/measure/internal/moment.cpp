#include "measure/internal/moment.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "base/bytes.h"
#include "base/hash.h"
#include "measure/internal/moment_returns.h"
#include "measure/likelihood.h"
#include "measure/row_hash.h"
#include "stats/inference.h"
#include "store/keys.h"

namespace tact::internal {
namespace {

// Those spoken by most who shop on the web; others are in no segment of their own.
constexpr std::array<std::string_view, 16> kLanguages = {
    "cs", "da", "de", "en", "es", "fr", "it", "ja", "nb", "nl", "pl", "pt", "ru", "sv", "tr", "zh"};
constexpr std::array<const char*, 3> kOrdersBefore = {"none", "1 or 2", "3 and more"};

// Experiment::goals holds the primary one first, then the others in the playbook's order; an
// Expectation holds the index in the playbook.
std::size_t place_of(const Experiment& experiment, int playbook_goal) {
  const int primary = experiment.expect ? experiment.expect.goal : 0;
  if (playbook_goal == primary) return 0;
  return static_cast<std::size_t>(playbook_goal < primary ? playbook_goal + 1 : playbook_goal);
}

Metric metric_of(const WatchedGoal& watched) {
  Metric metric;
  metric.name = watched.goal.id;
  metric.says = watched.goal.says;
  metric.within = watched.goal.within;
  metric.covariate = true;
  metric.covariate_name = "orders before";
  return metric;
}

Metric value_metric(const WatchedGoal& watched, std::size_t goal, int minor_digits) {
  Metric metric;
  metric.name = watched.goal.id + " value";
  metric.within = watched.goal.within;
  metric.money = true;
  metric.digits = metric.covariate_digits = minor_digits;
  metric.covariate = true;
  metric.covariate_name = "value of orders before";
  metric.value_of = goal;
  return metric;
}

void put_metrics(const Experiment& experiment, int minor_digits, Plan& plan) {
  for (const WatchedGoal& watched : experiment.goals) plan.metrics.push_back(metric_of(watched));
  if (plan.metrics.empty()) return;
  plan.metrics.front().role = MetricRole::kPrimary;
  if (experiment.expect) plan.metrics.front().more = experiment.expect.more;
  const Expectation& cost = experiment.not_at_the_cost_of;
  if (cost) {
    const std::size_t place = place_of(experiment, cost.goal);
    if (place > 0 && place < plan.metrics.size()) {
      plan.metrics[place].role = MetricRole::kGuardrail;
      plan.metrics[place].more = !cost.more;
    }
  }
  for (std::size_t goal = 0; goal < experiment.goals.size(); ++goal) {
    if (!experiment.goals[goal].goal.value_from_total) continue;
    plan.metrics.push_back(value_metric(experiment.goals[goal], goal, minor_digits));
  }
}

// What comes in the half year after the exposure, behind the goals and their money.
void put_later(int minor_digits, Plan& plan) {
  Metric value;
  value.name = "value less refunds";
  value.says = "orders less refunds, of half a year";
  value.within = kFollowed;
  value.money = true;
  value.digits = minor_digits;
  Metric satisfaction;
  satisfaction.name = "satisfaction";
  satisfaction.kind = MetricKind::kRatio;
  satisfaction.second = SecondIs::kDenominator;
  satisfaction.digits = 3;
  satisfaction.within = kFollowed;
  Metric recall;
  recall.name = "remembered";
  recall.kind = MetricKind::kRatio;
  recall.second = SecondIs::kDenominator;
  recall.within = kFollowed;
  plan.metrics.insert(plan.metrics.end(), {value, satisfaction, recall});
}

std::size_t later_from(const Experiment& experiment) {
  std::size_t metrics = experiment.goals.size();
  for (const WatchedGoal& watched : experiment.goals) metrics += watched.goal.value_from_total;
  return metrics;
}

void fill_later(const Exposure& row, std::size_t which, MetricFacts& metric) {
  const FollowUp& after = row.follow_up;
  if (which == 0) {
    metric.observed = !row.cut;
    for (const std::int64_t value : after.value_minor) metric.value += value;
    metric.value -= after.refund_minor;
  } else if (which == 1) {
    metric.observed = after.ratings > 0;
    metric.value = after.rating_milli;
    metric.second = after.ratings;
  } else {
    metric.observed = after.recall_asked > 0;
    metric.value = after.recalled;
    metric.second = after.recall_asked;
  }
}

void put_dimensions(Plan& plan) {
  plan.dimensions = {{"device", {"desktop", "mobile", "tablet"}},
                     {"visitor", {"new", "returning"}},
                     {"orders before", {kOrdersBefore.begin(), kOrdersBefore.end()}, true},
                     {"intent", {"unclear", "maybe", "likely", "sure"}},
                     {"came from", {}},
                     {"language", {kLanguages.begin(), kLanguages.end()}}};
  for (int source = 1; source <= static_cast<int>(TrafficSource::kInternal); ++source) {
    plan.dimensions[4].cells.emplace_back(to_string(static_cast<TrafficSource>(source)));
  }
}

std::int32_t language_cell(std::string_view language) {
  if (language.size() != 2) return -1;
  const auto found = std::find(kLanguages.begin(), kLanguages.end(), language);
  return found == kLanguages.end() ? -1 : static_cast<std::int32_t>(found - kLanguages.begin());
}

// The first day after the exposure's own with the event; else the last day known to be over.
CurveFacts first_day(const DaySet& days, std::size_t from, int days_over) {
  const auto day = days.first(from);
  if (day && static_cast<int>(*day) <= days_over) return {true, true, static_cast<int>(*day)};
  return {days_over >= 0, false, days_over};
}

void fill_curves(const Exposure& row, Time now, UnitFacts& facts) {
  const auto age = (now - row.at) / days(1);
  const int over = static_cast<int>(std::min<std::int64_t>(age, kFollowedDays)) - 1;
  facts.curves.assign(3, CurveFacts{});
  if (row.cut || over < 0) return;
  facts.curves[0] = first_day(row.follow_up.visit_days, 1, over);
  facts.curves[1] = first_day(row.follow_up.order_days, 0, over);
  const int full = static_cast<int>(row.follow_up.full_price_day) - 1;
  const bool bought = full >= 0 && full <= over;
  facts.curves[2] = {true, bought, bought ? full : over};
}

std::int32_t device_cell(Device device) {
  return device == Device::kUnknown ? -1 : static_cast<std::int32_t>(device) - 1;
}

std::int32_t orders_cell(std::uint32_t orders) { return orders == 0 ? 0 : orders < 3 ? 1 : 2; }

// Of an A/B experiment the arm's place; none for an arm that it does not have.
std::optional<std::uint32_t> arm_of(const Exposure& row, const Experiment& experiment) {
  if (!experiment.is_ab()) return row.treated ? 1 : 0;
  const PlannedArm* arm = experiment.find_arm(row.variant);
  if (arm == nullptr) return std::nullopt;
  return static_cast<std::uint32_t>(arm - experiment.arms.data());
}

std::string subject_of(const Experiment& experiment) {
  if (experiment.is_ab()) return experiment.arms.size() == 2 ? experiment.arms[1].id : "It";
  return experiment.moment.empty() ? "Everything together" : "It";
}

// Plan::features, beyond the cells and covariates.
void fill_features(const Exposure& row, const Plan& plan, UnitFacts& facts) {
  if (plan.features.empty()) return;
  constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();
  const int hour = int{row.covariates.hour_of_week} - 1;  // of the week
  const int weekday = hour / 24;
  facts.features = {static_cast<float>(row.visit_number),
                    row.covariates.days_since_order < 0
                        ? kUnknown
                        : static_cast<float>(row.covariates.days_since_order),
                    hour < 0 ? kUnknown : static_cast<float>(hour % 24),
                    hour < 0 ? kUnknown : static_cast<float>(weekday)};
}

void fill_cells(const Exposure& row, UnitFacts& facts) {
  facts.cells = {device_cell(row.device),
                 row.visit_number <= 1 ? 0 : 1,
                 orders_cell(row.prior_orders),
                 static_cast<std::int32_t>(row.covariates.intent_level) - 1,
                 static_cast<std::int32_t>(row.covariates.source) - 1,
                 language_cell(row.covariates.language)};
}

std::size_t byte_of(std::string_view key) {
  const auto visitor = keys::parse_facts_visitor(key);
  return visitor ? visitor->bytes[0] : 0;
}

Error unreadable(const Experiment& experiment) {
  return make_error(ErrorCode::kCorrupt,
                    "a row of facts cannot be read; run `tact verify`, then `tact rebuild`",
                    experiment.is_ab()          ? "experiment " + experiment.name
                    : experiment.moment.empty() ? "experiment of the universal holdout"
                                                : "experiment of " + experiment.moment);
}

}  // namespace

Plan plan_of(const Experiment& experiment, Probability hold_back, const ReportOptions& options) {
  Plan plan;
  plan.name = experiment.is_ab() ? experiment.name : experiment.moment;
  plan.currency = options.currency;
  plan.minor_digits = options.minor_digits;
  plan.hypothesis = {static_cast<bool>(experiment.expect), experiment.because};
  if (experiment.is_ab()) {
    for (const PlannedArm& arm : experiment.arms)
      plan.arms.push_back({arm.id, arm.weight.ppm / 1e6});
  } else {
    const std::int32_t parts = hold_back.ppm / 100;  // of 10,000, as assign/ draws
    const double held_back = parts / 1e4;
    plan.arms = {{"held back", held_back}, {"shown", 1.0 - held_back}};
  }
  put_metrics(experiment, options.minor_digits, plan);
  if (!plan.metrics.empty()) put_later(options.minor_digits, plan);
  put_returns(experiment, options, plan);
  put_dimensions(plan);
  if (options.by_likelihood) {
    plan.features = {"visit number", "days since an order", "hour", "weekday"};
  }
  plan.curves = {
      {"came back", true, 90}, {"bought again", true, 180}, {"bought at full price", true, 180}};
  plan.clustered = true;  // where visitors belong to accounts
  plan.cluster_name = "account";
  return plan;
}

bool fill(const Exposure& row, const Experiment& experiment, const Plan& plan, Time now,
          UnitFacts& facts) {
  const auto arm = arm_of(row, experiment);
  if (!arm) return false;
  facts.arm = *arm;
  facts.at = row.at;
  facts.crossover = row.crossover;
  facts.simulated = row.simulated;
  for (MetricFacts& metric : facts.metrics) metric = MetricFacts{};
  const std::size_t later = later_from(experiment);
  for (std::size_t m = 0; m < plan.metrics.size(); ++m) {
    const auto& value_of = plan.metrics[m].value_of;
    MetricFacts& metric = facts.metrics[m];
    if (m == plan.economics.kept) continue;
    if (m >= later) {
      fill_later(row, m - later, metric);
      continue;
    }
    metric.covariate = value_of ? row.prior_value_minor : std::int64_t{row.prior_orders};
    const std::uint64_t key = experiment.goals[value_of.value_or(m)].key;
    const auto tally = std::find_if(row.goals.begin(), row.goals.end(),
                                    [&](const GoalTally& of) { return of.goal == key; });
    if (tally == row.goals.end()) continue;
    metric.value = value_of ? tally->value_minor : std::int64_t{tally->count};
    if (value_of) continue;
    metric.credit = {tally->attributed, static_cast<std::int64_t>(tally->linear),
                     static_cast<std::int64_t>(tally->position)};
  }
  fill_returns(row, experiment, plan, *arm, facts);
  facts.cluster = row.account;
  fill_cells(row, facts);
  fill_features(row, plan, facts);
  fill_curves(row, now, facts);
  return true;
}

FactSource::FactSource(const Store& store, const Experiment& experiment, const Plan& plan, Time now,
                       bool simulated)
    : store_(store),
      experiment_(experiment),
      plan_(plan),
      now_(now),
      simulated_(simulated),
      hashes_(kParts) {}

Status FactSource::scan(std::size_t part, const Visit& visit) const {
  constexpr std::size_t kBytes = 256 / kParts;
  const std::string prefix = keys::facts_prefix(experiment_.id);
  const std::string from = prefix + static_cast<char>(part * kBytes);
  UnitFacts facts;
  facts.resize_for(plan_);
  RowHash hash;
  Status problem = ok();
  const auto each = [&](std::string_view key, std::string_view value) {
    if (byte_of(key) >= (part + 1) * kBytes) return false;
    ByteReader in(value);
    const Exposure row = Exposure::decode(in);
    if (in.failed() || row.experiment != experiment_.id ||
        !fill(row, experiment_, plan_, now_, facts)) {
      problem = unreadable(experiment_);
      return false;
    }
    if (simulated_ || !row.simulated) hash.add(key, value);
    facts.key = hash64(key);
    return visit(facts);
  };
  TACT_TRY(store_.scan(Family::kFacts, prefix, from, each));
  TACT_TRY(problem);
  hashes_[part] = hash.finish();
  return ok();
}

std::string FactSource::data_hash() const {
  std::string all;
  for (const std::string& hash : hashes_) all += hash;
  return content_hash(all).to_text();
}

Result<Findings> analyse_moment(const Store& store, const Experiment& experiment,
                                Probability hold_back, const ReportOptions& options) {
  TACT_TRY(stats::check_alpha(options.alpha));
  const Plan plan = plan_of(experiment, hold_back, options);
  const FactSource source(store, experiment, plan, options.now, options.include_simulated);
  AnalyseOptions how;
  how.now = options.now;
  how.alpha = options.alpha;
  how.small_cells = options.small_cells;
  how.subject = subject_of(experiment);
  how.whom = experiment.moment.empty() ? "visitors Tact had something for"
             : experiment.need.empty() ? ""
                                       : "visitors who want to " + experiment.need;
  const SumOptions sums{true, options.include_simulated};
  auto analysed = options.by_likelihood ? analyse_by_likelihood(plan, source, how, sums, true)
                                        : analyse(plan, source, how, sums);
  if (!analysed.has_value()) return analysed.error();
  Findings findings = std::move(analysed).value();
  findings.need = experiment.need;
  findings.data_hash = source.data_hash();
  return findings;
}

}  // namespace tact::internal
