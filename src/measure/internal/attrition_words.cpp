// Who was lost on the way, in sentences.
#include "measure/internal/attrition.h"
#include "measure/internal/numbers.h"

namespace tact::internal {
namespace {

double share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

// "3.1 % of held back, 3.0 % of shown".
template <typename Lost, typename Of>
std::string shares(const Plan& plan, const AttritionFinding& found, Lost lost, Of of) {
  std::string text;
  for (std::size_t arm = 0; arm < found.arms.size(); ++arm) {
    text += (arm == 0 ? "" : ", ") + percent(share(lost(found.arms[arm]), of(found.arms[arm])), 1) +
            " of " + plan.arms[arm].name;
  }
  return text;
}

std::string lost_shares(const Plan& plan, const AttritionFinding& found) {
  return shares(
      plan, found, [](const auto& arm) { return arm.lost(); },
      [](const auto& arm) { return arm.followed; });
}

std::string withdrawn_shares(const Plan& plan, const AttritionFinding& found) {
  return shares(
      plan, found, [](const auto& arm) { return arm.withdrew; },
      [](const auto& arm) { return arm.units; });
}

std::string state(const AttritionCheck& check) {
  if (!check.compared) return "; the arms are not compared in this";
  return check.differs ? "; the arms differ by more than chance"
                       : "; the arms differ by no more than chance";
}

std::string warning(const AttritionCheck& check, const std::string& what) {
  if (!check.differs) return {};
  return what + ", which is not by chance (p = " + power_of_ten(check.log10_p) +
         ", over all looks). The comparison may be biased.";
}

}  // namespace

std::string say_loss(const Plan& plan, const AttritionFinding& found) {
  std::int64_t followed = 0;
  for (const AttritionFinding::Arm& arm : found.arms) followed += arm.followed;
  if (followed == 0) return {};
  if (!found.reported) return "no page tells whether its slot was seen";
  return lost_shares(plan, found) + " were never in view" + state(found.loss);
}

std::string say_withdrawal(const Plan& plan, const AttritionFinding& found) {
  std::int64_t withdrew = 0;
  for (const AttritionFinding::Arm& arm : found.arms) withdrew += arm.withdrew;
  if (withdrew == 0) return "nobody";
  return withdrawn_shares(plan, found) + ", and nothing is known of them since" +
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
