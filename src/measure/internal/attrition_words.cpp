// Who was lost on the way, in sentences.
#include <algorithm>

#include "measure/cut.h"
#include "measure/internal/attrition.h"
#include "measure/internal/numbers.h"

namespace tact::internal {
namespace {

double share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

// "3.1 % of held back, fewer than 50 of shown".
template <typename Count>
std::string shares(const Plan& plan, const AttritionFinding& found, const Count& count) {
  std::string text;
  for (std::size_t arm = 0; arm < found.arms.size(); ++arm) {
    text += (arm == 0 ? "" : ", ") + count(found.arms[arm]) + " of " + plan.arms[arm].name;
  }
  return text;
}

// "3.1 %"; of a count that is rounded down "3.1 to 3.6 %", where that is not the same.
std::string part(const SmallCount& count, std::int64_t whole, bool exact) {
  if (count == 0) return "none";
  if (!count) return "fewer than 50";
  const std::int64_t to = exact ? *count : std::min(*count + kSmallCell - 1, whole);
  const std::string least = decimal(100.0 * share(*count, whole), 1);
  const std::string most = percent(share(to, whole), 1);
  return most.starts_with(least) ? most : least + " to " + most;
}

std::string lost_shares(const Plan& plan, const AttritionFinding& found) {
  return shares(plan, found, [&](const auto& arm) {
    if (!arm.followed) return std::string("too few to tell");
    return arm.few_seen ? "all but fewer than 50" : part(arm.lost, *arm.followed, found.exact);
  });
}

std::string withdrawn_shares(const Plan& plan, const AttritionFinding& found) {
  return shares(plan, found,
                [&](const auto& arm) { return part(arm.withdrew, arm.units, found.exact); });
}

std::string state(const AttritionCheck& check) {
  if (!check.compared) return "; the arms are not compared in this";
  return check.differs ? "; the arms differ by more than chance"
                       : "; the arms differ by no more than chance";
}

std::string warning(const AttritionCheck& check, const std::string& what) {
  if (!check.differs) return {};
  const std::string p = check.log10_p ? "p at most " + power_of_ten(*check.log10_p) + ", " : "";
  return what + ", which is not by chance (" + p + "over all looks). The comparison may be biased.";
}

}  // namespace

std::string say_loss(const Plan& plan, const AttritionFinding& found) {
  bool followed = false, none = true;
  for (const AttritionFinding::Arm& arm : found.arms) {
    followed = followed || arm.followed != 0;
    none = none && arm.lost == 0;
  }
  if (!followed) return {};
  if (!found.reported) return "no page tells whether its slot was seen";
  if (none) return "none, as far as pages tell";
  return lost_shares(plan, found) + " were never in view" + state(found.loss);
}

std::string say_withdrawal(const Plan& plan, const AttritionFinding& found) {
  const bool nobody = std::all_of(found.arms.begin(), found.arms.end(),
                                  [](const auto& arm) { return arm.withdrew == 0; });
  if (nobody) return "nobody";
  return withdrawn_shares(plan, found) + ", and less or nothing is known of them since" +
         state(found.withdrawal);
}

std::string say_attrition(const Findings& report) {
  if (!report.attrition) return {};
  const AttritionFinding& found = *report.attrition;
  const std::string loss =
      warning(found.loss, "Never in view were " + lost_shares(report.plan, found));
  const std::string withdrawal =
      warning(found.withdrawal, "Consent was withdrawn by " + withdrawn_shares(report.plan, found));
  return loss + (loss.empty() || withdrawal.empty() ? "" : " ") + withdrawal;
}

}  // namespace tact::internal
