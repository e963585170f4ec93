// Which goals each experiment watches, over all playbooks that recorded decisions name.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
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

// One arm of an A/B experiment, as planned.
struct PlannedArm {
  std::string id;  // Exposure::variant of who is in it
  Arm::Kind kind = Arm::Kind::kMoment;
  Probability weight;          // of those who take part; all add up to 100 %
  std::optional<Costs> costs;  // of what it shows; absent: not known (see Experiment::costs)
};

// What rows of `facts` belong to: a hold-back (shown against held back) or an A/B experiment (arm
// against arm).
struct Experiment {
  std::uint64_t id = 0;
  std::string moment;            // empty: the universal holdout
  std::uint64_t moment_key = 0;  // Moment::key; 0 = universal
  std::string need, because;  // of the moment, for reports; `because` of an A/B experiment its own
  std::string name;           // of the A/B experiment; empty: a hold-back
  std::string asks;           // its hypothesis, as a question
  std::string layer;          // empty = none
  Probability traffic{1'000'000};  // share of the moment's visitors who take part
  std::vector<PlannedArm> arms;    // ≥ 2, the control first; empty: a hold-back
  // Of an A/B experiment: who enters it is shown a message at that instant, whatever the arm.
  bool all_arms_show = false;
  bool ended = false;  // nobody enters any more; outcomes still count
  Expectation expect;  // direction; its goal index is not used here
  Expectation not_at_the_cost_of;
  std::vector<WatchedGoal> goals;  // the primary one first
  // Of a hold-back: what the messages shown cost. Absent where that cannot be told from a row: they
  // cost differently, or the universal holdout is of many moments of which some cost anything.
  std::optional<Costs> costs;

  bool is_ab() const { return !arms.empty(); }
  const PlannedArm* find_arm(std::string_view arm) const;  // null = none of this name
};

class ExperimentBook {
 public:
  // Learns a playbook's experiments; idempotent. Experiments of earlier playbooks stay; what one
  // says in words, and which goals it watches beside the primary one, is that of the playbook
  // learned last.
  void add(const Playbook& playbook);

  const Experiment* find(std::uint64_t id) const;
  // What a decision of `playbook` for `moment` belongs to; null for service moments and unknown
  // ones.
  const Experiment* of_moment(const ContentHash& playbook, std::string_view moment) const;
  const Experiment* universal_of(const ContentHash& playbook) const;
  // The A/B experiment `playbook` calls so, live or ended; null for drafts and unknown ones. Other
  // arms, another split, goal or direction under the same name are another experiment.
  const Experiment* of_experiment(const ContentHash& playbook, std::string_view name) const;
  const std::map<std::uint64_t, Experiment>& all() const { return experiments_; }

 private:
  void keep_what_was_shown(Experiment& ended) const;

  std::map<std::uint64_t, Experiment> experiments_;
  std::map<std::pair<ContentHash, std::string>, std::uint64_t, std::less<>>
      by_moment_,  // "" = universal
      by_name_;    // A/B experiments
};

}  // namespace tact
