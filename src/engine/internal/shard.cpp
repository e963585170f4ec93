#include "engine/internal/shard.h"

#include <algorithm>

#include "base/burst.h"
#include "base/log.h"
#include "base/thread.h"
#include "engine/internal/job.h"
#include "engine/population.h"
#include "store/keys.h"

namespace tact {
namespace {
// How soon a shard that nobody asks anything notices that the store has resumed.
constexpr auto kLookInterval = std::chrono::seconds(1);
}  // namespace

Shard& Shared::shard_of(const VisitorId& visitor) const {
  return *(*shards)[visitor.partition().value % shards->size()];
}

Shard::Shard(Shared& shared, std::vector<Partition> partitions, std::size_t cached_visitors)
    : shared_(shared), partitions_(std::move(partitions)), visitors_(shared, cached_visitors) {}

Shard::~Shard() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  posted_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Status Shard::open() {
  logs_.clear();
  responses_.clear();
  for (const Partition partition : partitions_) {
    TACT_ASSIGN(const auto log, PartitionLog::open(shared_.store, partition));
    logs_.emplace(partition.value, log);
    TACT_ASSIGN(responses_[partition.value], read_responses(shared_.store, partition));
  }
  generation_ = shared_.committer->generation();
  playbook_ = shared_.playbooks.current();
  TACT_ASSIGN(auto stale, unfolded(shared_.store, partitions_, playbook_->playbook->derived_hash));
  refolder_.restart(std::move(stale));
  return ok();
}

void Shard::start() {
  thread_ = named_thread("tact-shard", [this] { run(); });
}

void Shard::post(Task task) {
  bool was_empty = false;
  {
    const std::lock_guard lock(mutex_);
    was_empty = tasks_.empty();
    tasks_.push_back(std::move(task));
  }
  Burst* const burst = Burst::current();
  if (burst == nullptr) {
    if (was_empty) posted_.notify_one();
    return;
  }
  if (was_empty) burst->put_off([this] { posted_.notify_one(); });
  burst->count_one();
}

void Shard::run() {
  std::vector<Task> tasks;
  while (true) {
    tasks.clear();
    {
      std::unique_lock lock(mutex_);
      const auto look = std::chrono::steady_clock::now() + kLookInterval;
      posted_.wait_until(lock, refolder_.idle() ? look : std::min(look, refolder_.due()),
                         [this] { return !tasks_.empty() || ending_; });
      if (tasks_.empty() && ending_) return;
      tasks.swap(tasks_);
    }
    turn(tasks);
  }
}

void Shard::turn(std::vector<Task>& tasks) {
  if (generation_ != shared_.committer->generation() && shared_.committer->healthy()) recover();
  take_current_playbook();
  for (Task& task : tasks) task(*this);
  if (const Status done = refolder_.step(*this); !done.has_value()) {
    log_error("visitors could not be folded again: " + done.error().message);
  }
  if (partitions_.front().value == 0 && accepts()) shared_.daily.stage(stage_.batch);
  finish_turn();
}

// A visitor's signals are refolded from the store under a new playbook: what is staged must be
// there.
void Shard::take_current_playbook() {
  auto current = shared_.playbooks.current();
  if (current->playbook->derived_hash != playbook_->playbook->derived_hash) {
    while (shared_.committer->finished() < shared_.committer->submitted()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    refolder_.restart(partitions_);
  }
  playbook_ = std::move(current);
}

Result<Visitor*> Shard::visitor(const VisitorId& id) {
  TACT_ASSIGN(Visitor * visitor, visitors_.get(id, *playbook_));
  if (visitor->refolding) refolder_.hurry(id);
  return visitor;
}

bool Shard::accepts() const {
  return shared_.committer->healthy() && generation_ == shared_.committer->generation();
}

bool Shard::is_durable(const Visitor& visitor) const {
  return !visitor.dirty && visitor.staged <= shared_.committer->finished();
}

void Shard::recover() {
  visitors_.clear();
  unlinking_.clear();
  Status recovered = open();
  // Merges of visitors here whose second half failed, or whose first half was thought to have.
  if (recovered.has_value()) recovered = resend_absorbs(shared_, this);
  if (recovered.has_value()) recovered = resend_unlinks(shared_, this);
  if (!recovered.has_value()) {
    log_error("a shard could not reread its partitions: " + recovered.error().message);
    generation_ = 0;  // accepts nothing; tries again at the next turn
  }
}

PartitionLog& Shard::log_of(const VisitorId& id) {
  const auto found = logs_.find(id.partition().value);
  CHECK(found != logs_.end());
  return found->second;
}

Offset Shard::append(Visitor& visitor, const Record& record) {
  const Offset offset = log_of(visitor.id).append(visitor.id, record, stage_.batch);
  touched_[visitor.id.partition().value] = true;
  FoldEffects effects;
  fold(visitor.profile, visitor.id, offset, record, fold_context(), effects);
  for (const std::uint64_t experiment : effects.changed_experiments) {
    const auto& exposures = visitor.profile.core.exposures;
    const auto found = std::find_if(exposures.begin(), exposures.end(),
                                    [&](const Exposure& e) { return e.experiment == experiment; });
    if (found == exposures.end()) {
      stage_.batch.erase(Family::kFacts, keys::facts(experiment, visitor.id));
    } else {
      ByteWriter row;
      found->encode(row);
      stage_.batch.put(Family::kFacts, keys::facts(experiment, visitor.id), row.take());
    }
  }
  note_changed(visitor);
  return offset;
}

void Shard::note_changed(Visitor& visitor) {
  if (std::find(changed_.begin(), changed_.end(), &visitor) == changed_.end())
    changed_.push_back(&visitor);
  visitor.dirty = true;
}

void Shard::count_responses(Visitor& visitor) {
  const Responses& now = visitor.profile.core.responses;
  if (visitor.counted == now) return;
  const std::uint8_t partition = visitor.id.partition().value;
  ResponseSums& sums = responses_.at(partition);
  sums.remove(visitor.counted);
  sums.add(now);
  answered_.insert(partition);
  visitor.counted = now;
}

void Shard::stage_profile(Visitor& visitor) {
  count_responses(visitor);
  stage_.batch.put(Family::kProfile, keys::profile(visitor.id),
                   visitor.refolding ? visitor.as_stored().encode() : visitor.profile.encode());
  visitor.dirty = false;
}

void Shard::finish_turn() {
  for (Visitor* visitor : changed_) stage_profile(*visitor);
  for (const auto& [partition, is_touched] : touched_)
    logs_.at(partition).stage_state(stage_.batch);
  for (const std::uint8_t partition : answered_) {
    stage_.batch.put(Family::kMeta, keys::responses(Partition{partition}),
                     responses_.at(partition).encode());
  }
  if (!stage_.batch.empty() || !stage_.completions.empty()) {
    stage_.generation = generation_;
    const std::uint64_t number = shared_.committer->submit(std::move(stage_));
    for (Visitor* visitor : changed_) visitor->staged = number;
    stage_ = {};
  }
  changed_.clear();
  touched_.clear();
  answered_.clear();
  visitors_.trim(shared_.committer->finished());
}

}  // namespace tact
