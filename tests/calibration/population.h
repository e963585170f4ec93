// People to draw reports from: made-up rates, and real customers drawn with replacement, so that
// the truth is known exactly.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "harness.h"
#include "stats/moments.h"

namespace tact::calibration {

// One customer: an outcome, a second quantity beside it, and what was known before.
struct Customer {
  double outcome = 0.0;
  double denominator = 0.0;
  double before = 0.0;
};

double mean_outcome(std::span<const Customer> customers);

// Whose outcome is not 0 is drawn first, then what it is: an arm of 300,000 costs what its buyers
// cost. Immutable.
class Outcomes {
 public:
  explicit Outcomes(std::vector<double> values);
  // All alike: outcome 1 with probability `rate`.
  static Outcomes conversions(double rate);

  stats::SampleMoments draw(Random& random, std::int64_t n) const;
  double mean() const { return mean_; }
  Outcomes times(double factor) const;

 private:
  double rate_ = 0.0, mean_ = 0.0;
  std::vector<double> nonzero_;
};

struct HillstromRow {
  int arm = 0;  // 0 none, 1 men's, 2 women's e-mail
  double visit = 0.0, spend = 0.0, history = 0.0;
  bool bought_womens = false;
};

// Empty where the file is absent ($TACT_DATA, or ../shared/data). Read once.
const std::vector<HillstromRow>& hillstrom();
// The 23,570 customers of CDNOW: dollars and orders after the first 39 weeks, dollars within them.
const std::vector<Customer>& cdnow();
bool data_is_there();

// Outcomes of one of Hillstrom's arms.
Outcomes hillstrom_outcomes(int arm, double HillstromRow::* outcome);
Outcomes cdnow_outcomes();

}  // namespace tact::calibration
