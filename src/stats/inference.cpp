#include "stats/inference.h"

#include <cmath>
#include <numbers>

namespace tact::stats {

PValue p_from_log(double log_p) {
  if (log_p >= 0.0) return PValue{1.0, 0.0};
  return PValue{std::exp(log_p), log_p / std::numbers::ln10};
}

Status check_alpha(double alpha) {
  if (alpha > 0.0 && alpha < 0.5) return ok();
  return make_error(ErrorCode::kInvalid, "alpha must lie strictly between 0 and 0.5");
}

}  // namespace tact::stats
