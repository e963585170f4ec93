// What a fitted model says of one customer, with intervals.
#pragma once

#include <optional>

#include "stats/value/bg_nbd.h"
#include "stats/value/gamma_gamma.h"
#include "stats/value/pareto_nbd.h"

namespace tact::stats {

enum class PurchaseModel { kBgNbd, kParetoNbd };

struct Forecast {
  Estimate purchases;             // within the horizon, expected
  Estimate alive;                 // probability, at the end of observation
  std::optional<Estimate> spend;  // money per purchase, expected; absent without a spend model
  std::optional<Estimate> value;  // purchases * spend: money within the horizon, expected
};

// `purchases` and `spend` must have converged (else kInvalid); horizon > 0 and finite, in the
// histories' unit of time. The intervals are for the expectations (see Estimate), the two models
// independent of each other; from models fitted on fewer than kFewestInformative they are not to be
// shown: the caller asks Fit::enough() first. kInvalid also for a history check_histories refuses.
// About 5 us.
Result<Forecast> forecast(PurchaseModel model, const Fit<4>& purchases,
                          const std::optional<SpendFit>& spend, const PurchaseHistory& customer,
                          double horizon, double alpha = 0.05);

}  // namespace tact::stats
