#include "measure/internal/lifetime_words.h"

#include "measure/internal/metric_words.h"
#include "measure/internal/numbers.h"
#include "stats/value/history.h"

namespace tact::internal {
namespace {

using State = LifetimeFinding::State;

std::string span(int from, int to) {
  return "days " + std::to_string(from) + " to " + std::to_string(to);
}

std::string amount(double x, const Plan& plan, bool sign) {
  return std::string(sign && x > 0.0 ? "+" : "") + money_of(x, plan);
}

std::string amount(const Estimate& e, const Plan& plan, bool sign) {
  return amount(e.estimate, plan, sign) + " (" + money_of(e.low, plan) + " to " +
         money_of(e.high, plan) + ")";
}

std::string whom(const Plan& plan) { return "a " + plan.unit + " who had not bought before"; }

std::string named(const Plan& plan, std::size_t arm) {
  return plan.arms.size() > 2 ? plan.arms[arm].name + ": " : std::string();
}

int sign_of(const Estimate& e) { return e.low > 0.0 ? 1 : e.high < 0.0 ? -1 : 0; }

// "Within 180 days a visitor who had not bought before spent more because of it: +€1.20 (…)."
std::string say_value(const Plan& plan, int within, const Estimate& e, int sign, const char* verb) {
  const std::string who = whom(plan), days = std::to_string(within) + " days";
  if (sign != 0) {
    return "Within " + days + " " + who + " " + verb + " " + (sign > 0 ? "more" : "less") +
           " because of it: " + amount(e, plan, true) + ".";
  }
  return "Whether " + who + " " + verb + " more within " + days +
         " cannot be told yet: " + amount(e, plan, true) + ".";
}

// A model alone claims nothing: what was observed must say the same.
std::string say_total(const Plan& plan, const LifetimeFinding& finding,
                      const LifetimeFinding::Against& against) {
  const int total = sign_of(*against.total), observed = sign_of(against.observed);
  std::string says = say_value(plan, finding.days + finding.horizon_days, *against.total,
                               total == observed ? total : 0, "is expected to be worth");
  if (total != 0 && total != observed) says += " Only the forecast makes it a difference.";
  return says;
}

std::string say_parts(const Plan& plan, const LifetimeFinding& finding,
                      const LifetimeFinding::Against& against) {
  const int end = finding.days + finding.horizon_days;
  return " " + amount(against.observed, plan, true) + " of it was observed in the first " +
         std::to_string(finding.days) + " days, by the randomised comparison; " +
         amount(*against.forecast, plan, true) + " is forecast for " + span(finding.days + 1, end) +
         ".";
}

std::string say_no_forecast(const Plan& plan, const LifetimeFinding& finding) {
  switch (finding.state) {
    case State::kTooFewRepeat:
      return " Not enough repeat customers yet for a forecast: each arm needs " +
             grouped(stats::kFewestInformative) + ", one has " + grouped(finding.fewest_again) +
             ".";
    case State::kNotEstimable:
      return " There is no forecast: the customers' orders do not fit the model.";
    case State::kBoughtEarlier:
      return " There is no forecast: one arm bought sooner, and another is catching up, so part of "
             "the difference may be first orders brought forward, and " +
             plan.units() + " who have not bought yet are not in a forecast.";
    default:
      return {};
  }
}

std::string say_not_enough(const Plan& plan, const LifetimeFinding& finding) {
  return "Lifetime value: not enough data yet. Each arm needs 50 " + plan.units() +
         " who had not bought before, bought afterwards, and were followed for " +
         std::to_string(finding.days) + " days; more where a few large amounts make most of it.";
}

std::string say_assumed(const LifetimeFinding& finding) {
  const std::string always =
      "Refunds are taken off, costs and margin are not; nothing is discounted. For one look at a "
      "fixed time; no verdict reads it.";
  if (finding.state != State::kForecast) return always;
  return "The forecast rests on a model (BG/NBD of each arm's repeat orders, at the arm's value "
         "per "
         "order so far), what was observed does not; the intervals do not hold the model's own "
         "error. Who buys first after " +
         std::to_string(finding.days) +
         " days is in neither, and orders brought forward from after that look like a gain. " +
         always;
}

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 32);
  return text;
}

}  // namespace

void put_lifetime_words(const Plan& plan, LifetimeFinding& finding) {
  if (finding.state == State::kNotEnough) {
    finding.says = say_not_enough(plan, finding);
    return;
  }
  if (finding.state == State::kClustered) {
    finding.says = "Lifetime value: not compared, because its intervals would take the " +
                   plan.units() + " of one " + plan.cluster_name + " as independent.";
    return;
  }
  for (const LifetimeFinding::Against& against : finding.against) {
    finding.says += (finding.says.empty() ? "" : " ") + named(plan, against.arm);
    if (finding.state == State::kForecast) {
      finding.says += say_total(plan, finding, against) + say_parts(plan, finding, against);
    } else {
      finding.says +=
          say_value(plan, finding.days, against.observed, sign_of(against.observed), "spent");
    }
  }
  finding.says += say_no_forecast(plan, finding);
  finding.assumes = say_assumed(finding);
}

std::vector<std::string> say_lifetime_arms(const Findings& report) {
  std::vector<std::string> lines;
  if (!report.lifetime) return lines;
  const LifetimeFinding& finding = *report.lifetime;
  for (std::size_t i = 0; i < finding.arms.size(); ++i) {
    const std::size_t index = (i + 1) % finding.arms.size();
    const LifetimeFinding::Arm& arm = finding.arms[index];
    std::string text = capital(report.plan.arms[index].name) + ": " +
                       amount(arm.observed, report.plan, false) + " each observed, of " +
                       grouped(arm.units) + " " + report.plan.units();
    if (arm.forecast && arm.total) {
      text += "; " + amount(*arm.forecast, report.plan, false) + " forecast, " +
              amount(*arm.total, report.plan, false) + " in all. " + grouped(arm.customers) +
              " became customers, " + grouped(arm.bought_again) + " bought again";
    }
    lines.push_back(text + ".");
  }
  return lines;
}

}  // namespace tact::internal
