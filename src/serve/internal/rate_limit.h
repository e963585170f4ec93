// Events per second per key: a token bucket that holds two seconds' worth.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>

namespace tact {

// Concurrency: any thread.
class RateLimits {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  // True and takes `events` from the key's bucket, or false: wait `retry_after_s` whole seconds. A
  // request larger than the bucket passes when the bucket is full, so that no batch is refused for
  // ever.
  bool take(std::uint16_t source, int per_second, std::size_t events, Instant now,
            long& retry_after_s) {
    if (per_second <= 0) return true;
    const std::lock_guard lock(mutex_);
    const double most = 2.0 * per_second;
    auto [place, is_new] = buckets_.try_emplace(source, Bucket{most, now});
    Bucket& bucket = place->second;
    const double passed = std::chrono::duration<double>(now - bucket.at).count();
    bucket.tokens = std::min(most, bucket.tokens + passed * per_second);
    bucket.at = now;
    const double wanted = std::min(static_cast<double>(events), most);
    if (bucket.tokens < wanted) {
      retry_after_s = 1 + static_cast<long>((wanted - bucket.tokens) / per_second);
      return false;
    }
    bucket.tokens -= static_cast<double>(events);
    return true;
  }

 private:
  struct Bucket {
    double tokens = 0;
    Instant at;
  };
  std::mutex mutex_;
  std::map<std::uint16_t, Bucket> buckets_;  // guarded by mutex_
};

}  // namespace tact
