// Latencies in logarithmic buckets with linear sub-buckets, as HdrHistogram keeps them: any value
// up to 2^63 ns within 0.8 %, in fixed memory, without sorting.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <string>

namespace bench {

class Histogram {
 public:
  void add(std::int64_t value_ns) {
    const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(value_ns, 0));
    ++counts_[index_of(value)];
    ++count_;
    sum_ += static_cast<double>(value);
    max_ = std::max(max_, value);
  }

  std::uint64_t count() const { return count_; }
  std::uint64_t max() const { return max_; }
  double mean() const { return count_ == 0 ? 0.0 : sum_ / static_cast<double>(count_); }

  // The upper end of the bucket that holds the p-th of the values, p in [0, 1]; 0 when empty.
  std::uint64_t percentile(double p) const {
    if (count_ == 0) return 0;
    const auto wanted = static_cast<std::uint64_t>(std::llround(p * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      seen += counts_[i];
      if (seen >= std::max<std::uint64_t>(wanted, 1)) return std::min(upper_of(i), max_);
    }
    return max_;
  }

  // {"p50": …, …} in microseconds.
  std::string to_json() const;

 private:
  static constexpr int kSubBits = 7;  // 128 sub-buckets for each power of two
  static constexpr std::uint64_t kSub = std::uint64_t{1} << kSubBits;

  static std::size_t index_of(std::uint64_t value) {
    if (value < kSub) return value;
    const int shift = std::bit_width(value) - kSubBits - 1;
    return static_cast<std::size_t>(shift + 1) * kSub + ((value >> shift) - kSub);
  }
  static std::uint64_t upper_of(std::size_t index) {
    if (index < kSub) return index;
    const std::size_t shift = index / kSub - 1;
    return ((index % kSub + kSub + 1) << shift) - 1;
  }

  std::array<std::uint64_t, (64 - kSubBits + 1) * kSub> counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t max_ = 0;
  double sum_ = 0;
};

inline std::string Histogram::to_json() const {
  std::string out = "{";
  const auto put = [&out](const char* name, double ns) {
    if (out.size() > 1) out += ", ";
    out += '"';
    out += name;
    out += "\": " + std::to_string(ns / 1000.0);
  };
  put("p50", static_cast<double>(percentile(0.5)));
  put("p90", static_cast<double>(percentile(0.9)));
  put("p99", static_cast<double>(percentile(0.99)));
  put("p999", static_cast<double>(percentile(0.999)));
  put("max", static_cast<double>(max_));
  put("mean", mean());
  return out + "}";
}

}  // namespace bench
