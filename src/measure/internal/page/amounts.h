// How a metric's figures are written: outcomes per 1,000 units, money per unit, ratios as they are.
#pragma once

#include <string>

#include "measure/findings.h"
#include "measure/internal/metric_words.h"

namespace tact::internal::page {

class Amounts {
 public:
  Amounts(const Plan& plan, const Metric& metric);

  double scale() const { return scale_; }          // from per unit to what is written
  const std::string& per() const { return per_; }  // "per 1,000 visitors"; empty for a ratio
  std::string name() const { return name_; }       // "orders"

  std::string level(double per_unit) const;              // "60.0"; of one arm, not signed
  std::string interval(const Estimate& per_unit) const;  // "+31 (12 to 50)"
  std::string total(const Estimate& sum) const;          // "+41 (16 to 66)", of all units together
  std::string sum(double total) const;                   // "412"

 private:
  std::string amount(double value, int digits, bool sign) const;
  int digits_of(const Estimate& e, double scale) const;
  std::string with_interval(const Estimate& e, double scale, bool sign_first) const;

  std::string name_, per_, currency_;
  double scale_ = 1.0;
  int minor_digits_ = 2;
  bool money_ = false;
};

struct Spoken {
  std::string estimate, interval;
};
Spoken split(const std::string& figure);  // "+31 (12 to 50)" → "+31" and "12 to 50"

}  // namespace tact::internal::page
