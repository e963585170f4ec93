#include "known.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace tact::calibration {
namespace {

// Money: a few customers spend very much. In a small arm the mean and its variance then err
// together, so that an interval is too short on one side and too long on the other.
constexpr std::string_view kSkew = "skew";
// Asymptotic intervals of a model with four parameters (and one with three) from the 400 of 1,000
// customers who bought again.
constexpr std::string_view kFewCustomers = "few customers";

struct Known {
  std::string_view world, why;
  std::vector<std::string_view> methods;
};

const std::vector<Known>& known() {
  static const std::vector<Known> all = {
      {"60 looks: CDNOW dollars, 90/10",
       kSkew,
       {"always-valid difference", "always-valid lift by inversion",
        "always-valid difference, one-sided >"}},
      {"60 looks: CDNOW dollars, 95/5, no effect",
       kSkew,
       {"always-valid difference", "always-valid lift by inversion",
        "always-valid difference, one-sided >"}},
      {"fewer visitors: CDNOW dollars after, by dollars before, 90/10",
       kSkew,
       {"mean, difference", "mean, lift"}},
      {"fewer visitors: CDNOW dollars after, by dollars before, 95/5",
       kSkew,
       {"mean, difference", "mean, lift"}},
      {"fewer visitors: CDNOW dollars per order, 95/5", kSkew, {"ratio, delta method, lift"}},
      {"one look: Hillstrom spend, 90/10",
       kSkew,
       {"difference, Welch, one-sided >", "lift by inversion, one-sided >",
        "lift by inversion, one-sided <"}},
      {"one look: Hillstrom spend, 95/5",
       kSkew,
       {"difference, Welch, one-sided >", "difference, Welch, one-sided <",
        "lift by inversion, one-sided >", "lift by inversion, one-sided <"}},
      {"one look: Hillstrom spend, 95/5, no effect",
       kSkew,
       {"difference, Welch, one-sided >", "difference, Welch, one-sided <",
        "lift by inversion, one-sided >", "lift by inversion, one-sided <"}},
      {"one look: CDNOW dollars, 90/10",
       kSkew,
       {"difference, Welch, one-sided >", "lift by inversion, one-sided >"}},
      {"one look: CDNOW dollars, 95/5",
       kSkew,
       {"difference, Welch, one-sided >", "lift by inversion, one-sided >"}},
      {"one look: CDNOW dollars, 90/10, 1,000 controls",
       kSkew,
       {"difference, Welch", "difference, Welch, one-sided >", "difference, Welch, one-sided <",
        "lift, Fieller", "lift by inversion, one-sided >", "lift by inversion, one-sided <"}},
      {"one look: CDNOW dollars, 95/5, 1,000 controls",
       kSkew,
       {"difference, Welch", "difference, Welch, one-sided >", "difference, Welch, one-sided <",
        "lift, Fieller", "lift by inversion, one-sided >", "lift by inversion, one-sided <"}},
      {"value: Pareto/NBD, 1,000 customers",
       kFewCustomers,
       {"purchases of who is gone quiet", "Gamma-Gamma, spend of who is gone quiet",
        "value of who is gone quiet", "purchases of who is regular",
        "alive, probability of who is regular", "Gamma-Gamma, spend of who is regular",
        "value of who is regular"}},
  };
  return all;
}

}  // namespace

std::string why_missed(const std::string& world, const std::string& method) {
  for (const Known& one : known()) {
    const bool named =
        std::find(one.methods.begin(), one.methods.end(), method) != one.methods.end();
    if (named && one.world == world) return std::string(one.why);
  }
  return {};
}

}  // namespace tact::calibration
