#include "stats/uplift.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/rng.h"
#include "base/stop.h"
#include "stats/gate.h"

namespace tact::stats {
namespace {

Error invalid(const char* message) { return make_error(ErrorCode::kInvalid, message); }

// By score, best first, in columns for the resampling loop.
struct Sorted {
  std::vector<double> outcome;
  std::vector<std::uint8_t> treated;
  std::vector<std::uint8_t> last_of_tie;
  std::vector<std::size_t> marks;  // rows after which the curve is reported; last: all
};

struct Curve {
  double qini = 0.0;
  double auuc = 0.0;
  double effect = 0.0;
  std::vector<double> gains;  // at the marks
};

// One weighted pass. `weight(i)` is how often row i counts.
template <typename Weight>
void trace(const Sorted& rows, const Weight& weight, Curve& curve) {
  std::array<double, 2> n{};
  std::array<double, 2> y{};
  double gain_area = 0.0;
  double uplift_area = 0.0;
  double before = 0.0;
  double last_gain = 0.0;
  double last_uplift = 0.0;
  std::size_t mark = 0;
  for (std::size_t i = 0; i < rows.outcome.size(); ++i) {
    const double w = weight(i);
    const std::size_t arm = rows.treated[i];
    n[arm] += w;
    y[arm] += w * rows.outcome[i];
    if (rows.last_of_tie[i] == 0) continue;
    const double all = n[0] + n[1];
    double gain = 0.0;
    if (n[0] > 0.0 && n[1] > 0.0) gain = y[1] - y[0] * (n[1] / n[0]);
    const double uplift = n[1] > 0.0 ? gain / n[1] * all : 0.0;
    gain_area += (all - before) * (gain + last_gain);
    uplift_area += (all - before) * (uplift + last_uplift);
    before = all;
    last_gain = gain;
    last_uplift = uplift;
    for (; mark < rows.marks.size() && rows.marks[mark] == i; ++mark) curve.gains[mark] = gain;
  }
  const bool complete = n[0] > 0.0 && n[1] > 0.0;
  const double treated = complete ? n[1] : 1.0;
  const double all = complete ? before : 1.0;
  for (double& gain : curve.gains) gain /= treated;
  curve.qini = 0.5 * (gain_area / all - last_gain) / treated;
  curve.auuc = 0.5 * uplift_area / all / all;
  curve.effect = last_uplift / all;
}

// Poisson(1) counts by 16 random bits: four rows for each draw of 64.
const std::array<std::uint8_t, 65536>& poisson_table() {
  static const auto table = [] {
    std::array<std::uint8_t, 65536> counts{};
    double probability = std::exp(-1.0);
    double below = probability;
    std::uint8_t count = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      while ((static_cast<double>(i) + 0.5) / 65536.0 > below && count < 12) {
        count = static_cast<std::uint8_t>(count + 1);
        probability /= count;
        below += probability;
      }
      counts[i] = count;
    }
    return counts;
  }();
  return table;
}

// Rows after which the curve has a point: ends of ties, and the last row.
std::vector<std::size_t> marks_of(const Sorted& sorted, const UpliftOptions& options) {
  const std::size_t n = sorted.outcome.size();
  using Arms = std::array<std::int64_t, 2>;
  const auto enough = [&](const Arms& arms) {
    return std::min(arms[0], arms[1]) >= options.step_min;
  };
  Arms since{}, rest{};
  for (const std::uint8_t arm : sorted.treated) ++rest[arm];
  std::vector<std::size_t> marks;
  std::size_t row = 0;
  for (int p = 1; p <= options.points; ++p) {
    auto at = static_cast<std::size_t>(std::ceil(static_cast<double>(n) * p / options.points)) - 1;
    at = std::min(at, n - 1);
    while (sorted.last_of_tie[at] == 0) ++at;
    if (!marks.empty() && marks.back() == at) continue;
    for (; row <= at; ++row) {
      ++since[sorted.treated[row]];
      --rest[sorted.treated[row]];
    }
    if (at + 1 < n && !(enough(since) && enough(rest))) continue;
    marks.push_back(at);
    since = {};
  }
  return marks;
}

Sorted sort_rows(std::span<const ScoredOutcome> rows, const UpliftOptions& options) {
  std::vector<ScoredOutcome> order(rows.begin(), rows.end());
  // Within a tie by arm and outcome: the order of the input leaves no trace in any resample.
  std::sort(order.begin(), order.end(), [](const ScoredOutcome& a, const ScoredOutcome& b) {
    if (a.score != b.score) return a.score > b.score;
    if (a.treated != b.treated) return a.treated;
    return a.outcome > b.outcome;
  });
  Sorted sorted;
  const std::size_t n = order.size();
  for (std::size_t i = 0; i < n; ++i) {
    sorted.outcome.push_back(order[i].outcome);
    sorted.treated.push_back(order[i].treated ? 1 : 0);
    sorted.last_of_tie.push_back(i + 1 == n || order[i + 1].score != order[i].score ? 1 : 0);
  }
  sorted.marks = marks_of(sorted, options);
  return sorted;
}

// The k-th smallest and largest of R with k = (R + 1) alpha / 2, rounded down (Davison & Hinkley
// 1997, ch. 5): a new resample lies beyond either end with probability k / (R + 1).
Interval percentiles(std::vector<double>& values, double alpha) {
  const double k = std::floor(static_cast<double>(values.size() + 1) * alpha / 2.0);
  const std::size_t beyond = k < 1.0 ? 0 : static_cast<std::size_t>(k) - 1;
  const auto at = [&](std::size_t rank) {
    const auto nth = values.begin() + static_cast<std::ptrdiff_t>(rank);
    std::nth_element(values.begin(), nth, values.end());
    return *nth;
  };
  const double lower = at(beyond);
  return {lower, at(values.size() - 1 - beyond)};
}

Status check(std::span<const ScoredOutcome> rows, const UpliftOptions& options) {
  TACT_TRY(check_alpha(options.alpha));
  if (options.points < 1 || options.points > 1000) return invalid("points must be 1 to 1000");
  if (options.resamples < 100 || options.resamples > 100'000) {
    return invalid("resamples must be 100 to 100000");
  }
  std::array<std::int64_t, 2> visitors{};
  for (const ScoredOutcome& row : rows) {
    if (!std::isfinite(row.score) || !std::isfinite(row.outcome)) {
      return invalid("a score or outcome is not finite");
    }
    if (std::fabs(row.outcome) > 1e150) return invalid("an outcome is out of range");
    visitors[row.treated ? 1 : 0] += 1;
  }
  if (visitors[0] == 0 || visitors[1] == 0) {
    return invalid("not enough data yet: an arm has no visitors");
  }
  return ok();
}

// By number, not by the shape of amounts; of outcomes of 0 and 1 the rarer.
Result<bool> enough(std::span<const ScoredOutcome> rows) {
  std::array<std::int64_t, 2> hits{}, misses{};
  bool share = true;
  for (const ScoredOutcome& row : rows) {
    ++(row.outcome != 0.0 ? hits : misses)[row.treated ? 1 : 0];
    share = share && (row.outcome == 0.0 || row.outcome == 1.0);
  }
  TACT_ASSIGN(GateReport gate, check_gate(hits, 0.0));
  if (!gate.open || !share) return gate.open;
  TACT_ASSIGN(gate, check_gate(misses, 0.0));
  return gate.open;
}

}  // namespace

Result<UpliftReport> evaluate_uplift(std::span<const ScoredOutcome> rows,
                                     const UpliftOptions& options) {
  TACT_TRY(check(rows, options));
  const Sorted sorted = sort_rows(rows, options);
  const std::size_t marks = sorted.marks.size();
  Curve curve;
  curve.gains.resize(marks);
  trace(sorted, [](std::size_t) { return 1.0; }, curve);
  UpliftReport report;
  report.qini.estimate = curve.qini;
  report.auuc.estimate = curve.auuc;
  report.effect.estimate = curve.effect;
  for (std::size_t m = 0; m < marks; ++m) {
    const double fraction =
        static_cast<double>(sorted.marks[m] + 1) / static_cast<double>(rows.size());
    report.curve.push_back({fraction, curve.gains[m], {}});
  }
  std::vector<std::vector<double>> gains(marks);
  std::vector<double> qini;
  std::vector<double> auuc;
  std::vector<double> effect;
  Rng random(options.seed);
  const auto& poisson = poisson_table();
  for (int r = 0; r < options.resamples; ++r) {
    TACT_TRY(check_not_stopped(options.stop));
    std::uint64_t bits = 0;
    trace(
        sorted,
        [&](std::size_t i) {
          bits = i % 4 == 0 ? random.next() : bits >> 16;
          return static_cast<double>(poisson[bits & 0xFFFF]);
        },
        curve);
    qini.push_back(curve.qini);
    auuc.push_back(curve.auuc);
    effect.push_back(curve.effect);
    for (std::size_t m = 0; m < marks; ++m) gains[m].push_back(curve.gains[m]);
  }
  report.qini.interval = percentiles(qini, options.alpha);
  report.auuc.interval = percentiles(auuc, options.alpha);
  report.effect.interval = percentiles(effect, options.alpha);
  for (std::size_t m = 0; m < marks; ++m) {
    report.curve[m].interval = percentiles(gains[m], options.alpha);
  }
  TACT_ASSIGN(report.enough, enough(rows));
  return report;
}

}  // namespace tact::stats
