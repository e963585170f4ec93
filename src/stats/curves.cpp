#include "stats/curves.h"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <limits>

#include "stats/internal/boost_policy.h"
#include "stats/normal.h"

namespace tact::stats {
namespace {

Error invalid(const char* message) { return make_error(ErrorCode::kInvalid, message); }

// One day of the life table.
struct Day {
  double at_risk = 0.0;
  double events = 0.0;
  double survival = 1.0;   // to the end of the day
  double greenwood = 0.0;  // sum of d / (n (n - d)) up to and with this day
};

std::int64_t on_day(const std::vector<std::int64_t>& counts, std::size_t day) {
  return day < counts.size() ? counts[day] : 0;
}

Result<std::vector<Day>> life_table(const SurvivalCounts& counts) {
  const std::size_t days = std::max(counts.events.size(), counts.censored.size());
  if (days > static_cast<std::size_t>(SurvivalCounts::kMostDays)) {
    return invalid("more days than a hundred years");
  }
  std::int64_t people = 0;
  for (std::size_t d = 0; d < days; ++d) {
    for (const std::int64_t count : {on_day(counts.events, d), on_day(counts.censored, d)}) {
      if (count < 0) return invalid("a count is negative");
      if (people > std::numeric_limits<std::int64_t>::max() - count) {
        return invalid("the counts overflow");
      }
      people += count;
    }
  }
  if (people == 0) return invalid("nobody has been observed");
  std::vector<Day> table;
  Day day;
  for (std::size_t d = 0; d < days && people > 0; ++d) {
    day.at_risk = static_cast<double>(people);
    day.events = static_cast<double>(on_day(counts.events, d));
    const double left = day.at_risk - day.events;
    day.survival *= left / day.at_risk;
    if (day.events > 0.0) day.greenwood += day.events / day.at_risk / left;  // infinite for left 0
    table.push_back(day);
    people -= on_day(counts.events, d) + on_day(counts.censored, d);
  }
  return table;
}

double standard_error_of(const Day& day) {
  return day.survival > 0.0 ? day.survival * std::sqrt(day.greenwood) : 0.0;
}

Interval survival_interval(const Day& day, double alpha) {
  const double tail = alpha / 2.0;
  // Clopper & Pearson at their ends: none, or all, of as many as are at risk.
  const double exact = std::pow(tail, 1.0 / day.at_risk);
  if (day.survival >= 1.0) return Interval{exact, 1.0};
  if (!(day.survival > 0.0)) return Interval{0.0, 1.0 - exact};
  const double spread =
      normal_critical(tail) * std::sqrt(day.greenwood) / std::fabs(std::log(day.survival));
  return Interval{std::pow(day.survival, std::exp(spread)),
                  std::pow(day.survival, std::exp(-spread))};
}

Result<Day> day_of(const SurvivalCounts& counts, int day) {
  TACT_ASSIGN(const std::vector<Day> table, life_table(counts));
  if (day < 0) return invalid("a day is negative");
  if (static_cast<std::size_t>(day) < table.size()) return table[static_cast<std::size_t>(day)];
  // Where everybody has had the event, nothing changes any more.
  if (table.back().survival == 0.0) return table.back();
  return invalid("not enough data yet: nobody has been observed that long");
}

// Normal: treatment - control of two estimates with their standard errors.
Result<Difference> normal_difference(const RestrictedMean& treatment, const RestrictedMean& control,
                                     double alpha, Alternative alternative) {
  Difference d;
  d.estimate = treatment.days - control.days;
  d.standard_error = std::hypot(treatment.standard_error, control.standard_error);
  d.df = std::numeric_limits<double>::infinity();
  if (!(d.standard_error > 0.0)) return invalid("the outcome does not vary in either arm");
  const double tail = alternative == Alternative::kTwoSided ? alpha / 2.0 : alpha;
  d.interval = interval_around(d.estimate, normal_critical(tail) * d.standard_error, alternative);
  d.p = normal_p_value(d.estimate / d.standard_error, alternative);
  return d;
}

}  // namespace

bool SurvivalCounts::add(int day, bool event) {
  if (day < 0 || day >= kMostDays) return false;
  auto& counts = event ? events : censored;
  const auto at = static_cast<std::size_t>(day);
  if (at >= counts.size()) counts.resize(at + 1);
  counts[at] += 1;
  return true;
}

SurvivalCounts& SurvivalCounts::operator+=(const SurvivalCounts& other) {
  const auto merge = [](std::vector<std::int64_t>& into, const std::vector<std::int64_t>& from) {
    if (into.size() < from.size()) into.resize(from.size());
    for (std::size_t d = 0; d < from.size(); ++d) into[d] += from[d];
  };
  merge(events, other.events);
  merge(censored, other.censored);
  return *this;
}

SurvivalCounts SurvivalCounts::observed_through(int day) const {
  SurvivalCounts out = *this;
  std::int64_t longer = 0;  // without an event by the end of `day`
  for (std::vector<std::int64_t>* counts : {&out.events, &out.censored}) {
    const std::size_t first = static_cast<std::size_t>(day) + (counts == &out.events ? 1 : 0);
    for (std::size_t d = first; d < counts->size(); ++d) longer += (*counts)[d];
    counts->resize(std::min(counts->size(), first));
  }
  if (longer == 0) return out;
  out.censored.resize(static_cast<std::size_t>(day) + 1);
  out.censored.back() += longer;
  return out;
}

Result<std::vector<SurvivalPoint>> kaplan_meier(const SurvivalCounts& counts, double alpha) {
  TACT_TRY(check_alpha(alpha));
  TACT_ASSIGN(const std::vector<Day> table, life_table(counts));
  std::vector<SurvivalPoint> points;
  points.reserve(table.size());
  for (const Day& day : table) {
    points.push_back({static_cast<int>(points.size()), static_cast<std::int64_t>(day.at_risk),
                      day.survival, standard_error_of(day), survival_interval(day, alpha)});
  }
  return points;
}

Result<Difference> survival_difference(const SurvivalCounts& treatment,
                                       const SurvivalCounts& control, int day, double alpha,
                                       Alternative alternative) {
  TACT_TRY(check_alpha(alpha));
  TACT_ASSIGN(const Day t, day_of(treatment, day));
  TACT_ASSIGN(const Day c, day_of(control, day));
  return normal_difference({t.survival, standard_error_of(t), {}},
                           {c.survival, standard_error_of(c), {}}, alpha, alternative);
}

Result<RestrictedMean> restricted_mean(const SurvivalCounts& counts, int horizon, double alpha) {
  TACT_TRY(check_alpha(alpha));
  if (horizon < 1) return invalid("a horizon is at least one day");
  TACT_TRY(day_of(counts, horizon - 1));
  TACT_ASSIGN(std::vector<Day> table, life_table(counts));
  table.resize(std::min(table.size(), static_cast<std::size_t>(horizon)));
  RestrictedMean mean;
  double variance = 0.0;
  Interval ends{0.0, 0.0};
  for (std::size_t d = table.size(); d-- > 0;) {
    const Day& day = table[d];
    // What the events of day d take away: the days lived from then on to the horizon.
    mean.days += day.survival;
    const double left = day.at_risk - day.events;
    if (left > 0.0) variance += mean.days * mean.days * (day.events / day.at_risk / left);
    const Interval pointwise = survival_interval(day, alpha);
    ends.lower += pointwise.lower;
    ends.upper += pointwise.upper;
  }
  mean.standard_error = std::sqrt(variance);
  const double half = normal_critical(alpha / 2.0) * mean.standard_error;
  // Without any spread the curve's own ends say what is not known.
  const auto most = static_cast<double>(horizon);
  if (half > 0.0) ends = Interval{mean.days - half, mean.days + half};
  mean.interval = Interval{std::max(0.0, ends.lower), std::min(most, ends.upper)};
  return mean;
}

Result<Difference> restricted_mean_difference(const SurvivalCounts& treatment,
                                              const SurvivalCounts& control, int horizon,
                                              double alpha, Alternative alternative) {
  TACT_ASSIGN(const RestrictedMean t, restricted_mean(treatment, horizon, alpha));
  TACT_ASSIGN(const RestrictedMean c, restricted_mean(control, horizon, alpha));
  return normal_difference(t, c, alpha, alternative);
}

}  // namespace tact::stats
