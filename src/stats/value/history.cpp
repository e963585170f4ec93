#include "stats/value/history.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>

#include "stats/internal/grouped.h"

namespace tact::stats {

Status check_histories(std::span<const PurchaseHistory> customers) {
  for (std::size_t i = 0; i < customers.size(); ++i) {
    const PurchaseHistory& c = customers[i];
    const auto wrong = [&](const char* message) {
      return make_error(ErrorCode::kInvalid, message, std::to_string(i));
    };
    if (!(c.repeats >= 0.0 && c.repeats <= 1e6) || std::trunc(c.repeats) != c.repeats) {
      return wrong("the number of repeat purchases must be whole, 0 to 10^6");
    }
    if (!std::isfinite(c.observed) || !(c.last >= 0.0 && c.last <= c.observed)) {
      return wrong("the last purchase must lie between the first and the end of observation");
    }
    if ((c.repeats > 0.0) != (c.last > 0.0)) {
      return wrong("recency must be 0 without a repeat purchase, and above 0 with one");
    }
    if (!std::isfinite(c.average) || c.average < 0.0) {
      return wrong("an average amount is negative or not finite");
    }
  }
  return ok();
}

namespace internal {

Result<Grouped> group(std::span<const PurchaseHistory> customers) {
  TACT_TRY(check_histories(customers));
  Grouped all;
  double observed = 0.0;
  for (const PurchaseHistory& c : customers) {
    observed += c.observed;
    all.repeats += c.repeats;
    all.bought_again += c.repeats > 0.0 ? 1 : 0;
  }
  if (!(all.repeats > 0.0)) {
    return make_error(ErrorCode::kInvalid, "not enough data yet: nobody bought twice");
  }
  all.scale = observed / static_cast<double>(customers.size());
  if (!std::isfinite(all.scale)) return make_error(ErrorCode::kInvalid, "the times overflow");
  for (const PurchaseHistory& c : customers) {
    all.groups.push_back({c.repeats, c.last / all.scale, c.observed / all.scale, 1.0});
  }
  const auto key = [](const Group& g) { return std::tie(g.repeats, g.last, g.observed); };
  std::sort(all.groups.begin(), all.groups.end(),
            [&](const Group& a, const Group& b) { return key(a) < key(b); });
  std::size_t kept = 0;
  for (std::size_t i = 1; i < all.groups.size(); ++i) {
    if (key(all.groups[i]) == key(all.groups[kept])) {
      all.groups[kept].customers += 1.0;
    } else {
      all.groups[++kept] = all.groups[i];
    }
  }
  all.groups.resize(kept + 1);
  return all;
}

}  // namespace internal
}  // namespace tact::stats
