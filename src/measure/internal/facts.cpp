#include "measure/internal/facts.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/hash.h"
#include "profile/core.h"
#include "store/keys.h"

namespace tact::internal {
namespace {

// A content address of a stream: rows are gathered to pieces, each piece is hashed with the state
// before it. It depends on the rows and their order only, and needs one piece of memory.
class RowHash {
 public:
  void add(std::string_view key, std::string_view value) {
    piece_.bytes(key);
    piece_.bytes(value);
    if (piece_.size() >= kPiece) close_piece();
  }
  std::string finish() {
    close_piece();
    return state_.to_text();
  }

 private:
  static constexpr std::size_t kPiece = 1u << 16;
  void close_piece() {
    std::string whole(state_.bytes.begin(), state_.bytes.end());
    whole += piece_.take();
    piece_ = ByteWriter();
    state_ = content_hash(whole);
  }
  ContentHash state_;
  ByteWriter piece_;
};

void count_goal(ArmSums& arm, const GoalTally* tally, bool closed) {
  const std::int64_t count = tally == nullptr ? 0 : tally->count;
  ArmCounts& counts = arm.counts;
  ++counts.exposed;
  if (!closed) {
    counts.provisional_reached += count > 0 ? 1 : 0;
    counts.provisional_outcomes += count;
    return;
  }
  ++counts.visitors;
  counts.reached += count > 0 ? 1 : 0;
  counts.outcomes += count;
  arm.outcomes.add(static_cast<double>(count));
  const std::int64_t value = tally == nullptr ? 0 : tally->value_minor;
  counts.value_minor += value;
  arm.value.add(static_cast<double>(value));
  if (tally != nullptr) counts.attributed += tally->attributed;
}

void count_row(FactSums& sums, const Exposure& row, const Experiment& experiment, Time now) {
  ++(row.treated ? sums.shown : sums.held_back);
  if (row.crossover) ++(row.treated ? sums.crossovers_shown : sums.crossovers_held_back);
  if (row.simulated) ++sums.simulated;
  sums.first = sums.first ? std::min(*sums.first, row.at) : row.at;
  sums.last = sums.last ? std::max(*sums.last, row.at) : row.at;
  for (std::size_t i = 0; i < experiment.goals.size(); ++i) {
    const WatchedGoal& watched = experiment.goals[i];
    const auto tally =
        std::find_if(row.goals.begin(), row.goals.end(),
                     [&](const GoalTally& candidate) { return candidate.goal == watched.key; });
    GoalSums& goal = sums.goals[i];
    count_goal(row.treated ? goal.shown : goal.held_back,
               tally == row.goals.end() ? nullptr : &*tally, now - row.at >= watched.goal.within);
  }
}

}  // namespace

Result<FactSums> sum_facts(const Store& store, const Experiment& experiment,
                           const ReportOptions& options) {
  FactSums sums;
  sums.goals.resize(experiment.goals.size());
  RowHash hash;
  Status problem = ok();
  const auto visit = [&](std::string_view key, std::string_view value) {
    ByteReader in(value);
    const Exposure row = Exposure::decode(in);
    if (in.failed() || row.experiment != experiment.id) {
      problem = make_error(ErrorCode::kCorrupt,
                           "a row of facts cannot be read; run `tact verify`, then `tact rebuild`",
                           "experiment of " + (experiment.moment.empty() ? "the universal holdout"
                                                                         : experiment.moment));
      return false;
    }
    if (row.simulated && !options.include_simulated) {
      ++sums.left_out_simulated;
      return true;
    }
    hash.add(key, value);
    count_row(sums, row, experiment, options.now);
    return true;
  };
  TACT_TRY(store.scan(Family::kFacts, keys::facts_prefix(experiment.id), {}, visit));
  TACT_TRY(problem);
  sums.data_hash = hash.finish();
  return sums;
}

}  // namespace tact::internal
