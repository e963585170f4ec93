#include "measure/internal/additivity.h"

#include <algorithm>
#include <cmath>

#include "measure/internal/gather.h"
#include "measure/internal/metric_words.h"
#include "measure/internal/totals.h"

namespace tact::internal {
namespace {

using Reading = AdditivityFinding::Reading;

constexpr std::size_t kFewestMoments = 2;

double days_between(Time early, Time late) {
  return std::max(0.0, static_cast<double>((late - early).count()) / 86'400e3);
}

// Is there anybody whom the report does not count yet?
bool has_later_visitors(const Findings& report, Time last_counted) {
  return report.waiting || (report.last_exposure && *report.last_exposure > last_counted);
}

// The most that exposure days counted by only one of the two may hold of the moment's outcomes, if
// its visitors come evenly.
double of_days_apart(const AdditivityFinding::Moment& moment, bool has_later,
                     const AdditivityFinding::Moment& whole) {
  double apart = days_between(moment.from, whole.from) + days_between(whole.to, moment.to);
  if (has_later) apart += days_between(moment.to, whole.to);
  const double counted = days_between(moment.from, moment.to) + 1.0;
  return apart / counted *
         std::max(std::fabs(moment.incremental.low), std::fabs(moment.incremental.high));
}

Reading read(const AdditivityFinding& found) {
  if (!found.not_counted.empty()) return Reading::kIncomplete;
  if (found.gap.low > 0.0) return Reading::kSumLarger;
  if (found.gap.high < 0.0) return Reading::kSumSmaller;
  return Reading::kNotClear;
}

std::string names_of(const AdditivityFinding& found) {
  std::string names;
  for (const auto& one : found.not_counted) names += (names.empty() ? "" : ", ") + one.name;
  return names;
}

// A moment's effect is measured while the others run. So what only several together bring is
// counted for each of them, and what any one of them would bring is counted for none. Losses
// likewise.
std::string meaning(const AdditivityFinding& found, const std::string& goal) {
  const double sum = found.sum.estimate;
  const double whole = found.whole.incremental.estimate;
  const bool larger = found.reading == Reading::kSumLarger;
  std::string out = larger ? "Together they bring less than one by one"
                           : "Together they bring more than one by one";
  const bool gains = sum >= 0.0 && whole >= 0.0;
  const bool losses = sum <= 0.0 && whole <= 0.0;
  if (!gains && !losses) return out + ".";
  const std::string what = (gains ? "" : "lost ") + goal;
  if (gains == larger) {
    return out + ": " + what +
           " that take several moments are counted for each of them; or they come after the time "
           "that a visitor's first moment has.";
  }
  return out + ": " + what +
         " are counted for no moment where another one causes them as well: the moments can stand "
         "in for each other.";
}

std::string say(const AdditivityFinding& found, const std::string& goal) {
  if (found.reading == Reading::kNotAdded) {
    return "The moments' effects are not added up yet: that takes the effect of everything "
           "together, and of two moments that count the same " +
           goal + ".";
  }
  const std::string sums =
      "The effects of " + decimal(static_cast<double>(found.moments.size()), 0) +
      " moments add up to " + with_interval(found.sum, 1.0) + " " + goal +
      "; everything together brings " + with_interval(found.whole.incremental, 1.0) + ". ";
  switch (found.reading) {
    case Reading::kIncomplete:
      return sums + "What the gap means cannot be said: " + names_of(found) +
             (found.not_counted.size() == 1 ? " is" : " are") + " not in the sum.";
    case Reading::kNotClear:
      return sums +
             "The gap is within what chance explains: nothing shows that the moments help each "
             "other or "
             "stand in for each other.";
    default:
      return sums + meaning(found, goal);
  }
}

void put_gap(const std::vector<bool>& has_later, AdditivityFinding& found) {
  for (std::size_t i = 0; i < found.moments.size(); ++i) {
    found.sum =
        i == 0 ? found.moments[i].incremental : plus(found.sum, found.moments[i].incremental);
    found.days_apart += of_days_apart(found.moments[i], has_later[i], found.whole);
  }
  const Estimate& whole = found.whole.incremental;
  found.gap = {found.sum.estimate - whole.estimate, (found.sum.low - whole.high) - found.days_apart,
               (found.sum.high - whole.low) + found.days_apart};
}

}  // namespace

std::string say_how_added() {
  return "The moments' effects are added up beside that of everything together, of the visitors "
         "who "
         "were shown them; all these intervals hold at once, so that visitors may meet several "
         "moments.";
}

Result<std::optional<AdditivityFinding>> add_up(const Findings& universal,
                                                std::span<const Findings> moments,
                                                const std::vector<std::string>& gone,
                                                double alpha) {
  TACT_TRY(stats::check_alpha(alpha));
  const MetricFinding* primary = universal.primary();
  if (primary == nullptr) return std::optional<AdditivityFinding>();
  const Metric& goal = universal.metric(*primary);
  AdditivityFinding found;
  std::vector<std::pair<const Findings*, const MetricFinding*>> counted;
  for (const Findings& moment : moments) {
    if (!moment.anybody()) continue;
    const MetricFinding* finding = same_goal(moment, goal);
    if (can_be_counted(moment, finding)) {
      counted.emplace_back(&moment, finding);
    } else {
      found.not_counted.push_back({moment.plan.name, why_not(moment, finding, goal)});
    }
  }
  for (const std::string& name : gone) {
    found.not_counted.push_back({name, "no longer in the playbook"});
  }
  if (counted.empty() && found.not_counted.empty()) return std::optional<AdditivityFinding>();
  const std::string words = goal_name(goal.name);
  if (!can_be_counted(universal, primary) || counted.size() < kFewestMoments) {
    found.says = say(found, words);
    return std::optional<AdditivityFinding>(std::move(found));
  }
  const double share = shared_alpha(alpha, moments.size());
  TACT_ASSIGN(found.whole, total_of(universal, *primary, share));
  std::vector<bool> has_later;
  for (const auto& [moment, finding] : counted) {
    TACT_ASSIGN(auto total, total_of(*moment, *finding, share));
    found.moments.push_back(std::move(total));
    has_later.push_back(has_later_visitors(*moment, *finding->counted_to));
  }
  put_gap(has_later, found);
  found.reading = read(found);
  found.says = say(found, words);
  return std::optional<AdditivityFinding>(std::move(found));
}

}  // namespace tact::internal
