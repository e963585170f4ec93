#include "measure/internal/attrition.h"

#include <algorithm>
#include <cmath>

#include "measure/internal/health.h"
#include "stats/sample_ratio.h"

namespace tact::internal {
namespace {

// The prior's weight in lost units: differences of some hundred lost units are found soonest.
constexpr double kConcentration = 100.0;

// With the parts of the arms further apart than this the exposures followed are not those of the
// arms: of an experiment about when to show, an arm that would not have shown has no slot.
constexpr double kMostApart = 0.05;

double share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

Fate fate_of(const Given& given, std::size_t arm) {
  Fate fate;
  for (const Block& block : given.cut.everybody) {
    for (Day day = block.begin; day < block.end; ++day) {
      if (const DaySums* sums = given.sums.day(day)) fate += sums->fates[arm];
    }
  }
  return fate;
}

// Are the arms among `lost` as among `of`?
void test(std::span<const std::int64_t> lost, std::span<const std::int64_t> of,
          AttritionCheck& check) {
  const std::vector<double> weights(of.begin(), of.end());
  const auto ratio = stats::sequential_sample_ratio(lost, weights, 0.0, kConcentration);
  if (!ratio.has_value()) return;  // fewer than two arms with anybody
  check.compared = true;
  check.log10_p = ratio->p.log10_p;
  check.differs = check.log10_p < std::log10(kAttritionAlpha / 2.0);
}

void check_loss(const Given& given, AttritionFinding& found) {
  std::vector<std::int64_t> followed, lost;
  double least = 1.0, most = 0.0;
  bool reported = false;
  for (std::size_t arm = 0; arm < given.arms(); ++arm) {
    const AttritionFinding::Arm& of = found.arms[arm];
    followed.push_back(of.followed);
    lost.push_back(of.lost());
    reported = reported || of.seen + of.not_seen > 0;
    if (of.units == 0) continue;
    least = std::min(least, share(of.followed, of.units));
    most = std::max(most, share(of.followed, of.units));
  }
  found.reported = reported;
  if (reported && most - least <= kMostApart) test(lost, followed, found.loss);
}

void check_withdrawal(AttritionFinding& found) {
  std::vector<std::int64_t> units, withdrew;
  for (const AttritionFinding::Arm& of : found.arms) {
    units.push_back(of.units);
    withdrew.push_back(of.withdrew);
  }
  test(withdrew, units, found.withdrawal);
}

}  // namespace

std::optional<AttritionFinding> find_attrition(const Given& given) {
  if (!given.plan.attrition || given.cut.everybody.empty()) return std::nullopt;
  AttritionFinding found;
  for (std::size_t arm = 0; arm < given.arms(); ++arm) {
    const Fate fate = fate_of(given, arm);
    const std::int64_t units = exposed(given, {}, given.cut.everybody, arm).units;
    found.arms.push_back({units, fate.followed, fate.seen, fate.not_seen, fate.withdrew});
  }
  // Colleagues are lost together: of whole clusters the test would find what is not there.
  if (!drawn_by_cluster(given)) {
    check_loss(given, found);
    check_withdrawal(found);
  } else {
    for (const auto& of : found.arms) found.reported = found.reported || of.seen + of.not_seen > 0;
  }
  found.loss.says = say_loss(given.plan, found);
  found.withdrawal.says = say_withdrawal(given.plan, found);
  return found;
}

}  // namespace tact::internal
