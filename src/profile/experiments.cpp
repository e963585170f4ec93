#include "profile/experiments.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/hash.h"

namespace tact {
namespace {

std::vector<WatchedGoal> goals_with_primary_first(const Playbook& playbook, int primary) {
  std::vector<WatchedGoal> goals;
  const auto add = [&](const Goal& goal) { goals.push_back({goal_key(goal), goal}); };
  if (primary >= 0) add(playbook.goals[static_cast<std::size_t>(primary)]);
  for (std::size_t i = 0; i < playbook.goals.size(); ++i) {
    if (static_cast<int>(i) != primary) add(playbook.goals[i]);
  }
  return goals;
}

// Of the name, the primary goal and the direction it should move: another hypothesis is another
// experiment, with facts of its own. So are other arms (`definition`; 0 for hold-backs).
std::uint64_t experiment_id(std::string_view name, bool more, const std::vector<WatchedGoal>& goals,
                            std::uint64_t definition) {
  ByteWriter out;
  out.bytes(name);
  out.u8(more ? 1 : 0);
  if (!goals.empty()) out.u64_be(goals.front().key);
  if (definition != 0) out.u64_be(definition);
  return hash64(out.str());
}

int primary_goal(const Playbook& playbook, const Expectation& expect) {
  if (expect) return expect.goal;
  return playbook.goals.empty() ? -1 : 0;
}

// What each of these messages costs; nothing where they differ. No message costs nothing.
std::optional<Costs> costs_of(const Playbook& playbook, const std::vector<int>& messages) {
  if (messages.empty()) return Costs{};
  const auto cost = [&](int message) {
    return playbook.messages[static_cast<std::size_t>(message)].costs;
  };
  const Costs first = cost(messages.front());
  for (const int message : messages) {
    if (cost(message) != first) return std::nullopt;
  }
  return first;
}

std::optional<Costs> costs_of(const Playbook& playbook, const Arm& arm) {
  if (arm.kind == Arm::Kind::kDefault) return Costs{};
  return costs_of(playbook, arm.moment.messages);
}

bool anything_costs(const Playbook& playbook) {
  return std::any_of(playbook.messages.begin(), playbook.messages.end(),
                     [](const Message& message) { return message.costs.any(); });
}

Experiment of_plan(const Playbook& playbook, const ExperimentPlan& plan) {
  Experiment out;
  out.moment = plan.moment;
  out.moment_key = hash64(plan.moment);
  if (const Moment* moment = playbook.find_moment(plan.moment)) out.need = moment->need;
  out.because = plan.because;
  out.name = plan.id;
  out.asks = plan.asks;
  out.layer = plan.layer;
  out.traffic = {plan.to.ppm - plan.from.ppm};
  out.ended = plan.status == ExperimentStatus::kEnded;
  for (const Arm& arm : plan.arms) {
    out.arms.push_back(
        {arm.id, arm.kind, arm.weight, out.ended ? std::nullopt : costs_of(playbook, arm)});
  }
  out.all_arms_show = !out.ended && !plan.triggers_differ &&
                      std::none_of(plan.arms.begin(), plan.arms.end(),
                                   [](const Arm& arm) { return arm.kind == Arm::Kind::kDefault; });
  out.expect = plan.expect;
  out.not_at_the_cost_of = plan.not_at_the_cost_of;
  out.goals = goals_with_primary_first(playbook, primary_goal(playbook, plan.expect));
  out.id = experiment_id("experiment:" + plan.id, plan.expect.more, out.goals, plan.definition);
  return out;
}

}  // namespace

std::uint64_t goal_key(const Goal& goal) {
  ByteWriter out;
  out.bytes(goal.id);
  out.u8(static_cast<std::uint8_t>(goal.seen.kind));
  out.bytes(goal.seen.name);
  out.u8(static_cast<std::uint8_t>(goal.seen.builtin));
  out.bytes(goal.seen.question);
  out.bytes(goal.seen.answer);
  out.u8(goal.value_from_total ? 1 : 0);
  out.zigzag(goal.within.count());
  return hash64(out.str());
}

void ExperimentBook::add(const Playbook& playbook) {
  Experiment universal;
  universal.goals = goals_with_primary_first(playbook, playbook.goals.empty() ? -1 : 0);
  universal.id = experiment_id("universal", true, universal.goals, 0);
  if (!anything_costs(playbook)) universal.costs = Costs{};
  by_moment_[{playbook.hash, ""}] = universal.id;
  experiments_[universal.id] = std::move(universal);
  for (const Moment& moment : playbook.moments) {
    if (moment.service || moment.status == MomentStatus::kIdea) continue;
    Experiment experiment;
    experiment.moment = moment.id;
    experiment.moment_key = moment.key;
    experiment.need = moment.need;
    experiment.because = moment.because;
    experiment.costs = costs_of(playbook, moment.messages);
    experiment.expect = moment.expect;
    experiment.not_at_the_cost_of = moment.not_at_the_cost_of;
    experiment.goals = goals_with_primary_first(playbook, primary_goal(playbook, moment.expect));
    experiment.id = experiment_id("moment:" + moment.id, moment.expect.more, experiment.goals, 0);
    by_moment_[{playbook.hash, moment.id}] = experiment.id;
    experiments_[experiment.id] = std::move(experiment);
  }
  for (const ExperimentPlan& plan : playbook.experiments) {
    if (plan.status == ExperimentStatus::kDraft) continue;
    Experiment experiment = of_plan(playbook, plan);
    if (experiment.ended) keep_what_was_shown(experiment);
    by_name_[{playbook.hash, plan.id}] = experiment.id;
    experiments_[experiment.id] = std::move(experiment);
  }
}

// An ended experiment no longer says what its arms show: that is, and costs, what it did before.
void ExperimentBook::keep_what_was_shown(Experiment& ended) const {
  const Experiment* before = find(ended.id);
  if (before == nullptr) return;
  ended.all_arms_show = before->all_arms_show;
  for (std::size_t arm = 0; arm < ended.arms.size(); ++arm) {
    ended.arms[arm].costs = before->arms[arm].costs;
  }
}

const PlannedArm* Experiment::find_arm(std::string_view arm) const {
  const auto found =
      std::find_if(arms.begin(), arms.end(), [&](const PlannedArm& one) { return one.id == arm; });
  return found == arms.end() ? nullptr : &*found;
}

const Experiment* ExperimentBook::find(std::uint64_t id) const {
  const auto found = experiments_.find(id);
  return found == experiments_.end() ? nullptr : &found->second;
}

const Experiment* ExperimentBook::of_moment(const ContentHash& playbook,
                                            std::string_view moment) const {
  const auto found = by_moment_.find(std::pair<ContentHash, std::string>(playbook, moment));
  return found == by_moment_.end() ? nullptr : find(found->second);
}

const Experiment* ExperimentBook::of_experiment(const ContentHash& playbook,
                                                std::string_view name) const {
  const auto found = by_name_.find(std::pair<ContentHash, std::string>(playbook, name));
  return found == by_name_.end() ? nullptr : find(found->second);
}

const Experiment* ExperimentBook::universal_of(const ContentHash& playbook) const {
  return of_moment(playbook, "");
}

}  // namespace tact
