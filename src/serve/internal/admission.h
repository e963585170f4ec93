// How many connections are open, in all and per address. Thread-safe.
#pragma once

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/network.h"

namespace tact::internal {

class Admission {
 public:
  enum class Verdict { kAdmitted, kFull, kTooManyOfAddress };

  Admission(std::size_t total_max, std::size_t address_max, std::vector<Network> uncounted)
      : total_max_(total_max), address_max_(address_max), uncounted_(std::move(uncounted)) {}

  bool is_uncounted(std::string_view address) const {
    if (uncounted_.empty()) return false;
    const auto parsed = parse_ip_address(address);
    return parsed && std::any_of(uncounted_.begin(), uncounted_.end(),
                                 [&](const Network& network) { return network.contains(*parsed); });
  }

  Verdict admit(const std::string& address) {
    const std::lock_guard lock(mutex_);
    if (total_ >= total_max_) return Verdict::kFull;
    if (!is_uncounted(address)) {
      std::size_t& count = by_address_[address];
      if (count >= address_max_) return Verdict::kTooManyOfAddress;
      ++count;
    }
    ++total_;
    return Verdict::kAdmitted;
  }

  void release(const std::string& address) {
    const std::lock_guard lock(mutex_);
    --total_;
    const auto found = by_address_.find(address);
    if (found != by_address_.end() && --found->second == 0) by_address_.erase(found);
  }

  std::size_t total() const {
    const std::lock_guard lock(mutex_);
    return total_;
  }

 private:
  const std::size_t total_max_;
  const std::size_t address_max_;
  const std::vector<Network> uncounted_;  // trusted proxies
  mutable std::mutex mutex_;
  std::size_t total_ = 0;                                    // guarded by mutex_
  std::unordered_map<std::string, std::size_t> by_address_;  // guarded by mutex_
};

}  // namespace tact::internal
