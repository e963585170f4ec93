// What everybody answers to: partial sums by partition, kept beside the profiles they are made of.
#pragma once

#include <chrono>
#include <mutex>

#include "base/result.h"
#include "profile/response_rates.h"
#include "store/store.h"

namespace tact {

// Of one partition; empty if nobody there was ever reached. kCorrupt if the row is damaged.
Result<ResponseSums> read_responses(const Store& store, Partition partition);

// Of all of them, merged; read again when they are asked for a second later or more.
// Concurrency: any thread.
class Population {
 public:
  Result<ResponseSums> read(const Store& store);

 private:
  std::mutex mutex_;  // guards the rest
  ResponseSums sums_;
  std::chrono::steady_clock::time_point at_{};
};

}  // namespace tact
