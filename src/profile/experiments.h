// Which goals each experiment watches, over all playbooks that recorded decisions name.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "playbook/playbook.h"

namespace tact {

// Content address of what counts as reaching a goal: a changed goal is another goal.
std::uint64_t goal_key(const Goal& goal);

struct WatchedGoal {
  std::uint64_t key = 0;
  Goal goal;
};

struct Experiment {
  std::uint64_t id = 0;
  std::string moment;            // empty: the universal holdout
  std::uint64_t moment_key = 0;  // Moment::key; 0 = universal
  std::string need, because;     // of the moment, for reports
  Expectation expect;            // direction; its goal index is not used here
  Expectation not_at_the_cost_of;
  std::vector<WatchedGoal> goals;  // the primary one first
};

class ExperimentBook {
 public:
  // Learns a playbook's experiments; idempotent. Experiments of earlier playbooks stay.
  void add(const Playbook& playbook);

  const Experiment* find(std::uint64_t id) const;
  // What a decision of `playbook` for `moment` belongs to; null for service moments and unknown
  // ones.
  const Experiment* of_moment(const ContentHash& playbook, std::string_view moment) const;
  const Experiment* universal_of(const ContentHash& playbook) const;
  const std::map<std::uint64_t, Experiment>& all() const { return experiments_; }

 private:
  std::map<std::uint64_t, Experiment> experiments_;
  std::map<std::pair<ContentHash, std::string>, std::uint64_t, std::less<>>
      by_moment_;  // "" = universal
};

}  // namespace tact
