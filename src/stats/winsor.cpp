#include "stats/winsor.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace tact::stats {
namespace {

// A bucket's index is the exponent and the first 6 bits of the mantissa: 64 buckets of equal width
// to each factor of two, no logarithm.
constexpr int kMantissaBits = 52;
constexpr int kKeptBits = 6;

constexpr double kMostWhole = 0x1p50;  // the squares of 2^27 visitors fit into 128 bits

int bucket_of(double magnitude) {
  return static_cast<int>(std::bit_cast<std::uint64_t>(magnitude) >> (kMantissaBits - kKeptBits));
}

// Where bucket `index` ends and the next one begins; infinite for the last one.
double end_of(int index) {
  const auto bits = static_cast<std::uint64_t>(index + 1) << (kMantissaBits - kKeptBits);
  return std::bit_cast<double>(bits);
}

Error invalid(const char* message) { return make_error(ErrorCode::kInvalid, message); }

}  // namespace

void OutcomeSums::add(double x) {
  if (std::fabs(x) < kMostWhole && x == std::trunc(x)) {
    const auto whole = static_cast<std::int64_t>(x);
    whole_ += whole;
    whole_squares_ += static_cast<Wide>(whole) * whole;
  } else {
    rest_ += x;
    rest_squares_ += x * x;
  }
}

OutcomeSums& OutcomeSums::operator+=(const OutcomeSums& other) {
  whole_ += other.whole_;
  whole_squares_ += other.whole_squares_;
  rest_ += other.rest_;
  rest_squares_ += other.rest_squares_;
  return *this;
}

TailSums::Bucket& TailSums::bucket(int index) {
  if (buckets_.empty()) first_ = index;
  if (index < first_) {
    buckets_.insert(buckets_.begin(), static_cast<std::size_t>(first_ - index), Bucket{});
    first_ = index;
  }
  const auto at = static_cast<std::size_t>(index - first_);
  if (at >= buckets_.size()) buckets_.resize(at + 1);
  return buckets_[at];
}

void TailSums::add_outcome(double x) {
  ++nonzero_;
  sums_.add(x);
  if (!std::isfinite(x)) return;
  Bucket& into = bucket(bucket_of(std::fabs(x)));
  into.visitors += 1;
  into.negative += x < 0.0 ? 1 : 0;
  into.sums.add(x);
}

TailSums& TailSums::operator+=(const TailSums& other) {
  n_ += other.n_;
  nonzero_ += other.nonzero_;
  sums_ += other.sums_;
  if (other.buckets_.empty()) return *this;
  const auto last = static_cast<int>(other.buckets_.size()) - 1;
  bucket(other.first_);
  bucket(other.first_ + last);
  for (int i = 0; i <= last; ++i) {
    const Bucket& from = other.buckets_[static_cast<std::size_t>(i)];
    Bucket& into = buckets_[static_cast<std::size_t>(other.first_ + i - first_)];
    into.visitors += from.visitors;
    into.negative += from.negative;
    into.sums += from.sums;
  }
  return *this;
}

std::size_t TailSums::memory_bytes() const {
  return sizeof(TailSums) + buckets_.capacity() * sizeof(Bucket);
}

// The sums with everything from bucket `end` on counted as ± cap.
SampleMoments TailSums::capped_at(int end, double cap, std::int64_t& changed) const {
  SampleMoments moments{n_, 0.0, 0.0, nonzero_};
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    const Bucket& b = buckets_[i];
    if (first_ + static_cast<int>(i) < end) {
      moments.sum += b.sums.sum();
      moments.sum_squares += b.sums.squares();
      continue;
    }
    changed += b.visitors;
    moments.sum += static_cast<double>(b.visitors - 2 * b.negative) * cap;
    moments.sum_squares += static_cast<double>(b.visitors) * cap * cap;
  }
  return moments;
}

Result<Winsorised> winsorise(std::span<const TailSums> arms, double quantile) {
  if (arms.empty()) return invalid("there is no arm to winsorise");
  if (!(quantile > 0.0 && quantile < 1.0)) return invalid("a quantile lies between 0 and 1");
  TailSums pooled;
  for (const TailSums& arm : arms) {
    if (!std::isfinite(arm.sums_.sum()) || !std::isfinite(arm.sums_.squares())) {
      return invalid("an outcome, or a sum of outcomes or their squares, is not finite");
    }
    pooled += arm;
  }
  const double enough = quantile * static_cast<double>(pooled.nonzero_);
  std::int64_t below = 0;
  int end = pooled.first_;
  for (const TailSums::Bucket& bucket : pooled.buckets_) {
    if (static_cast<double>(below) >= enough) break;
    below += bucket.visitors;
    end += 1;
  }
  Winsorised result;
  if (end > pooled.first_) result.cap = end_of(end - 1);
  for (const TailSums& arm : arms) {
    result.arms.push_back(arm.capped_at(end, result.cap, result.capped));
  }
  return result;
}

}  // namespace tact::stats
