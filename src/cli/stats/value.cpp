// tact stats value: what customers will buy, from when they bought.
#include <chrono>
#include <cmath>
#include <map>
#include <memory>

#include "cli/stats/calculators.h"
#include "cli/stats/contract.h"
#include "cli/stats/table.h"
#include "stats/normal.h"
#include "stats/value/forecast.h"

namespace tact::cli {
namespace {

struct Given {
  std::string model = "bg-nbd";
  std::string until;
  std::string unit = "week";
  double horizon = 52.0;
  double alpha = 0.05;
};

struct Customers {
  std::vector<std::string> names;  // empty where the CSV has none
  std::vector<stats::PurchaseHistory> histories;
  bool money = false;
};

// 2026-11-28 or 20261128, in days.
std::optional<int> parse_day(std::string_view text) {
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '-' && text.size() == 10 && (i == 4 || i == 7)) continue;
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    digits += text[i];
  }
  if (digits.size() != 8) return std::nullopt;
  const auto part = [&](std::size_t from, std::size_t n) {
    return std::stoi(digits.substr(from, n));
  };
  const std::chrono::year_month_day date{std::chrono::year(part(0, 4)),
                                         std::chrono::month(static_cast<unsigned>(part(4, 2))),
                                         std::chrono::day(static_cast<unsigned>(part(6, 2)))};
  if (!date.ok()) return std::nullopt;
  return static_cast<int>(std::chrono::sys_days(date).time_since_epoch().count());
}

using Days = std::map<int, double>;  // day → money

struct Purchases {
  Days days;
  double spent = 0.0;
};

Result<Customers> from_days(const std::map<std::string, Purchases>& customers, int until,
                            double unit, bool money) {
  Customers out;
  out.money = money;
  for (const auto& [name, purchases] : customers) {
    const Days& days = purchases.days;
    const int first = days.begin()->first;
    if (first > until) continue;  // not a customer yet
    stats::PurchaseHistory h;
    h.observed = (until - first) / unit;
    double spent = 0.0;
    for (const auto& [day, amount] : days) {
      if (day == first || day > until) continue;
      h.repeats += 1.0;
      h.last = (day - first) / unit;
      spent += amount;
    }
    if (h.repeats > 0.0) h.average = spent / h.repeats;
    out.names.push_back(name);
    out.histories.push_back(h);
  }
  if (out.names.empty()) {
    return make_error(ErrorCode::kInvalid, "nobody had bought by then", "--until");
  }
  return out;
}

Result<Customers> read_purchases(const Table& table, const Given& given) {
  TACT_ASSIGN(const std::size_t customer, table.require("customer"));
  TACT_ASSIGN(const std::size_t date, table.require("date"));
  const auto amount = table.column("amount");
  std::map<std::string, Purchases> customers;
  int last = std::numeric_limits<int>::min();
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (table.cell(row, customer).empty()) return table.wrong(row, customer, "is empty");
    const auto day = parse_day(table.cell(row, date));
    if (!day) return table.wrong(row, date, "must be a date such as 2026-11-28");
    Purchases& purchases = customers[table.cell(row, customer)];
    double money = 0.0;
    if (amount) {
      TACT_ASSIGN(money, table.number(row, *amount));
      if (money < 0.0) return table.wrong(row, *amount, "an amount is negative; leave refunds out");
      purchases.spent += money;
      if (!std::isfinite(purchases.spent)) {
        return table.wrong(row, *amount, "the customer's amounts add up to no finite number");
      }
    }
    purchases.days[*day] += money;
    last = std::max(last, *day);
  }
  if (customers.empty())
    return make_error(ErrorCode::kInvalid, "not enough data yet: no purchases");
  if (!given.until.empty()) {
    const auto day = parse_day(given.until);
    if (!day)
      return make_error(ErrorCode::kInvalid, "must be a date such as 2026-11-28", "--until");
    last = *day;
  }
  return from_days(customers, last, given.unit == "week" ? 7.0 : 1.0, amount.has_value());
}

Result<Customers> read_histories(const Table& table, const Given& given) {
  if (!given.until.empty()) {
    return make_error(ErrorCode::kInvalid,
                      "goes with dates of purchases; here T is each customer's observation",
                      "--until");
  }
  TACT_ASSIGN(const std::size_t frequency, table.require("frequency"));
  TACT_ASSIGN(const std::size_t recency, table.require("recency"));
  TACT_ASSIGN(const std::size_t observed, table.require("T"));
  const auto customer = table.column("customer");
  const auto monetary = table.column("monetary");
  Customers out;
  out.money = monetary.has_value();
  for (std::size_t row = 0; row < table.rows(); ++row) {
    stats::PurchaseHistory h;
    TACT_ASSIGN(h.repeats, table.number(row, frequency));
    TACT_ASSIGN(h.last, table.number(row, recency));
    TACT_ASSIGN(h.observed, table.number(row, observed));
    if (monetary) {
      TACT_ASSIGN(h.average, table.number(row, *monetary));
    }
    if (auto status = stats::check_histories({&h, 1}); !status.has_value()) {
      return table.wrong(row, frequency, status.error().message);
    }
    if (customer) out.names.push_back(table.cell(row, *customer));
    out.histories.push_back(h);
  }
  if (out.histories.empty()) {
    return make_error(ErrorCode::kInvalid, "not enough data yet: no customers");
  }
  return out;
}

template <std::size_t N>
void put_fit(json::object& out, const stats::Fit<N>& fit, const std::array<const char*, N>& names,
             double alpha) {
  json::object parameters;
  json::object intervals;
  const double critical = stats::normal_critical(alpha / 2.0);
  for (std::size_t i = 0; i < N; ++i) {
    const double factor = std::exp(critical * std::sqrt(fit.covariance[i][i]));
    parameters[names[i]] = number(fit.parameters[i]);
    intervals[names[i]] = json::object{{"low", number(fit.parameters[i] / factor)},
                                       {"high", number(fit.parameters[i] * factor)}};
  }
  out["parameters"] = std::move(parameters);
  out["parameter_intervals"] = std::move(intervals);
  out["log_likelihood"] = number(fit.log_likelihood);
  const std::string few = std::to_string(fit.informative) + " of " +
                          std::to_string(stats::kFewestInformative) + " customers bought again";
  out["gate"] = {{"passed", fit.enough()},
                 {"reason", fit.enough() ? "at least " + std::to_string(stats::kFewestInformative) +
                                               " customers bought again"
                                         : "not enough data yet for an interval: " + few}};
}

json::value to_json(const std::optional<stats::Estimate>& estimate) {
  if (!estimate) return nullptr;
  json::object out{{"estimate", number(estimate->value)}};
  put(out, estimate->interval);
  return out;
}

json::object customer_json(const Customers& all, std::size_t i, const stats::Forecast& forecast) {
  const stats::PurchaseHistory& h = all.histories[i];
  json::object out;
  if (!all.names.empty()) out["customer"] = all.names[i];
  out["frequency"] = number(h.repeats);
  out["recency"] = number(h.last);
  out["T"] = number(h.observed);
  out["expected_purchases"] = to_json(forecast.purchases);
  out["alive"] = to_json(forecast.alive);
  out["spend"] = to_json(forecast.spend);
  out["value"] = to_json(forecast.value);
  return out;
}

Status check_options(const Given& given) {
  const auto wrong = [](const char* message, const char* field) {
    return make_error(ErrorCode::kInvalid, message, field);
  };
  if (given.model != "bg-nbd" && given.model != "pareto-nbd") {
    return wrong("must be bg-nbd or pareto-nbd", "--model");
  }
  if (given.unit != "week" && given.unit != "day") return wrong("must be week or day", "--unit");
  if (!(given.horizon > 0.0) || !std::isfinite(given.horizon)) {
    return wrong("must be positive", "--horizon");
  }
  TACT_TRY(check_level(given.alpha, "--alpha"));
  return ok();
}

Result<json::object> run_value(const Given& given) {
  TACT_TRY(check_options(given));
  TACT_ASSIGN(const Table table, Table::parse(read_input()));
  TACT_ASSIGN(const Customers all, table.column("frequency") ? read_histories(table, given)
                                                             : read_purchases(table, given));
  const bool bg = given.model == "bg-nbd";
  TACT_ASSIGN(const stats::Fit<4> fit,
              bg ? stats::fit_bg_nbd(all.histories) : stats::fit_pareto_nbd(all.histories));
  if (!fit.converged) {
    return make_error(
        ErrorCode::kInvalid,
        "not enough data yet: no parameters fit better than all others; too few bought "
        "again, or customers differ too little for this model");
  }
  std::optional<stats::SpendFit> spend;
  if (all.money) {
    auto fitted = stats::fit_gamma_gamma(all.histories);
    if (fitted.has_value() && fitted->fit.converged) spend = *fitted;
  }
  json::object out{{"model", given.model}};
  put_fit(out, fit,
          bg ? std::array<const char*, 4>{"r", "alpha", "a", "b"}
             : std::array<const char*, 4>{"r", "alpha", "s", "beta"},
          given.alpha);
  out["spend_model"] = nullptr;
  if (spend) {
    json::object model{{"model", "gamma-gamma"}, {"customers", spend->customers}};
    put_fit(model, spend->fit, std::array<const char*, 3>{"p", "q", "gamma"}, given.alpha);
    out["spend_model"] = std::move(model);
  }
  out["horizon"] = number(given.horizon);
  const auto kind = bg ? stats::PurchaseModel::kBgNbd : stats::PurchaseModel::kParetoNbd;
  json::array customers;
  for (std::size_t i = 0; i < all.histories.size(); ++i) {
    TACT_ASSIGN(const auto forecast,
                stats::forecast(kind, fit, spend, all.histories[i], given.horizon, given.alpha));
    customers.push_back(customer_json(all, i, forecast));
  }
  out["customers"] = std::move(customers);
  return out;
}

}  // namespace

void add_value(CLI::App& stats, Run& run) {
  auto given = std::make_shared<Given>();
  CLI::App* command =
      stats.add_subcommand("value", "Customers: expected purchases, P(alive) and value");
  command->add_option("--model", given->model, "bg-nbd (default) or pareto-nbd");
  command->add_option("--horizon", given->horizon, "Time ahead, in units (default 52)");
  command->add_option("--unit", given->unit, "week (default) or day, for dates");
  command->add_option("--until", given->until, "End of observation (default: the last purchase)");
  command->add_option("--alpha", given->alpha, "Intervals at 1 - alpha (default 0.05)");
  command->footer(
      "Standard input: CSV with the columns customer,date,amount, or frequency,recency,T and "
      "optionally\ncustomer,monetary; see docs/stats.md");
  command->callback([&run, given] { run = [given] { return answer(run_value(*given)); }; });
}

}  // namespace tact::cli
