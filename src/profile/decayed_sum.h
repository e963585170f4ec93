// Recency and frequency in one number, exactly: the strength of a signal is Σ 2^(-age/half-life).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"

namespace tact {

// Adding the same times in any order, or merging any partition of them, gives the same state bit
// for bit: each time adds an integer mantissa to the bucket of its whole number of half-lives since
// 1970, and which buckets are kept depends only on the latest one. A time over kWindow half-lives
// older than the latest no longer counts (< 0.002 %). Every add to one sum must use the same
// half-life.
class DecayedSum {
 public:
  static constexpr std::int64_t kWindow = 16;

  void add(Time at, Duration half_life);
  void merge(const DecayedSum& other);
  // Thousandths at `now`; `now` is never far before a time that was added.
  std::int64_t strength_milli(Time now, Duration half_life) const;
  bool empty() const { return buckets_.empty(); }
  std::size_t most_bytes() const { return 1 + 20 * buckets_.size(); }  // encode() takes no more

  void encode(ByteWriter& out) const;
  static DecayedSum decode(ByteReader& in);
  bool operator==(const DecayedSum&) const = default;

 private:
  struct Bucket {
    std::int64_t exponent = 0;   // whole half-lives since 1970
    std::uint64_t mantissa = 0;  // Σ 2^fraction in Q32
    bool operator==(const Bucket&) const = default;
  };
  void add_bucket(std::int64_t exponent, std::uint64_t mantissa);
  std::vector<Bucket> buckets_;  // latest first
};

// The latest few times of something, latest first. Which are kept does not depend on their order.
class Occurrences {
 public:
  static constexpr std::size_t kKept = 8;

  void add(Time at);
  void merge(const Occurrences& other);
  int count_since(Time from) const;  // at or after `from`; at most kKept
  int count_before(Time end) const;  // before `end`
  bool empty() const { return times_.empty(); }
  Time latest() const { return times_.empty() ? Time{} : times_.front(); }
  const std::vector<Time>& times() const { return times_; }
  std::size_t most_bytes() const { return 1 + 10 * times_.size(); }  // encode() takes no more

  void encode(ByteWriter& out) const;
  static Occurrences decode(ByteReader& in);
  bool operator==(const Occurrences&) const = default;

 private:
  std::vector<Time> times_;
};

}  // namespace tact
