#include "decide/internal/experiments.h"

#include "assign/assign.h"

namespace tact {
namespace {

std::string_view shows(const Arm& arm) {
  switch (arm.kind) {
    case Arm::Kind::kMoment:
      return "message";
    case Arm::Kind::kGeneric:
      return "generic";
    case Arm::Kind::kDefault:
      return "default";
  }
  return "";
}

json::object arm_json(const InArm& in, std::string_view shown, const Playbook& playbook) {
  const ExperimentPlan& plan = playbook.experiments[static_cast<std::size_t>(in.experiment)];
  const Arm& arm = plan.arms[static_cast<std::size_t>(in.arm)];
  json::object out{{"id", plan.id}, {"moment", plan.moment}, {"asks", plan.asks}};
  if (!plan.layer.empty()) out["layer"] = plan.layer;
  out["arm"] = arm.id;
  out["share"] = arm.weight.as_double();
  out["shows"] = shown.empty() ? shows(arm) : shown;
  return out;
}

}  // namespace

Part part_in(const Moment& moment, const View& view) {
  if (view.anonymous_request) return {};
  for (const int index : moment.experiments) {
    const ExperimentPlan& plan = view.playbook.experiments[static_cast<std::size_t>(index)];
    const int arm = arm_of(plan, view.bucket_id);
    if (arm >= 0) return {{index, arm}, &plan.arms[static_cast<std::size_t>(arm)]};
  }
  return {};
}

json::array experiments_json(const Decision& decision, const View& view) {
  json::array out;
  if (decision.assignment.experiment >= 0)
    out.push_back(arm_json(decision.assignment, {}, view.playbook));
  for (const InArm& in : decision.triggered) out.push_back(arm_json(in, "not yet", view.playbook));
  return out;
}

}  // namespace tact
