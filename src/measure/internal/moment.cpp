#include "measure/internal/moment.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/stop.h"
#include "measure/cut.h"
#include "measure/internal/moment_guards.h"
#include "measure/internal/moment_lifetime.h"
#include "measure/internal/moment_returns.h"
#include "measure/internal/row_batch.h"
#include "measure/internal/two_threads.h"
#include "measure/likelihood.h"
#include "measure/persuadable.h"
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

// What comes after the exposure whatever the goals are, behind them and their money.
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
  satisfaction.asked = Asked::kScore;
  satisfaction.digits = 3;
  satisfaction.within = kSurveyed;
  Metric recall;
  recall.name = "remembered";
  recall.kind = MetricKind::kRatio;
  recall.second = SecondIs::kDenominator;
  recall.asked = Asked::kShare;
  recall.within = kSurveyed;
  plan.metrics.insert(plan.metrics.end(), {value, satisfaction, recall});
}

// Behind all others, of which it takes the place of none.
void put_again(Plan& plan) {
  if (plan.metrics.size() >= kMostMetrics) return;
  Metric again;
  again.name = "hesitated again";
  again.says = "hesitated again on a later visit";
  again.of_whom = "hesitated";
  again.kind = MetricKind::kProportion;
  again.more = false;
  again.within = kReacted;
  plan.metrics.push_back(std::move(again));
}

std::size_t later_from(const Experiment& experiment) {
  std::size_t metrics = experiment.goals.size();
  for (const WatchedGoal& watched : experiment.goals) metrics += watched.goal.value_from_total;
  return metrics;
}

// A goal, or its money. Most rows have no outcome.
void fill_goal(const ExposureView& row, const Experiment& experiment, const Metric& planned,
               std::size_t m, MetricFacts& metric) {
  metric = MetricFacts{};
  const bool money = planned.value_of.has_value();
  metric.covariate = money ? row.prior_value_minor : std::int64_t{row.prior_orders};
  if (row.goals.empty()) return;
  const std::uint64_t key = experiment.goals[planned.value_of.value_or(m)].key;
  const auto tally = std::find_if(row.goals.begin(), row.goals.end(),
                                  [&](const GoalTally& of) { return of.goal == key; });
  if (tally == row.goals.end()) return;
  metric.value = money ? tally->value_minor : std::int64_t{tally->count};
  if (money) return;
  metric.credit = {tally->attributed, static_cast<std::int64_t>(tally->linear),
                   static_cast<std::int64_t>(tally->position)};
}

// Nothing else of it is ever set.
void fill_again(const ExposureView& row, MetricFacts& metric) {
  metric.observed = row.covariates.hesitates();
  metric.value = metric.observed && row.follow_up.again_day > 0 ? 1 : 0;
}

void fill_later(const ExposureView& row, std::size_t which, MetricFacts& metric) {
  const FollowUp& after = row.follow_up;
  metric = MetricFacts{};
  if (which == 0) {
    metric.value = kept_minor(after);
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

constexpr std::size_t kClosedDimensions = 6;  // put_dimensions()
constexpr std::array<const char*, 4> kOpenDimensions = {"region", "page type", "intent", "stage"};

using OpenTexts = std::array<std::string_view, kOpenDimensions.size()>;

// As kOpenDimensions. No intent may lead, which is not the same as that none was told.
OpenTexts open_texts(const ExposureView& row) {
  const auto& before = row.covariates;
  const bool none_leads = before.intent.empty() && before.intent_level != IntentLevel::kUntold;
  const std::string_view intent = none_leads ? std::string_view("none leads") : before.intent;
  return {before.region, before.page_type, intent, before.stage};
}

void put_dimensions(const Opened& opened, Plan& plan) {
  plan.dimensions = {{"device", {"desktop", "mobile", "tablet"}},
                     {"visitor", {"new", "returning"}},
                     {"orders before", {kOrdersBefore.begin(), kOrdersBefore.end()}, true},
                     {"clarity of intent", {"unclear", "maybe", "likely", "sure"}},
                     {"came from", {}},
                     {"language", {kLanguages.begin(), kLanguages.end()}}};
  for (int source = 1; source <= static_cast<int>(TrafficSource::kInternal); ++source) {
    plan.dimensions[4].cells.emplace_back(to_string(static_cast<TrafficSource>(source)));
  }
  for (std::size_t i = 0; i < opened.size(); ++i) {
    plan.dimensions.push_back({kOpenDimensions[i], opened[i].names(), false, kMostNamed + 1});
  }
}

std::int32_t language_cell(std::string_view language) {
  if (language.size() != 2) return -1;
  const auto found = std::find_if(
      kLanguages.begin(), kLanguages.end(),
      [&](std::string_view known) { return known[0] == language[0] && known[1] == language[1]; });
  return found == kLanguages.end() ? -1 : static_cast<std::int32_t>(found - kLanguages.begin());
}

// The first day after the exposure's own with the event; else the last day known to be over.
CurveFacts first_day(const DaySet& days, std::size_t from, int days_over) {
  const auto day = days.first(from);
  if (day && static_cast<int>(*day) <= days_over) return {true, true, static_cast<int>(*day)};
  return {days_over >= 0, false, days_over};
}

// From which day on an order is a repeat: whose first one came after the exposure buys again on a
// later day.
std::size_t repeats_from(const ExposureView& row) {
  if (row.prior_orders > 0) return 0;
  const auto first = row.follow_up.order_days.first(0);
  return first ? *first + 1 : 0;
}

void fill_curves(const ExposureView& row, Time now, UnitFacts& facts) {
  if (facts.curves.empty()) return;  // none are planned
  const auto age = (now - row.at) / days(1);
  const int over = static_cast<int>(std::min<std::int64_t>(age, kFollowedDays)) - 1;
  std::fill(facts.curves.begin(), facts.curves.end(), CurveFacts{});
  if (over < 0) return;
  facts.curves[0] = first_day(row.follow_up.visit_days, 1, over);
  facts.curves[1] = first_day(row.follow_up.order_days, repeats_from(row), over);
  const int full = static_cast<int>(row.follow_up.full_price_day) - 1;
  const bool bought = full >= 0 && full <= over;
  facts.curves[2] = {true, bought, bought ? full : over};
}

std::int32_t device_cell(Device device) {
  return device == Device::kUnknown ? -1 : static_cast<std::int32_t>(device) - 1;
}

std::int32_t orders_cell(std::uint32_t orders) { return orders == 0 ? 0 : orders < 3 ? 1 : 2; }

constexpr std::uint32_t kNoArm = std::numeric_limits<std::uint32_t>::max();

// Of an A/B experiment the arm's place; kNoArm for an arm that it does not have.
std::uint32_t arm_of(const ExposureView& row, const Experiment& experiment) {
  if (!experiment.is_ab()) return row.treated ? 1 : 0;
  const PlannedArm* arm = experiment.find_arm(row.variant);
  return arm == nullptr ? kNoArm : static_cast<std::uint32_t>(arm - experiment.arms.data());
}

std::string subject_of(const Experiment& experiment) {
  if (experiment.is_ab()) return experiment.arms.size() == 2 ? experiment.arms[1].id : "It";
  return experiment.moment.empty() ? "Everything together" : "It";
}

// Plan::features, beyond the cells and covariates.
void fill_features(const ExposureView& row, const Plan& plan, UnitFacts& facts) {
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

// Of the first `planned` dimensions.
void fill_cells(const ExposureView& row, const Opened& opened, std::size_t planned,
                UnitFacts& facts) {
  facts.cells.resize(planned);
  const auto put = [&](std::size_t i, std::int32_t cell) {
    if (i < planned) facts.cells[i] = cell;
  };
  put(0, device_cell(row.device));
  put(1, row.visit_number <= 1 ? 0 : 1);
  put(2, orders_cell(row.prior_orders));
  put(3, static_cast<std::int32_t>(row.covariates.intent_level) - 1);
  put(4, static_cast<std::int32_t>(row.covariates.source) - 1);
  put(5, language_cell(row.covariates.language));
  if (planned <= kClosedDimensions) return;
  const OpenTexts values = open_texts(row);
  for (std::size_t i = 0; i < opened.size(); ++i) {
    facts.cells[kClosedDimensions + i] = opened[i].cell_of(values[i], day_of(row.at));
  }
}

Error unreadable(const Experiment& experiment) {
  return make_error(ErrorCode::kCorrupt,
                    "a row of facts cannot be read; run `tact verify`, then `tact rebuild`",
                    experiment.is_ab()          ? "experiment " + experiment.name
                    : experiment.moment.empty() ? "experiment of the universal holdout"
                                                : "experiment of " + experiment.moment);
}

// The rows of one part; visit(key, bytes, row) until it returns false, for a row that is wrong.
template <typename Visit>
Status each_row(const Store& store, const Experiment& experiment, std::size_t part,
                const std::stop_token& stop, const Visit& visit) {
  constexpr std::size_t kBytes = 256 / kFactParts;
  const std::string prefix = keys::facts_prefix(experiment.id);
  const std::string from = prefix + static_cast<char>(part * kBytes);
  const std::size_t end = (part + 1) * kBytes;  // of the visitors' first bytes
  Status problem = ok();
  ExposureView row;
  const auto each = [&](std::string_view key, std::string_view value) {
    if (stop.stop_requested()) {
      problem = check_not_stopped(stop);
      return false;
    }
    ByteReader in(value);
    row.read(in);
    if (in.failed() || row.experiment != experiment.id) {
      problem = unreadable(experiment);
      return false;
    }
    return visit(key, value, row);
  };
  RowBatch batch;
  bool more = true;
  const auto hold = [&](std::string_view key, std::string_view value) {
    if (key.size() > prefix.size() && static_cast<std::uint8_t>(key[prefix.size()]) >= end) {
      return false;
    }
    batch.hold(key, value);
    if (!batch.full()) return true;
    more = batch.drain(each);
    return more;
  };
  TACT_TRY(store.scan(Family::kFacts, prefix, from, hold));
  if (more) batch.drain(each);
  return problem;
}

// Of everybody's blocks alone, or a name would tell of who is in none.
Naming naming(const std::vector<Block>& everybody, bool small_cells) {
  const Day end = everybody.empty() ? std::numeric_limits<Day>::min() : everybody.back().end;
  return {small_cells ? 1 : kSmallCell, end};
}

AnalyseOptions how_to_analyse(const Experiment& experiment, const ReportOptions& options) {
  AnalyseOptions how;
  how.now = options.now;
  how.present = options.present;
  how.alpha = options.alpha;
  how.small_cells = options.small_cells;
  how.stop = options.stop;
  how.subject = subject_of(experiment);
  how.whom = experiment.moment.empty() ? "visitors Tact had something for"
             : experiment.need.empty() ? ""
                                       : "visitors who want to " + experiment.need;
  return how;
}

struct Met {
  explicit Met(std::size_t arms) : days(arms) {}
  std::array<OpenValues, 4> values;
  DayCounts days;
};

Status count_values(const Store& store, const Experiment& experiment, const ReportOptions& options,
                    std::size_t part, Met& met) {
  return each_row(store, experiment, part, options.stop, [&](auto, auto, const ExposureView& row) {
    if (row.simulated && !options.include_simulated) return true;
    const std::uint32_t arm = arm_of(row, experiment);
    if (arm == kNoArm) return false;  // told by the scan that makes units of them
    met.days.add(day_of(row.at), arm, row.simulated);
    const OpenTexts values = open_texts(row);
    for (std::size_t i = 0; i < values.size(); ++i) met.values[i].add(values[i], day_of(row.at));
    return true;
  });
}

}  // namespace

Result<Opened> open_dimensions(const Store& store, const Experiment& experiment,
                               const ReportOptions& options) {
  const std::size_t arms = experiment.is_ab() ? experiment.arms.size() : 2;
  std::array<Met, 2> met{Met(arms), Met(arms)};
  TACT_TRY(in_two_threads("measure-values", kFactParts, [&](std::size_t which, std::size_t part) {
    return count_values(store, experiment, options, part, met[which]);
  }));
  met[0].days.merge(met[1].days);
  const CutOptions cut = cut_options(met[0].days, how_to_analyse(experiment, options));
  const Naming how = naming(met[0].days.everybody(cut), cut.small_cells);
  Opened opened;
  for (std::size_t i = 0; i < opened.size(); ++i) {
    met[0].values[i].merge(met[1].values[i]);
    opened[i] = met[0].values[i].name(how);
  }
  return opened;
}

Plan plan_of(const Experiment& experiment, Probability hold_back, const ReportOptions& options,
             const Opened& opened) {
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
  if (!plan.metrics.empty()) put_guards(experiment, plan);
  if (!plan.metrics.empty()) put_again(plan);
  put_dimensions(opened, plan);
  put_lifetime(experiment, plan);
  if (options.by_likelihood || options.uplift) {
    plan.features = {"visit number", "days since an order", "hour", "weekday"};
  }
  plan.curves = {
      {"came back", true, 90}, {"bought again", true, 180}, {"bought at full price", true, 180}};
  plan.attrition = true;
  plan.clustered = true;  // where visitors belong to accounts
  plan.cluster_name = "account";
  return plan;
}

namespace {

void fill_metrics(const ExposureView& row, const Experiment& experiment, const Plan& plan,
                  UnitFacts& facts) {
  facts.quiet = false;
  const std::size_t metrics = facts.metrics.size();
  const std::size_t later = std::min(later_from(experiment), metrics);
  for (std::size_t m = 0; m < later; ++m) {
    fill_goal(row, experiment, plan.metrics[m], m, facts.metrics[m]);
  }
  for (std::size_t m = later; m < metrics; ++m) {
    if (const auto& standing = plan.metrics[m].standing) {
      fill_guard(row, *standing, facts.metrics[m]);
    } else if (!plan.metrics[m].of_whom.empty()) {
      fill_again(row, facts.metrics[m]);
    } else if (m != plan.economics.kept) {
      fill_later(row, m - later, facts.metrics[m]);
    }
  }
  fill_returns(row, experiment, plan, facts.arm, facts);
}

bool is_quiet(const ExposureView& row, const Experiment& experiment, const Plan& plan,
              std::uint32_t arm) {
  if (!row.goals.empty() || !row.follow_up.is_quiet()) return false;
  return !plan.economics.kept || !costs_by_visitor(experiment, arm);
}

// Behind another quiet one only what was known before can differ: of goals and their money, and who
// hesitated.
void fill_quiet(const ExposureView& row, const Experiment& experiment, const Plan& plan,
                UnitFacts& facts) {
  for (std::size_t m = 0; !facts.quiet && m < facts.metrics.size(); ++m) {
    facts.metrics[m] = MetricFacts{};
    facts.metrics[m].observed = plan.metrics[m].asked == Asked::kNothing;
  }
  facts.quiet = true;
  const std::size_t later = std::min(later_from(experiment), facts.metrics.size());
  for (std::size_t m = 0; m < later; ++m) {
    facts.metrics[m].covariate =
        plan.metrics[m].value_of ? row.prior_value_minor : std::int64_t{row.prior_orders};
  }
  if (!plan.metrics.empty() && !plan.metrics.back().of_whom.empty())
    fill_again(row, facts.metrics.back());
}

}  // namespace

bool fill(const ExposureView& row, const Experiment& experiment, const Plan& plan, Time now,
          UnitFacts& facts, const Opened& opened) {
  facts.arm = arm_of(row, experiment);
  if (facts.arm == kNoArm) return false;
  facts.at = row.at;
  facts.crossover = row.crossover;
  facts.simulated = row.simulated;
  facts.fate = {row.slot != SlotSeen::kNotFollowed, row.slot == SlotSeen::kSeen,
                row.slot == SlotSeen::kNotSeen, row.follow_up.withdrew};
  facts.cluster = row.account;
  if (is_quiet(row, experiment, plan, facts.arm)) {
    fill_quiet(row, experiment, plan, facts);
  } else {
    fill_metrics(row, experiment, plan, facts);
  }
  fill_cells(row, opened, plan.dimensions.size(), facts);
  fill_history(row, plan, now, facts);
  fill_features(row, plan, facts);
  fill_curves(row, now, facts);
  return true;
}

FactSource::FactSource(const Store& store, const Experiment& experiment, const Plan& plan, Time now,
                       bool simulated, Opened opened, std::stop_token stop)
    : store_(store),
      experiment_(experiment),
      plan_(plan),
      now_(now),
      simulated_(simulated),
      opened_(std::move(opened)),
      stop_(std::move(stop)),
      hashes_(kFactParts) {}

Status FactSource::scan(std::size_t part, const Visit& visit) const {
  UnitFacts facts;
  facts.resize_for(plan_);
  RowHash hash;
  bool known = true;
  TACT_TRY(each_row(store_, experiment_, part, stop_,
                    [&](std::string_view key, std::string_view value, const ExposureView& row) {
                      known = fill(row, experiment_, plan_, now_, facts, opened_);
                      if (!known) return false;
                      if (simulated_ || !row.simulated) hash.add(key, value);
                      if (!plan_.features.empty())
                        facts.key = hash64(key);  // who learns draws by it
                      return visit(facts);
                    }));
  if (!known) return unreadable(experiment_);
  hashes_[part] = hash.finish();
  return ok();
}

std::string FactSource::data_hash() const {
  std::string all;
  for (const std::string& hash : hashes_) all += hash;
  return content_hash(all).to_text();
}

namespace {

// Open dimensions get their cells by a scan before the others.
Result<Findings> analyse_rows(const Store& store, const Experiment& experiment,
                              Probability hold_back, const ReportOptions& options) {
  TACT_ASSIGN(const Opened opened, open_dimensions(store, experiment, options));
  const Plan plan = plan_of(experiment, hold_back, options, opened);
  const FactSource source(store, experiment, plan, options.now, options.include_simulated, opened,
                          options.stop);
  const AnalyseOptions how = how_to_analyse(experiment, options);
  const SumOptions sums{true, options.include_simulated};
  TACT_ASSIGN(Findings findings, options.by_likelihood
                                     ? analyse_by_likelihood(plan, source, how, sums, true)
                                     : analyse(plan, source, how, sums));
  findings.data_hash = source.data_hash();
  if (!options.uplift) return findings;
  const PersuadableOptions whom{.alpha = options.alpha,
                                .reached = true,
                                .include_simulated = options.include_simulated,
                                .stop = options.stop};
  TACT_TRY(find_persuadable(plan, source, whom, findings));
  return findings;
}

}  // namespace

Result<Findings> analyse_moment(const Store& store, const Experiment& experiment,
                                Probability hold_back, const ReportOptions& options) {
  TACT_TRY(stats::check_alpha(options.alpha));
  TACT_ASSIGN(Findings findings, analyse_rows(store, experiment, hold_back, options));
  findings.need = experiment.need;
  return findings;
}

}  // namespace tact::internal
