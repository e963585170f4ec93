#include "measure/internal/health.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "stats/sample_ratio.h"

namespace tact::internal {
namespace {

constexpr double kLeastExpected = 5.0;  // units of an arm; Cochran's rule for chi-squared

std::vector<double> planned_shares(const Plan& plan) {
  std::vector<double> shares;
  double sum = 0.0;
  for (const ArmPlan& arm : plan.arms) sum += arm.weight;
  for (const ArmPlan& arm : plan.arms) shares.push_back(sum > 0.0 ? arm.weight / sum : 0.0);
  return shares;
}

std::vector<std::int64_t> units_of(const DaySums& day, std::size_t arms) {
  std::vector<std::int64_t> units;
  for (std::size_t arm = 0; arm < arms; ++arm) units.push_back(day.groups.count(arm).units);
  return units;
}

std::int64_t total(std::span<const std::int64_t> counts) {
  return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
}

bool enough(std::span<const std::int64_t> counts, std::span<const double> shares) {
  const auto all = static_cast<double>(total(counts));
  int open = 0;
  for (const double share : shares) {
    if (share == 0.0) continue;
    ++open;
    if (all * share < kLeastExpected) return false;
  }
  return open >= 2;
}

int looks_of(const Sums& sums) {
  int looks = 0;
  for (Day day = sums.first_day(); day < sums.end_day(); ++day) {
    looks += sums.day(day) == nullptr ? 0 : 1;
  }
  return std::max(1, looks);
}

// One check, look by look.
class Looks {
 public:
  explicit Looks(std::vector<double> planned)
      : planned_(std::move(planned)), counts_(planned_.size()) {}

  void look(std::span<const std::int64_t> added) {
    for (std::size_t arm = 0; arm < counts_.size(); ++arm) counts_[arm] += added[arm];
    const auto look = stats::sequential_sample_ratio(counts_, planned_, sequential_log10_p_);
    if (look.has_value()) sequential_log10_p_ = look->p.log10_p;
  }

  // `at_each_look`: of chi-squared.
  void put(double at_each_look, RatioCheck& check) const {
    check.sequential_log10_p = sequential_log10_p_;
    if (!enough(counts_, planned_)) return;
    const auto test = stats::chi_squared_sample_ratio(counts_, planned_);
    if (!test.has_value()) return;
    check.checked = true;
    check.log10_p = test->p.log10_p;
    check.failed = check.log10_p < std::log10(at_each_look) ||
                   check.sequential_log10_p < std::log10(kSampleRatioAlpha) ||
                   test->visitors_in_zero_weight_arms > 0;
  }

 private:
  std::vector<double> planned_;
  std::vector<std::int64_t> counts_;
  double sequential_log10_p_ = 0.0;
};

void put_observed(const Given& given, RatioCheck& check) {
  std::vector<std::int64_t> shown;
  for (std::size_t arm = 0; arm < given.arms(); ++arm) {
    shown.push_back(exposed(given, {}, given.cut.everybody, arm).units);
  }
  const auto all = static_cast<double>(total(shown));
  for (const std::int64_t units : shown) {
    check.observed.push_back(all > 0.0 ? static_cast<double>(units) / all : 0.0);
  }
}

void check_clusters(const Given& given, RatioCheck& check) {
  const auto& sums = given.clusters->metrics.front();
  std::vector<std::int64_t> counts = {sums.front().control.clusters};
  for (const stats::ClusterSums& arm : sums) counts.push_back(arm.treatment.clusters);
  if (!enough(counts, check.planned)) return;
  const auto test = stats::chi_squared_sample_ratio(counts, check.planned);
  if (!test.has_value()) return;
  check.checked = true;
  check.log10_p = test->p.log10_p;
  check.failed = check.log10_p < std::log10(kSampleRatioAlpha / looks_of(given.sums));
}

}  // namespace

bool drawn_by_cluster(const Given& given) {
  if (given.clusters == nullptr) return false;
  const auto& sums = given.clusters->metrics.front();
  return std::all_of(sums.begin(), sums.end(),
                     [](const stats::ClusterSums& arm) { return arm.clusters_in_both == 0; });
}

RatioCheck check_ratio(const Given& given) {
  RatioCheck check;
  check.planned = planned_shares(given.plan);
  put_observed(given, check);
  if (drawn_by_cluster(given)) {
    check_clusters(given, check);
    return check;
  }
  const double at_each_look = kSampleRatioAlpha / looks_of(given.sums);
  Looks shown(check.planned), everybody(check.planned);
  for (const Block& block : given.cut.everybody) {
    std::vector<std::int64_t> units;
    for (std::size_t arm = 0; arm < given.arms(); ++arm) {
      units.push_back(exposed(given, {}, {&block, 1}, arm).units);
    }
    shown.look(units);
  }
  for (Day day = given.sums.first_day(); day < given.sums.end_day(); ++day) {
    if (const DaySums* sums = given.sums.day(day)) everybody.look(units_of(*sums, given.arms()));
  }
  RatioCheck of_all;
  everybody.put(at_each_look, of_all);
  shown.put(at_each_look, check);
  check.failed = check.failed || of_all.failed;
  check.checked = check.checked || of_all.failed;
  return check;
}

bool cell_ratio_failed(const Given& given, std::span<const std::int64_t> units) {
  const auto shares = planned_shares(given.plan);
  if (drawn_by_cluster(given) || !enough(units, shares)) return false;
  const auto test = stats::chi_squared_sample_ratio(units, shares);
  if (!test.has_value()) return false;
  std::size_t cells = 0;
  for (const Dimension& dimension : given.plan.dimensions) cells += dimension.possible_cells();
  const double alpha = kSampleRatioAlpha / looks_of(given.sums) / static_cast<double>(cells);
  return test->p.log10_p < std::log10(alpha);
}

std::vector<std::size_t> late_arms(const Given& given) {
  const auto shares = planned_shares(given.plan);
  std::vector<std::size_t> late;
  for (std::size_t arm = 0; arm < given.arms(); ++arm) {
    if (shares[arm] == 0.0) continue;
    double others = 0.0;
    bool seen = false;
    for (Day day = given.sums.first_day(); day < given.sums.end_day() && !seen; ++day) {
      const DaySums* sums = given.sums.day(day);
      if (sums == nullptr) continue;
      const auto today = units_of(*sums, given.arms());
      seen = today[arm] > 0;
      if (!seen) others += static_cast<double>(total(today));
    }
    if (seen && others * std::log1p(-shares[arm]) < std::log(kSampleRatioAlpha)) {
      late.push_back(arm);
    }
  }
  return late;
}

}  // namespace tact::internal
