// What all shards share. Everything here is self-synchronised or constant after construction.
#pragma once

#include <atomic>
#include <functional>
#include <vector>

#include "base/hash.h"
#include "engine/internal/daily_counts.h"
#include "engine/live.h"
#include "engine/playbooks.h"
#include "store/store.h"

namespace tact {

class Committer;
class Shard;

struct Counters {
  std::atomic<std::uint64_t> stored{0}, duplicate{0}, dropped{0};
  std::atomic<std::uint64_t> decisions{0}, shown{0}, withheld{0}, commits{0};
};

struct Shared {
  Store& store;
  InstallKey key;
  Playbooks& playbooks;
  LiveHub& live;
  Committer* committer = nullptr;  // set before the shards start
  std::vector<std::unique_ptr<Shard>>* shards = nullptr;
  std::function<Time()> now;
  bool simulated = false;
  Counters counters;
  DailyCounts daily;

  Shard& shard_of(const VisitorId& visitor) const;
};

}  // namespace tact
