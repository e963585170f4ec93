#include "measure/internal/gone.h"

#include <set>

#include "store/keys.h"

namespace tact::internal {
namespace {

std::set<std::uint64_t> goals_of(const Experiment& experiment) {
  std::set<std::uint64_t> keys;
  for (const WatchedGoal& watched : experiment.goals) keys.insert(watched.key);
  return keys;
}

Result<bool> was_met(const Store& store, const Experiment& experiment) {
  bool met = false;
  TACT_TRY(store.scan(Family::kFacts, keys::facts_prefix(experiment.id), {},
                      [&](std::string_view, std::string_view) {
                        met = true;
                        return false;
                      }));
  return met;
}

}  // namespace

Result<std::vector<std::string>> moments_gone(const Store& store, const ExperimentBook& book,
                                              const Playbook& current) {
  const Experiment* universal = book.universal_of(current.hash);
  if (universal == nullptr) return std::vector<std::string>();
  std::set<std::uint64_t> reported;
  for (const Moment& moment : current.moments) {
    const Experiment* experiment = book.of_moment(current.hash, moment.id);
    if (experiment != nullptr) reported.insert(experiment->id);
  }
  std::set<std::string> names;
  for (const auto& [id, experiment] : book.all()) {
    if (experiment.is_ab() || experiment.moment.empty() || reported.contains(id) ||
        goals_of(experiment) != goals_of(*universal))
      continue;
    TACT_ASSIGN(const bool met, was_met(store, experiment));
    if (met) names.insert(experiment.moment);
  }
  return std::vector<std::string>(names.begin(), names.end());
}

}  // namespace tact::internal
