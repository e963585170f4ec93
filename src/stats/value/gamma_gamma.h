// Gamma-Gamma: what a customer spends per purchase varies about a mean of their own (gamma: p),
// which varies over customers (q, gamma); independent of how often they buy. Source: Fader, Hardie
// & Lee (2005), "RFM and CLV", Journal of Marketing Research 42; Colombo & Jiang (1999).
#pragma once

#include <optional>

#include "stats/value/history.h"

namespace tact::stats {

using ThreeParameters = std::array<double, 3>;

struct SpendFit {
  Fit<3> fit;                  // parameters p, q, gamma (money)
  std::int64_t customers = 0;  // with a repeat purchase and an average above 0: the ones fitted
};

// Customers without a repeat purchase, or with an average of 0, are left out. kInvalid:
// check_histories, fewer than two customers left, or a start that is not positive and finite.
Result<SpendFit> fit_gamma_gamma(std::span<const PurchaseHistory> customers,
                                 const std::optional<ThreeParameters>& start = std::nullopt);

// Expected money per purchase, p (gamma + x m) / (p x + q - 1); absent where it is not finite (no
// repeat purchase and q <= 1).
std::optional<double> expected_spend(const ThreeParameters& parameters,
                                     const PurchaseHistory& customer);

}  // namespace tact::stats
