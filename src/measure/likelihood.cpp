#include "measure/likelihood.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "measure/cut.h"
#include "measure/internal/dates.h"
#include "measure/internal/numbers.h"
#include "measure/internal/two_threads.h"
#include "measure/internal/unit_columns.h"
#include "predict/likelihood.h"

namespace tact {
namespace {

using internal::UnitColumns;
using predict::LikelihoodStrata;

constexpr std::size_t kMostColumns = 400, kChunk = 1'024;
constexpr std::uint64_t kSeed = 1;
constexpr auto kFolds = static_cast<std::size_t>(predict::kLikelihoodFolds);

// Units of one cluster are in one fold: colleagues do alike.
int fold_of(const UnitFacts& facts) {
  const std::uint64_t key = facts.cluster != 0 ? facts.cluster : facts.key;
  return static_cast<int>((key >> 32U) % kFolds);
}

// The units of a source, of which a model learns from the held-back whose time is over.
class HeldBackUnits {
 public:
  HeldBackUnits(const Plan& plan, const UnitSource& source, const AnalyseOptions& options,
                bool simulated)
      : plan_(plan), source_(source), options_(options), simulated_(simulated) {}

  // Of every arm, closed or not, in two threads: visit(which, part, facts), which thread's it is.
  template <typename Visit>
  Status each_unit(const Visit& visit) const {
    return internal::in_two_threads("measure-learn", source_.parts(),
                                    [&](std::size_t which, std::size_t part) {
                                      return source_.scan(part, [&](const UnitFacts& facts) {
                                        if (simulated_ || !facts.simulated)
                                          visit(which, part, facts);
                                        return true;
                                      });
                                    });
  }
  bool counts(const UnitFacts& facts) const {  // held back, and the time is over
    return facts.arm == 0 && facts.metrics.front().observed && is_over(day_of(facts.at) + 1);
  }
  bool is_over(Day end) const {  // the time of those exposed before that day
    return start_of(end) + plan_.metrics.front().within <= options_.now;
  }
  // Everybody's, as the report of these units has them.
  std::vector<Block> blocks(const DayCounts& days) const {
    return days.everybody(cut_options(days, options_));
  }
  std::size_t arms() const { return plan_.arms.size(); }

 private:
  const Plan& plan_;
  const UnitSource& source_;
  const AnalyseOptions& options_;
  bool simulated_;
};

bool reached(const UnitFacts& facts) { return facts.metrics.front().value != 0; }

using Outcomes = std::array<std::int64_t, 2>;  // without, with

void add(Outcomes& into, const Outcomes& more) {
  for (std::size_t i = 0; i < into.size(); ++i) into[i] += more[i];
}

// What decides from when on a model does not learn. One for each thread.
struct alignas(64) Met {
  explicit Met(std::size_t arms) : everybody(arms) {}
  std::map<Day, Outcomes> days;  // of those who count
  DayCounts everybody;

  void merge(const Met& other) {
    for (const auto& [day, count] : other.days) add(days[day], count);
    everybody.merge(other.everybody);
  }
};

// The first exposure day that the model does not learn from; none: there is not enough. With `once`
// it learns from whole blocks: else it would tell who is in none.
Result<std::optional<Day>> end_of_learning(const HeldBackUnits& units, bool once) {
  std::array<Met, 2> both{Met(units.arms()), Met(units.arms())};
  auto& [met, others] = both;
  TACT_TRY(units.each_unit([&](std::size_t which, std::size_t, const UnitFacts& facts) {
    Met& mine = both[which];
    const Day day = day_of(facts.at);
    mine.everybody.add(day, facts.arm, facts.simulated);
    if (units.counts(facts)) ++mine.days[day][reached(facts) ? 1 : 0];
  }));
  met.merge(others);
  Outcomes sum{};
  std::optional<Day> end;
  const auto is_enough = [&] { return std::min(sum[0], sum[1]) >= kLikelihoodOutcomes; };
  if (!once) {
    for (const auto& [day, count] : met.days) add(sum, count);
    if (is_enough()) end = met.days.rbegin()->first + 1;
    return end;
  }
  for (const Block& block : units.blocks(met.everybody)) {
    if (!units.is_over(block.end)) break;
    const auto last = met.days.lower_bound(block.end);
    for (auto day = met.days.lower_bound(block.begin); day != last; ++day) add(sum, day->second);
    if (is_enough()) return std::optional<Day>(block.end);
  }
  return end;
}

struct Learnt {
  std::vector<float> values;
  std::vector<int> fold;
  std::vector<double> outcome;
};

// Those with the smallest keys, in the order of keys; of the same key, in that of the source. One
// for each thread.
class alignas(64) Sample {
 public:
  explicit Sample(const UnitColumns& columns) : columns_(columns) {}
  void add(const UnitFacts& facts, std::size_t part) {
    Row row{facts.key, part, fold_of(facts), reached(facts) ? 1.0 : 0.0, {}};
    row.packed.reserve(columns_.packed());
    columns_.pack(facts, row.packed);
    rows_.push_back(std::move(row));
    if (rows_.size() >= 2 * kLikelihoodRows) shrink();
  }
  void merge(Sample&& other) {
    std::move(other.rows_.begin(), other.rows_.end(), std::back_inserter(rows_));
    shrink();
  }
  Learnt finish() {
    shrink();
    Learnt out;
    out.values.reserve(rows_.size() * columns_.count());
    for (const Row& row : rows_) {
      columns_.spread(row.packed, out.values);
      out.fold.push_back(row.fold);
      out.outcome.push_back(row.outcome);
    }
    return out;
  }

 private:
  struct Row {
    std::uint64_t key = 0;
    std::size_t part = 0;
    int fold = 0;
    double outcome = 0.0;
    std::vector<float> packed;
  };
  void shrink() {
    std::stable_sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) {
      return std::tie(a.key, a.part) < std::tie(b.key, b.part);
    });
    if (rows_.size() > kLikelihoodRows) rows_.resize(kLikelihoodRows);
  }
  const UnitColumns& columns_;
  std::vector<Row> rows_;
};

struct Model {
  LikelihoodStrata strata;
  std::vector<std::size_t> columns;  // of UnitColumns: those it was fitted on
  std::size_t rows = 0;
  Day end = 0;
  std::string lacking;  // why there are no strata; empty: there are
};

Result<Model> lacking(std::string why) {
  Model model;
  model.lacking = std::move(why);
  return model;
}

Result<Model> learn(const UnitColumns& columns, const HeldBackUnits& units, bool once,
                    const std::stop_token& stop) {
  if (columns.count() == 0) return lacking("nothing is known of them from before");
  if (columns.count() > kMostColumns) return lacking("the segments have too many values");
  TACT_ASSIGN(const std::optional<Day> end, end_of_learning(units, once));
  if (!end) {
    return lacking("it takes " + std::to_string(kLikelihoodOutcomes) +
                   " held back with the outcome, and as many without, whose time is over");
  }
  std::array<Sample, 2> samples{Sample(columns), Sample(columns)};
  TACT_TRY(units.each_unit([&](std::size_t which, std::size_t part, const UnitFacts& facts) {
    if (units.counts(facts) && day_of(facts.at) < *end) samples[which].add(facts, part);
  }));
  samples[0].merge(std::move(samples[1]));
  const Learnt learnt = samples[0].finish();
  Model model;
  model.columns = internal::varying(learnt.values, columns.count());
  model.rows = learnt.fold.size();
  model.end = *end;
  if (model.columns.empty()) return lacking("all held back were alike before");
  const std::vector<float> values = internal::kept(learnt.values, columns.count(), model.columns);
  auto fitted = LikelihoodStrata::fit({{values, model.columns.size()}, learnt.fold, learnt.outcome},
                                      kSeed, stop);
  if (!fitted.has_value() && fitted.error().code == ErrorCode::kInvalid) {
    return lacking(fitted.error().message);
  }
  if (!fitted.has_value()) return fitted.error();
  model.strata = std::move(fitted).value();
  if (model.strata.strata() == 0) {
    return lacking("what is known from before does not tell who is likelier");
  }
  return model;
}

// The units of another source, each with its stratum as one more cell.
class PlacedSource final : public UnitSource {
 public:
  PlacedSource(const UnitSource& source, const UnitColumns& columns, const Model& model)
      : source_(source), columns_(columns), model_(model) {}
  std::size_t parts() const override { return source_.parts(); }
  Status scan(std::size_t part, const Visit& visit) const override {
    std::vector<UnitFacts> chunk;
    chunk.reserve(kChunk);
    std::size_t used = 0;
    bool goes_on = true;
    Status problem = ok();
    const auto flush = [&] {
      problem = place(chunk, used);
      for (std::size_t i = 0; i < used && goes_on && problem.has_value(); ++i) {
        goes_on = visit(chunk[i]);
      }
      used = 0;
      return goes_on && problem.has_value();
    };
    TACT_TRY(source_.scan(part, [&](const UnitFacts& facts) {
      if (used == chunk.size()) chunk.emplace_back();
      chunk[used++] = facts;
      return used < kChunk || flush();
    }));
    TACT_TRY(problem);
    if (goes_on) flush();
    return problem;
  }

 private:
  Status place(std::vector<UnitFacts>& chunk, std::size_t used) const {
    std::vector<float> all;
    for (std::size_t fold = 0; fold < kFolds; ++fold) {
      all.clear();
      std::vector<std::size_t> which;
      for (std::size_t i = 0; i < used; ++i) {
        if (fold_of(chunk[i]) != static_cast<int>(fold)) continue;
        columns_.append(chunk[i], all);
        which.push_back(i);
      }
      if (which.empty()) continue;
      const std::vector<float> values = internal::kept(all, columns_.count(), model_.columns);
      TACT_ASSIGN(const auto strata,
                  model_.strata.place(static_cast<int>(fold), {values, model_.columns.size()}));
      for (std::size_t i = 0; i < which.size(); ++i) {
        chunk[which[i]].cells.push_back(static_cast<std::int32_t>(strata[i]));
      }
    }
    return ok();
  }
  const UnitSource& source_;
  const UnitColumns& columns_;
  const Model& model_;
};

Plan with_strata(Plan plan, std::size_t strata) {
  for (Dimension& dimension : plan.dimensions) dimension.propensity = false;
  Dimension likely{kLikelihoodDimension, {"hardly likely", "likelier", "most likely"}, true};
  likely.learned = true;
  if (strata == 2) likely.cells = {"less likely", "likelier"};
  plan.dimensions.push_back(std::move(likely));
  return plan;
}

std::string say(const Plan& plan, const Model& model, bool once) {
  std::string says = "How likely it was anyway is told by boosted trees, fitted on " +
                     internal::grouped(static_cast<std::int64_t>(model.rows)) + " held back";
  if (once) says += " (exposed before " + internal::say_date(start_of(model.end)) + ", for good)";
  return says + ", from what was known of each of the " + plan.units() +
         " before; everyone is placed by a model that has not seen his outcome.";
}

bool may_learn(const Plan& plan) {
  const auto taken = [](const Dimension& of) { return of.name == kLikelihoodDimension; };
  return !plan.metrics.empty() && plan.metrics.front().kind != MetricKind::kRatio &&
         plan.dimensions.size() < kMostDimensions &&
         std::none_of(plan.dimensions.begin(), plan.dimensions.end(), taken);
}

}  // namespace

Result<Findings> analyse_by_likelihood(const Plan& plan, const UnitSource& source,
                                       const AnalyseOptions& options, const SumOptions& how,
                                       bool once) {
  TACT_TRY(check_plan(plan));
  if (!may_learn(plan)) return analyse(plan, source, options, how);
  const UnitColumns columns(plan);
  const HeldBackUnits units(plan, source, options, how.include_simulated);
  TACT_ASSIGN(const Model model, learn(columns, units, once, options.stop));
  if (!model.lacking.empty()) {
    TACT_ASSIGN(Findings findings, analyse(plan, source, options, how));
    findings.method.push_back("No model tells yet how likely it was anyway: " + model.lacking +
                              ".");
    return findings;
  }
  const PlacedSource placed(source, columns, model);
  TACT_ASSIGN(Findings findings,
              analyse(with_strata(plan, model.strata.strata()), placed, options, how));
  findings.method.push_back(say(plan, model, once));
  return findings;
}

}  // namespace tact
