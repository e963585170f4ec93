// Simulated reports, counted: how often an interval covers the truth, or a test raises a false
// alarm. The same seed gives the same figures, however many threads share the work.
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace tact::calibration {

using Random = std::mt19937_64;

// What a method promises of the share counted for it: between low and high, both included.
struct Target {
  double low = 0.0, high = 1.0;
  std::string words;   // as the table says it
  bool judged = true;  // false: shown for comparison, promises nothing
};
Target covers_95();            // an interval for one look: 93.5 to 96.5 %
Target always_covers();        // over all looks: at least 95 %
Target at_most(double share);  // errors
Target about_5();              // errors of one look: 3.5 to 6.5 %
Target for_comparison();

struct Method {
  std::string name;
  Target target;
};

// Means of what was counted, by method.
class Tally {
 public:
  struct Sums {
    std::int64_t runs = 0;
    double sum = 0.0, sum_squares = 0.0;
  };
  explicit Tally(std::size_t methods) : sums_(methods) {}

  // One run's share: 0 or 1, or between (a share of false discoveries).
  void count(std::size_t method, double share);
  Tally& operator+=(const Tally& other);
  const Sums& of(std::size_t method) const { return sums_[method]; }

  std::int64_t attempts = 0, passed = 0;  // reports drawn; of these, behind the gate

 private:
  std::vector<Sums> sums_;
};

// One report, or one sequence of them; must be safe to call from several threads. False: it did not
// pass the gate, and nothing was counted.
using Run = std::function<bool(Random&, Tally&)>;

struct World {
  std::string name;
  std::vector<Method> methods;
  int runs = 10'000;     // reports behind the gate, full form …
  int runs_short = 200;  // … and reduced
  bool needs_data = false;
  // Made once, before the runs; null for a world that needs data where there is none.
  std::function<Run()> prepare;
};

struct Options {
  bool reduced = false;
  bool progress = false;  // on standard error
  std::uint64_t seed = 20'261'128;
  int threads = 2;
};

struct Row {
  std::string world, method;
  std::int64_t runs = 0;
  double gate = 1.0;   // share of reports that passed it
  double share = 0.0;  // counted
  double error = 0.0;  // standard error of `share`
  Target target;
  bool passed = true;  // see judge()
  std::string known;   // why it misses, if that is known (known.h)
};

// Full form: the share itself must be within the target. Reduced: it must not lie outside by more
// than chance (3.3 standard errors at the target's edge, 99.9 % two-sided).
bool judge(const Row& row, bool reduced);

// Rows in the order of worlds and methods.
std::vector<Row> run_worlds(const std::vector<World>& worlds, const Options& options);

}  // namespace tact::calibration
