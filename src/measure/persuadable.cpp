#include "measure/persuadable.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>
#include <string>

#include "measure/cut.h"
#include "measure/internal/arm_sample.h"
#include "measure/internal/two_threads.h"
#include "measure/internal/unit_columns.h"
#include "measure/internal/uplift_words.h"
#include "predict/uplift.h"

namespace tact {
namespace {

using internal::ArmSample;
using internal::UnitColumns;

// Numbers that a table of units may have.
constexpr std::size_t kMostNumbers = 40'000'000;
constexpr int kResamples = 1'000;  // for each arm asked about: their levels are smaller

// The exposure days of the primary comparison.
struct Counted {
  Day from = 0, to = 0;
  bool simulated = true;

  bool holds(const UnitFacts& facts) const {
    const Day day = day_of(facts.at);
    return day >= from && day <= to && (simulated || !facts.simulated);
  }
};

// Units of each arm, by day from Counted::from on: as the report's blocks count them.
using UnitsByDay = std::vector<std::vector<std::int64_t>>;

// Units by the zero bits their keys begin with: how many a sample has after so many halvings.
class ZeroBits {
 public:
  void add(std::uint64_t key) {
    ++counts_[std::min(static_cast<std::size_t>(std::countl_zero(key)), counts_.size() - 1)];
  }
  ZeroBits& operator+=(const ZeroBits& other) {
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
    return *this;
  }
  std::int64_t left(int halvings) const {
    return std::accumulate(counts_.begin() + halvings, counts_.end(), std::int64_t{0});
  }
  // As ArmSample's.
  int halvings(std::size_t most) const {
    int halvings = 0;
    while (halvings < ArmSample::kMostHalvings && left(halvings) > static_cast<std::int64_t>(most))
      ++halvings;
    return halvings;
  }

 private:
  std::array<std::uint32_t, ArmSample::kMostHalvings + 1> counts_{};
};

struct Gathered {
  std::vector<ArmSample> arms;  // control first; those not asked about stay empty
  UnitsByDay days;
  std::vector<std::vector<ZeroBits>> asked;  // by day and arm: all of whom the sample is one
};

class Gathering {
 public:
  // `reached`: the outcome is whether, not how much. `most`: of each arm.
  Gathering(const Plan& plan, const std::vector<std::size_t>& arms, bool reached,
            const UnitColumns& columns, std::size_t most)
      : reached_(reached),
        unit_(std::pow(10.0, plan.metrics.front().digits)),
        columns_(columns),
        most_(most),
        asked_(plan.arms.size(), false) {
    asked_[0] = true;
    for (const std::size_t arm : arms) asked_[arm] = true;
  }

  Result<Gathered> gather(const UnitSource& source, const Counted& counted) const {
    const auto days = static_cast<std::size_t>(counted.to - counted.from + 1);
    const Gathered none{std::vector<ArmSample>(asked_.size(), ArmSample(columns_.packed(), most_)),
                        UnitsByDay(days, std::vector<std::int64_t>(asked_.size())),
                        {days, std::vector<ZeroBits>(asked_.size())}};
    std::array<Gathered, 2> gathered{none, none};
    TACT_TRY(internal::in_two_threads("measure-uplift", source.parts(),
                                      [&](std::size_t which, std::size_t part) {
                                        return scan(source, counted, part, gathered[which]);
                                      }));
    auto& [all, others] = gathered;
    for (std::size_t arm = 0; arm < asked_.size(); ++arm) {
      all.arms[arm].merge(others.arms[arm]);
      for (std::size_t day = 0; day < days; ++day) {
        all.days[day][arm] += others.days[day][arm];
        all.asked[day][arm] += others.asked[day][arm];
      }
    }
    return std::move(all);
  }

 private:
  Status scan(const UnitSource& source, const Counted& counted, std::size_t part,
              Gathered& into) const {
    std::vector<float> numbers;
    return source.scan(part, [&](const UnitFacts& facts) {
      if (!counted.holds(facts)) return true;
      const Day day = day_of(facts.at);
      const auto at = static_cast<std::size_t>(day - counted.from);
      ++into.days[at][facts.arm];
      if (!asked_[facts.arm] || !facts.metrics.front().observed) return true;
      into.asked[at][facts.arm].add(facts.key);
      ArmSample& sample = into.arms[facts.arm];
      if (!sample.takes(facts.key)) return true;
      numbers.clear();
      columns_.pack(facts, numbers);
      sample.add(facts.key, day, outcome(facts), numbers);
      return true;
    });
  }

  double outcome(const UnitFacts& facts) const {
    const std::int64_t value = facts.metrics.front().value;
    if (reached_) return value != 0 ? 1.0 : 0.0;
    return static_cast<double>(value) / unit_;
  }

  bool reached_;
  double unit_;
  const UnitColumns& columns_;
  std::size_t most_;
  std::vector<bool> asked_;
};

// A block of the report adds 50 of each arm, and of a sample perhaps one of them, whose outcome two
// reports would differ by. So the sample goes on by as many whole blocks as give it 50 of each of
// its arms, or nobody; where it holds everybody, by the report's own. A step is found from what a
// report of its last day knows, so that a later one, whose arms may be halved, has the same.
void cut_small_steps(Gathered& gathered, Day from, std::size_t most) {
  const std::size_t arms = gathered.arms.size();
  std::vector<std::int64_t> block(arms), step(arms);
  std::vector<ZeroBits> so_far(arms), pending(arms);
  Day end = from;
  for (std::size_t day = 0; day < gathered.days.size(); ++day) {
    for (std::size_t arm = 0; arm < arms; ++arm) {
      block[arm] += gathered.days[day][arm];
      so_far[arm] += gathered.asked[day][arm];
      pending[arm] += gathered.asked[day][arm];
    }
    if (!may_be_shown(block)) continue;
    block.assign(arms, 0);
    for (std::size_t arm = 0; arm < arms; ++arm) {
      step[arm] = pending[arm].left(so_far[arm].halvings(most));
    }
    if (!may_be_shown(step)) continue;
    pending.assign(arms, ZeroBits());
    end = from + static_cast<Day>(day) + 1;
  }
  for (ArmSample& sample : gathered.arms) sample.drop_from(end);
}

// Owns what predict::UpliftTable refers to: control, then the arm, each by key.
struct Table {
  std::vector<float> features;
  std::size_t columns = 0;
  std::vector<int> arm;
  std::vector<double> outcome;
};

Table table_of(const UnitColumns& columns, const std::vector<ArmSample>& samples, std::size_t arm) {
  std::vector<float> all;
  Table out;
  all.reserve((samples[0].size() + samples[arm].size()) * columns.count());
  for (const std::size_t of : {std::size_t{0}, arm}) {
    for (const ArmSample::Unit& unit : samples[of].units()) {
      columns.spread(samples[of].numbers(unit), all);
      out.arm.push_back(of == 0 ? 0 : 1);
      out.outcome.push_back(unit.outcome);
    }
  }
  const std::vector<std::size_t> keep = internal::varying(all, columns.count());
  out.columns = keep.size();
  if (keep.size() == columns.count()) {
    out.features = std::move(all);
  } else if (!keep.empty()) {
    out.features = internal::kept(all, columns.count(), keep);
  }
  return out;
}

// Why nothing can be told of anybody, whatever the data; empty: it can.
std::string lacking(const Plan& plan, const Findings& findings) {
  if (findings.plan.clustered) {
    return "it would take the " + plan.units() + " of one " + plan.cluster_name +
           " as independent, and they are not";
  }
  if (findings.mixed) {
    return "some " + plan.units() + " are simulated, and a sample of both would tell who is not";
  }
  return internal::why_not_judged(findings);
}

class Judge {
 public:
  Judge(const Plan& plan, const Findings& findings, int resamples, const std::stop_token& stop)
      : plan_(plan), findings_(findings) {
    learn_.model.stop = how_.stop = stop;
    how_.step_min = findings.small_cells_shown ? 0 : kSmallCell;
    how_.resamples = resamples;
  }

  Status judge(const UnitColumns& columns, const std::vector<ArmSample>& samples,
               UpliftFinding& out) const {
    const Table table = table_of(columns, samples, out.arm);
    for (const std::size_t arm : {std::size_t{0}, out.arm}) {
      out.units += static_cast<std::int64_t>(samples[arm].size());
      out.of += findings_.primary()->arms[arm].units;
    }
    const auto fewest =
        static_cast<std::int64_t>(std::min(samples[0].size(), samples[out.arm].size()));
    if (out.units < out.of) out.says = internal::say_too_few_in_sample(plan_, out);
    if (fewest < kSmallCell) return ok();
    if (table.columns > 0) return judge(table, out);
    out.says = internal::say_no_uplift(
        plan_, out, "nothing is known from before by which the " + plan_.units() + " differ");
    return ok();
  }

 private:
  Status judge(const Table& table, UpliftFinding& out) const {
    const bool share = internal::uplift_metric(plan_, out).kind == MetricKind::kProportion;
    const predict::UpliftTable rows{{table.features, table.columns},
                                    table.arm,
                                    table.outcome,
                                    share ? predict::Goal::kBinary : predict::Goal::kRevenue};
    TACT_ASSIGN(const auto effects, predict::predict_effects(rows, learn_));
    stats::UpliftOptions how = how_;
    how.alpha = out.alpha;
    TACT_ASSIGN(auto judged, predict::judge_ranking(rows, effects.front(), how));
    if (!judged.report.enough) return ok();
    out.report = std::move(judged.report);
    out.says = internal::say_uplift(plan_, out);
    return ok();
  }

  const Plan& plan_;
  const Findings& findings_;
  predict::LearnerOptions learn_;
  stats::UpliftOptions how_;
};

std::vector<std::size_t> arms_asked(const Plan& plan, const PersuadableOptions& options) {
  std::vector<std::size_t> arms = options.arms;
  for (std::size_t arm = 1; options.arms.empty() && arm < plan.arms.size(); ++arm) {
    arms.push_back(arm);
  }
  return arms;
}

// One for each arm asked about, without figures.
std::vector<UpliftFinding> begun(const Plan& plan, const std::vector<std::size_t>& arms,
                                 const PersuadableOptions& options) {
  std::vector<UpliftFinding> out;
  for (const std::size_t arm : arms) {
    UpliftFinding finding;
    finding.arm = arm;
    finding.reached = options.reached && plan.metrics.front().kind == MetricKind::kMean;
    finding.learner = "DR";
    finding.alpha = options.alpha / static_cast<double>(arms.size());
    finding.says = internal::say_uplift_not_enough(plan, finding);
    out.push_back(std::move(finding));
  }
  return out;
}

}  // namespace

Status find_persuadable(const Plan& plan, const UnitSource& source,
                        const PersuadableOptions& options, Findings& findings) {
  findings.uplift.clear();
  const MetricFinding* primary = findings.primary();
  if (primary == nullptr || plan.metrics.front().kind == MetricKind::kRatio) return ok();
  const std::vector<std::size_t> arms = arms_asked(plan, options);
  std::vector<UpliftFinding> out = begun(plan, arms, options);
  const std::string why = lacking(plan, findings);
  if (!why.empty()) {
    for (UpliftFinding& finding : out) finding.says = internal::say_no_uplift(plan, finding, why);
  } else if (!primary->against.empty() && primary->counted_from && primary->counted_to) {
    const UnitColumns columns(plan);
    const std::size_t fit = kMostNumbers / std::max<std::size_t>(columns.count(), 1);
    const std::size_t of_arm = std::min(options.most, fit) / (arms.size() + 1);
    const Counted counted{day_of(*primary->counted_from), day_of(*primary->counted_to),
                          options.include_simulated};
    const Gathering gathering(plan, arms, out.front().reached, columns, of_arm);
    TACT_ASSIGN(Gathered gathered, gathering.gather(source, counted));
    if (!findings.small_cells_shown) cut_small_steps(gathered, counted.from, of_arm);
    for (ArmSample& sample : gathered.arms) sample.sort();
    const Judge judge(plan, findings, kResamples * static_cast<int>(arms.size()), options.stop);
    for (UpliftFinding& finding : out) TACT_TRY(judge.judge(columns, gathered.arms, finding));
  }
  findings.uplift = std::move(out);
  const std::string how = internal::say_how_persuaded(findings);
  if (!how.empty()) findings.method.push_back(how);
  return ok();
}

}  // namespace tact
