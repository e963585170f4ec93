// One unit's exposure to one experiment and what came of it: the one row that every report is made
// of. Whole numbers only (Metric::digits), so that sums over units are exact in any order.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "measure/histories.h"
#include "measure/plan.h"

namespace tact {

// How attribution models share the credit for outcomes among what was shown before them.
struct Credit {
  std::int64_t last = 0;      // outcomes whose last touch was this experiment's message
  std::int64_t linear = 0;    // millionths of an outcome
  std::int64_t position = 0;  // millionths: 40 % first, 40 % last, 20 % between
  Credit& operator+=(const Credit& other);
  bool operator==(const Credit&) const = default;
};

struct MetricFacts {
  bool observed = true;        // false: the unit does not count for this metric (no answer given)
  std::int64_t value = 0;      // |value| <= kLargestFact, as all three
  std::int64_t second = 0;     // denominator or cost
  std::int64_t covariate = 0;  // from before exposure
  Credit credit;
};
inline constexpr std::int64_t kLargestFact = 1'000'000'000'000'000;  // 10^15

struct CurveFacts {
  bool counts = false;  // observed at all
  bool event = false;
  int day = 0;  // of the event, or the last day seen through without one; 0 the day of exposure
};

// What became of the exposure itself.
struct UnitFate {
  bool followed = false;  // a page could tell whether the slot was seen
  bool seen = false, not_seen = false;
  bool withdrew = false;  // consent, later
};

struct UnitFacts {
  std::uint32_t arm = 0;   // index into Plan::arms: that of the earliest exposure
  Time at{};               // of the exposure
  bool crossover = false;  // met another arm later; stays in its own
  bool simulated = false;
  // What `metrics` say anyway, told by a source that knows it of most units: nothing came of it.
  // Each metric is observed but those that ask (Metric::asked) and those of some units
  // (Metric::of_whom), which say it; and has neither value nor second.
  bool quiet = false;
  UnitFate fate;
  std::uint64_t cluster = 0;         // 0: a cluster of its own
  std::uint64_t key = 0;             // a hash of the unit's name, always the same
  std::vector<MetricFacts> metrics;  // as Plan::metrics
  std::vector<std::int32_t> cells;   // as Plan::dimensions; -1: none of the cells
  std::vector<CurveFacts> curves;    // as Plan::curves
  HistoryFacts history;              // with Plan::lifetime
  std::vector<float> features;       // as Plan::features; NaN: not known

  void resize_for(const Plan& plan);  // and back to the defaults
};

// Where units come from. Parts are disjoint and may be scanned at the same time from several
// threads; a part gives its units in an order of its own, the same at every scan.
class UnitSource {
 public:
  virtual ~UnitSource() = default;
  virtual std::size_t parts() const = 0;
  // Until visit returns false. `facts` is reused: copy what you keep.
  using Visit = std::function<bool(const UnitFacts& facts)>;
  virtual Status scan(std::size_t part, const Visit& visit) const = 0;
};

}  // namespace tact
