// Sentences of Planning: how large an effect, and how long until the smallest worth caring about.
#include <algorithm>
#include <cmath>

#include "measure/internal/numbers.h"
#include "measure/internal/planning.h"
#include "measure/internal/words.h"

namespace tact::internal {
namespace {

// Of what is rounded to two digits: "0.42", "1.2", "3", "120".
std::string two_digits(double x) {
  const double places = x > 0.0 ? 1.0 - std::floor(std::log10(x)) : 0.0;
  std::string text = decimal(x, static_cast<int>(std::clamp(places, 0.0, 8.0)));
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

std::string money_of_two_digits(double x, const Plan& plan) {
  if (x < 10.0) return money_of(x, plan);
  return money(x, 0, plan.currency);
}

// "12 orders per 1,000 visitors", "€0.21 of revenue per visitor".
std::string amount(const Findings& report, double x) {
  const Plan& plan = report.plan;
  const Metric& metric = plan.metrics.front();
  const std::string name = goal_name(metric.name);
  if (metric.kind == MetricKind::kRatio) return two_digits(x) + " " + name;
  if (!metric.money) return two_digits(x * 1e3) + " " + name + " per 1,000 " + plan.units();
  const bool cents_tell = x * std::pow(10.0, plan.minor_digits) >= 10.0;
  return money_of_two_digits(cents_tell ? x : x * 1e3, plan) + " of " + name + " per " +
         (cents_tell ? plan.unit : "1,000 " + plan.units());
}

std::string in_about(const std::optional<Time>& when, Time now) {
  if (!when) return "not within ten years";
  const auto full_days = (*when - now + days(1) - Duration(1)) / days(1);
  if (full_days <= 0) return "any day now";
  if (full_days == 1) return "in about 1 day";
  if (full_days < 100) return "in about " + grouped(full_days) + " days";
  if (full_days < 730) return "in about " + grouped((full_days + 15) / 30) + " months";
  return "in about " + grouped((full_days + 180) / 365) + " years";
}

std::string smallest(const Findings& report, const Planning& planning) {
  return "the smallest worth caring about, " + amount(report, planning.worthwhile) + " (" +
         percent(kSmallestEffect, 0) + " of what happens anyway)";
}

std::string with_power() { return "with " + percent(kPlanningPower, 0) + " power"; }

std::string say_of_table(const Findings& report, const Planning& planning) {
  std::string says;
  if (planning.detectable) {
    says = "So many " + report.plan.units() + " tell a difference of about " +
           amount(report, *planning.detectable) + " " + with_power();
  }
  if (planning.worthwhile_units) {
    says += (says.empty() ? "" : "; ") + std::string("to tell ") + smallest(report, planning) +
            ", takes about " + grouped(*planning.worthwhile_units) + " in all";
  }
  return says.empty() ? says : says + ".";
}

}  // namespace

std::string say_planning(const Findings& report, const Planning& planning, Time now) {
  if (!planning.enough) {
    return "How large an effect can be told, and when, cannot be said yet: what is shown is too "
           "short a history.";
  }
  if (!planning.dated) return say_of_table(report, planning);
  const bool open = report.primary()->lacking.empty();
  const std::string pace =
      "at about " + two_digits(planning.per_day) + " " + report.plan.units() + " a day, as so far";
  if (!open && !planning.ready)
    return "Not within ten years will there be enough to judge, " + pace + ".";
  std::string says;
  if (planning.detectable) {
    says = (open ? "By now" : "By then") + std::string(" a difference of about ") +
           amount(report, *planning.detectable) + " can be told " + with_power() + "; ";
  }
  says +=
      smallest(report, planning) + ", " + in_about(planning.worthwhile_at, now) + ", " + pace + ".";
  if (!planning.detectable) says.front() = 'T';
  return says;
}

}  // namespace tact::internal
