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
    each_day(given, block, [&](const DaySums& day) { fate += day.fates[arm]; });
  }
  return fate;
}

std::int64_t lost_of(const Fate& fate) { return fate.followed - fate.seen; }

// `lost` and `seen` add up to who was followed, and who was lost is not_seen and the rest: each is
// told only where what would follow from it may be, too. That all are followed tells of nobody.
AttritionFinding::Arm told_of(const Given& given, const Fate& fate, std::int64_t units) {
  AttritionFinding::Arm arm;
  arm.units = units;
  arm.withdrew = told(given, fate.withdrew);
  if (!told(given, fate.followed) || !told(given, units - fate.followed)) return arm;
  arm.followed = fate.followed == units ? units : told(given, fate.followed);
  arm.seen = told(given, fate.seen);
  arm.lost = told(given, lost_of(fate));
  arm.few_seen = !arm.seen;
  if (!arm.seen || !arm.lost) {
    arm.seen = arm.lost = SmallCount();
    return arm;
  }
  if (told(given, lost_of(fate) - fate.not_seen)) arm.not_seen = told(given, fate.not_seen);
  return arm;
}

// Are the arms among `lost` as among `of`?
void test(std::span<const std::int64_t> lost, std::span<const std::int64_t> of,
          AttritionCheck& check) {
  const std::vector<double> weights(of.begin(), of.end());
  const auto ratio = stats::sequential_sample_ratio(lost, weights, 0.0, kConcentration);
  if (!ratio.has_value()) return;  // fewer than two arms with anybody
  check.compared = true;
  check.log10_p = ratio->p.log10_p;
  check.differs = ratio->p.log10_p < std::log10(kAttritionAlpha / 2.0);
}

void check_loss(const std::vector<Fate>& fates, AttritionFinding& found) {
  std::vector<std::int64_t> followed, lost;
  double least = 1.0, most = 0.0;
  for (std::size_t arm = 0; arm < fates.size(); ++arm) {
    const std::int64_t units = found.arms[arm].units;
    followed.push_back(fates[arm].followed);
    lost.push_back(lost_of(fates[arm]));
    if (units == 0) continue;
    least = std::min(least, share(followed.back(), units));
    most = std::max(most, share(followed.back(), units));
  }
  if (found.reported && most - least <= kMostApart) test(lost, followed, found.loss);
}

void check_withdrawal(const std::vector<Fate>& fates, AttritionFinding& found) {
  std::vector<std::int64_t> units, withdrew;
  for (std::size_t arm = 0; arm < fates.size(); ++arm) {
    units.push_back(found.arms[arm].units);
    withdrew.push_back(fates[arm].withdrew);
  }
  test(withdrew, units, found.withdrawal);
}

// Of one hidden count the others and p tell how many it is, and of rounded ones p does.
void hide(AttritionFinding& found) {
  for (const AttritionFinding::Arm& arm : found.arms) {
    if (!arm.lost) found.loss.log10_p.reset();
    if (!arm.withdrew) found.withdrawal.log10_p.reset();
  }
  for (AttritionCheck* check : {&found.loss, &found.withdrawal}) {
    if (check->log10_p && !found.exact) check->log10_p = std::ceil(*check->log10_p);
  }
}

}  // namespace

std::optional<AttritionFinding> find_attrition(const Given& given) {
  if (!given.plan.attrition || given.cut.everybody.empty()) return std::nullopt;
  AttritionFinding found;
  found.exact = given.options.small_cells;
  std::vector<Fate> fates;
  for (std::size_t arm = 0; arm < given.arms(); ++arm) {
    fates.push_back(fate_of(given, arm));
    const std::int64_t units = exposed(given, {}, given.cut.everybody, arm).units;
    found.arms.push_back(told_of(given, fates.back(), units));
    found.reported = found.reported || fates.back().seen + fates.back().not_seen > 0;
  }
  // Colleagues are lost together: of whole clusters the test would find what is not there.
  if (!drawn_by_cluster(given)) {
    check_loss(fates, found);
    check_withdrawal(fates, found);
    hide(found);
  }
  found.loss.says = say_loss(given.plan, found);
  found.withdrawal.says = say_withdrawal(given.plan, found);
  return found;
}

}  // namespace tact::internal
