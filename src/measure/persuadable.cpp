#include "measure/persuadable.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <string>

#include "measure/cut.h"
#include "measure/internal/arm_sample.h"
#include "measure/internal/halves.h"
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

// The units that the primary comparison counts: those exposed on its days.
struct Counted {
  Day from = 0, to = 0;
  bool simulated = true;

  bool holds(const UnitFacts& facts) const {
    const Day day = day_of(facts.at);
    return day >= from && day <= to && facts.metrics.front().observed &&
           (simulated || !facts.simulated);
  }
};

// Of each arm, control first; those not asked about stay empty.
using Samples = std::vector<ArmSample>;

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

  Result<Samples> gather(const UnitSource& source, const Counted& counted) const {
    const Samples none(asked_.size(), ArmSample(columns_.packed(), most_));
    std::array<Samples, 2> halves{none, none};
    TACT_TRY(internal::in_halves("measure-uplift", source.parts(),
                                 [&](std::size_t which, std::size_t from, std::size_t to) {
                                   return scan(source, counted, from, to, halves[which]);
                                 }));
    for (std::size_t arm = 0; arm < none.size(); ++arm) halves[0][arm].merge(halves[1][arm]);
    return std::move(halves[0]);
  }

 private:
  Status scan(const UnitSource& source, const Counted& counted, std::size_t from, std::size_t to,
              Samples& into) const {
    std::vector<float> numbers;
    for (std::size_t part = from; part < to; ++part) {
      TACT_TRY(source.scan(part, [&](const UnitFacts& facts) {
        if (!asked_[facts.arm] || !into[facts.arm].takes(facts.key) || !counted.holds(facts)) {
          return true;
        }
        numbers.clear();
        columns_.pack(facts, numbers);
        into[facts.arm].add(facts.key, day_of(facts.at), outcome(facts), numbers);
        return true;
      }));
    }
    return ok();
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
// reports would differ by. So the sample, too, goes on by whole days on which each of its arms has
// gained nobody or 50; where it holds everybody these are the report's own blocks.
void cut_small_steps(Samples& samples) {
  std::map<Day, std::vector<std::int64_t>> days;
  for (std::size_t arm = 0; arm < samples.size(); ++arm) {
    for (const ArmSample::Unit& unit : samples[arm].units()) {
      auto& counts = days[unit.day];
      counts.resize(samples.size());
      ++counts[arm];
    }
  }
  std::vector<std::int64_t> pending(samples.size());
  std::optional<Day> end;
  for (const auto& [day, counts] : days) {
    for (std::size_t arm = 0; arm < pending.size(); ++arm) pending[arm] += counts[arm];
    const bool whole = std::all_of(pending.begin(), pending.end(),
                                   [](std::int64_t n) { return n == 0 || n >= kSmallCell; });
    if (!whole) continue;
    end = day + 1;
    pending.assign(pending.size(), 0);
  }
  for (ArmSample& sample : samples) sample.drop_from(end.value_or(std::numeric_limits<Day>::min()));
}

// Owns what predict::UpliftTable refers to: control, then the arm, each by key.
struct Table {
  std::vector<float> features;
  std::size_t columns = 0;
  std::vector<int> arm;
  std::vector<double> outcome;
};

Table table_of(const UnitColumns& columns, const Samples& samples, std::size_t arm) {
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
  return internal::why_not_judged(findings);
}

class Judge {
 public:
  Judge(const Plan& plan, const Findings& findings, int resamples)
      : plan_(plan), findings_(findings) {
    how_.step_min = findings.small_cells_shown ? 0 : kSmallCell;
    how_.resamples = resamples;
  }

  Status judge(const UnitColumns& columns, const Samples& samples, UpliftFinding& out) const {
    const Table table = table_of(columns, samples, out.arm);
    for (const std::size_t arm : {std::size_t{0}, out.arm}) {
      out.units += static_cast<std::int64_t>(samples[arm].size());
      out.of += findings_.primary()->arms[arm].units;
    }
    const auto fewest =
        static_cast<std::int64_t>(std::min(samples[0].size(), samples[out.arm].size()));
    out.says = internal::say_uplift_not_enough(plan_, out);
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
    TACT_ASSIGN(const auto effects, predict::predict_effects(rows));
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
    TACT_ASSIGN(
        Samples samples,
        Gathering(plan, arms, out.front().reached, columns, of_arm).gather(source, counted));
    if (!findings.small_cells_shown) cut_small_steps(samples);
    for (ArmSample& sample : samples) sample.sort();
    const Judge judge(plan, findings, kResamples * static_cast<int>(arms.size()));
    for (UpliftFinding& finding : out) TACT_TRY(judge.judge(columns, samples, finding));
  }
  findings.uplift = std::move(out);
  const std::string how = internal::say_how_persuaded(findings);
  if (!how.empty()) findings.method.push_back(how);
  return ok();
}

}  // namespace tact
