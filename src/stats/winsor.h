// Winsorised outcomes beside raw ones: a few enormous orders are counted as large ones. One pass,
// bounded memory, mergeable; the cap is a quantile over *all* arms, so that none is favoured.
//
// How: outcomes are summed by bucket, 64 to each factor of two, count, sum and sum of squares. A
// cap at the end of a bucket needs no second pass: what lies below is summed already, what lies
// above is counted. So the winsorised sums are exact, and the cap is the quantile or up to 1.6 %
// above.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "stats/moments.h"

namespace tact::stats {

struct Winsorised;

// The sum of outcomes and of their squares: of whole ones below 2^50 exact, so that neither the
// order of adding nor that of merging changes a bit (count money in minor units); of others as
// doubles are added.
class OutcomeSums {
 public:
  void add(double x);
  OutcomeSums& operator+=(const OutcomeSums& other);
  double sum() const { return static_cast<double>(whole_) + rest_; }
  double squares() const { return static_cast<double>(whole_squares_) + rest_squares_; }

 private:
  __extension__ using Wide = __int128;  // of GCC and Clang
  Wide whole_ = 0, whole_squares_ = 0;
  double rest_ = 0.0, rest_squares_ = 0.0;
};

// Of one outcome in one arm. 64 bytes for each bucket between the smallest and the largest
// outcome: 80 KB for a range of a million to one, 8.6 MB at the very most.
class TailSums {
 public:
  // One visitor; not finite: winsorise() will refuse. O(1), about 5 ns; most have no outcome.
  void add(double x) {
    ++n_;
    if (x != 0.0) add_outcome(x);
  }
  TailSums& operator+=(const TailSums& other);

  SampleMoments raw() const { return {n_, sums_.sum(), sums_.squares(), nonzero_}; }
  std::size_t memory_bytes() const;

 private:
  friend Result<Winsorised> winsorise(std::span<const TailSums>, double);
  struct Bucket {
    std::int64_t visitors = 0;  // with |x| in the bucket
    std::int64_t negative = 0;  // of them below 0 (refunds)
    OutcomeSums sums;
  };
  void add_outcome(double x);  // that is not 0
  Bucket& bucket(int index);
  SampleMoments capped_at(int end, double cap, std::int64_t& changed) const;

  std::int64_t n_ = 0, nonzero_ = 0;
  OutcomeSums sums_;
  int first_ = 0;  // index of buckets_[0]
  std::vector<Bucket> buckets_;
};

struct Winsorised {
  double cap = 0.0;                 // outcomes beyond ± cap count as ± cap
  std::int64_t capped = 0;          // visitors of all arms that it changed
  std::vector<SampleMoments> arms;  // in the order given; n and nonzero are those of the raw sums
};

// All arms of one comparison, with control; `quantile` in (0, 1) is of the non-zero |outcomes| of
// all arms together: the smallest bucket's end that at least this share does not exceed. Without a
// non-zero outcome nothing is capped (cap 0). kInvalid: no arm, a quantile outside (0, 1), sums
// that are not finite. O(arms * buckets).
Result<Winsorised> winsorise(std::span<const TailSums> arms, double quantile = 0.99);

}  // namespace tact::stats
