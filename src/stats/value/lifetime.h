// What a visitor of one arm is worth within a horizon: what they spent while everybody was observed
// equally long, and what those who became customers are expected to spend in the time after that.
// The first part is a plain mean; the second rests on BG/NBD.
//
// Money per purchase is the arm's value over its purchases, not Gamma-Gamma's: of a whole arm it
// weighs customers as their purchases do, so it needs no independence of amount and frequency
// across customers, and it knows the first purchases as well. Customers of the future, who have
// not bought yet, are in neither part (see bought_earlier).
// Sources: Fader, Hardie & Lee (2005); White (1982), "Maximum likelihood estimation of misspecified
// models", Econometrica 50, for the sandwich variance.
#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "stats/value/bg_nbd.h"
#include "stats/welch.h"

namespace tact::stats {

// Customers with the same history. `average` is not read.
struct LifetimeCustomers {
  PurchaseHistory history;
  std::int64_t customers = 0;
  double value = 0.0, value_squares = 0.0;  // sums over them, of what each spent while observed
};

struct LifetimeArm {
  SampleMoments value;                       // of all visitors, customers or not
  std::vector<LifetimeCustomers> customers;  // in any order, which changes no more than rounding
};

enum class LifetimeState : std::uint8_t {
  kForecast,
  kTooFew,        // fewer than kFewestInformative bought again
  kNoPeak,        // the likelihood has none: customers are too much alike, say
  kNotEstimable,  // the figures are not finite
};

// `forecast` and `total` (observed and forecast) are per visitor. Their variance is that of each
// visitor's influence on the estimate: of who became a customer, of their history, of what they
// spent and of the fitted parameters, with all covariances.
struct LifetimeForecast {
  LifetimeState state = LifetimeState::kTooFew;
  std::int64_t customers = 0, bought_again = 0;
  double purchases = 0.0;                // expected within the horizon, per visitor
  double per_purchase = 0.0;             // money
  ArmSummary observed, forecast, total;  // only `observed` unless there is a forecast
};

// `horizon` > 0, in the histories' unit of time, from the end of observation on. kInvalid: as
// check_histories and summarize, counts that do not fit each other, or the horizon;
// kUnavailable once asked to stop, looked at between the fit and the two means. The fit, and some
// 10 us for each entry of customers.
Result<LifetimeForecast> lifetime_forecast(const LifetimeArm& arm, double horizon,
                                           const std::stop_token& stop = {});

// Visitors of an arm by when they first bought: `early`, or in the last part of the observation.
struct FirstPurchases {
  std::int64_t visitors = 0, early = 0, late = 0;
};
// Did one arm buy earlier, and the other catch up? Then the customers still to come are not alike,
// and to leave them out is to favour who bought earlier. True where shares of late first purchases
// differ (two-sided, 5 %) against the sign of the early ones. Symmetric in the arms. O(1).
bool bought_earlier(const FirstPurchases& one, const FirstPurchases& other);

}  // namespace tact::stats
