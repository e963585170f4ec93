// How a test of two shares varies when the effect is there. Welch rejects where U = D - z S > 0, D
// the difference and S its estimated standard error; S varies with D: a share above its truth in
// the small arm has a variance above its own, so that U varies by more than D does. First order in
// both shares (the delta method). Arms of equal size cancel it to 0.1 %; there the textbook's
// formula stays.
#pragma once

#include <algorithm>
#include <cmath>

namespace tact::stats::internal {

struct TwoShares {
  double control = 0.0, treatment = 0.0;  // rates in [0, 1], control's not 0 or 1
  double controls = 0.0, treated = 0.0;   // visitors, > 0

  double control_variance() const { return control * (1.0 - control) / controls; }
  double treatment_variance() const { return treatment * (1.0 - treatment) / treated; }
  double standard_error() const { return std::sqrt(control_variance() + treatment_variance()); }

  // Standard deviation of D - side z S; side: 1 when treatment > control is to be found, -1 when
  // treatment < control. z: the test's critical value.
  double spread(double z, double side) const {
    if (controls == treated) return standard_error();
    const double error = standard_error();
    // With a handful of successes a first order is none; power is small there in any case.
    const auto slope = [&](double rate, double visitors) {
      return std::clamp(z * (1.0 - 2.0 * rate) / (2.0 * error * visitors), -0.5, 0.5);
    };
    const double by_control = 1.0 + side * slope(control, controls);
    const double by_treatment = 1.0 - side * slope(treatment, treated);
    return std::sqrt(by_control * by_control * control_variance() +
                     by_treatment * by_treatment * treatment_variance());
  }
};

}  // namespace tact::stats::internal
