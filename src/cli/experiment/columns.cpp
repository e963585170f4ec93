#include "cli/experiment/columns.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <utility>

#include "base/utf8.h"
#include "cli/stats/contract.h"

namespace tact::cli::experiment {
namespace {

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Error wrong(std::string message, std::string where) {
  return make_error(ErrorCode::kInvalid, std::move(message), std::move(where));
}

class Finder {
 public:
  Finder(const TableRows& rows, const Options& options) : rows_(rows), options_(options) {}

  Result<Columns> find() {
    Columns columns;
    TACT_ASSIGN(columns.unit, optional("--unit", options_.unit));
    TACT_ASSIGN(columns.arm, require("--arm", options_.arm));
    TACT_TRY(find_metrics(columns));
    for (const std::string& name : options_.segments) {
      TACT_ASSIGN(const std::size_t at, require("--segments", name));
      if (std::find(columns.segments.begin(), columns.segments.end(), at) != columns.segments.end())
        return wrong("--segments names a column twice", name);
      columns.segments.push_back(at);
    }
    TACT_ASSIGN(columns.covariate, optional("--covariate", options_.covariate));
    TACT_ASSIGN(columns.cluster, optional("--cluster", options_.cluster));
    TACT_ASSIGN(columns.at, optional("--at", options_.at));
    TACT_TRY(check_roles(columns));
    return columns;
  }

 private:
  Result<std::size_t> require(const char* option, const std::string& name) const {
    if (const auto at = rows_.column(name)) return *at;
    const auto missing = rows_.require(name);
    return wrong(std::string(option) + " names the column \"" + name +
                     "\", which the table does not have: " + missing.error().message,
                 options_.csv + ":1:1");
  }
  Result<std::optional<std::size_t>> optional(const char* option, const std::string& name) const {
    if (name.empty()) return std::optional<std::size_t>();
    TACT_ASSIGN(const std::size_t at, require(option, name));
    return std::optional<std::size_t>(at);
  }

  Status add_metric(Columns& columns, const std::string& name, bool guardrail, bool more) const {
    for (const MetricColumns& known : columns.metrics) {
      if (known.name == name) return wrong("a metric is named twice", name);
    }
    MetricColumns metric;
    metric.name = name;
    metric.guardrail = guardrail;
    metric.more = more && !has(options_.fewer, name);
    metric.money = has(options_.money, name);
    const std::size_t slash = rows_.column(name) ? std::string::npos : name.find('/');
    TACT_ASSIGN(metric.value, require("--metrics", name.substr(0, slash)));
    if (slash != std::string::npos) {
      TACT_ASSIGN(metric.denominator, optional("--metrics", name.substr(slash + 1)));
      if (!metric.denominator) return wrong("a ratio is COLUMN/COLUMN", name);
    }
    columns.metrics.push_back(std::move(metric));
    return ok();
  }

  Status find_metrics(Columns& columns) const {
    if (options_.metrics.empty()) return wrong("name at least one metric", "--metrics");
    for (const std::string& name : options_.metrics) {
      TACT_TRY(add_metric(columns, name, false, true));
    }
    for (const std::string& name : options_.not_more) {
      TACT_TRY(add_metric(columns, name, true, false));
    }
    for (const std::string& name : options_.not_less) {
      TACT_TRY(add_metric(columns, name, true, true));
    }
    for (const auto* names : {&options_.money, &options_.fewer}) {
      for (const std::string& name : *names) {
        const auto same = [&](const MetricColumns& metric) { return metric.name == name; };
        if (std::none_of(columns.metrics.begin(), columns.metrics.end(), same)) {
          return wrong("this is none of the metrics", name);
        }
      }
    }
    return ok();
  }

  // What comes of the treatment may not be what splits or adjusts it.
  Status check_roles(const Columns& columns) const {
    std::set<std::size_t> outcomes;
    for (const MetricColumns& metric : columns.metrics) {
      outcomes.insert(metric.value);
      if (metric.denominator) outcomes.insert(*metric.denominator);
    }
    std::vector<std::size_t> others = columns.segments;
    for (const auto& one : {columns.unit, columns.covariate, columns.cluster, columns.at}) {
      if (one) others.push_back(*one);
    }
    if (std::find(others.begin(), others.end(), columns.arm) != others.end()) {
      return wrong("a column is --arm and something else at once", options_.arm);
    }
    others.push_back(columns.arm);
    for (const std::size_t column : others) {
      if (outcomes.contains(column)) {
        return wrong("a column is a metric and something else at once", rows_.names()[column]);
      }
    }
    return ok();
  }

  const TableRows& rows_;
  const Options& options_;
};

}  // namespace

Status check_texts(const Options& options) {
  const auto check = [](const char* flag, const std::string& text) -> Status {
    if (find_bad_utf8(text) == std::string_view::npos) return ok();
    return wrong("this is not UTF-8 text: " + as_utf8(text), flag);
  };
  const std::pair<const char*, const std::string*> texts[] = {{"--csv", &options.csv},
                                                              {"--unit", &options.unit},
                                                              {"--unit-name", &options.unit_name},
                                                              {"--arm", &options.arm},
                                                              {"--control", &options.control},
                                                              {"--covariate", &options.covariate},
                                                              {"--cluster", &options.cluster},
                                                              {"--at", &options.at},
                                                              {"--currency", &options.currency},
                                                              {"--uplift", &options.uplift}};
  for (const auto& [flag, text] : texts) TACT_TRY(check(flag, *text));
  const std::pair<const char*, const std::vector<std::string>*> lists[] = {
      {"--metrics", &options.metrics},   {"--segments", &options.segments},
      {"--money", &options.money},       {"--fewer", &options.fewer},
      {"--not-more", &options.not_more}, {"--not-less", &options.not_less},
      {"--weights", &options.weights}};
  for (const auto& [flag, list] : lists) {
    for (const std::string& text : *list) TACT_TRY(check(flag, text));
  }
  return ok();
}

Status check_numbers(const Options& options) {
  TACT_TRY(check_level(options.alpha, "--alpha"));
  if (!(options.tolerance > 0.0 && options.tolerance < 1.0)) {
    return wrong("must be a share of control, above 0 and below 1", "--tolerance");
  }
  if (options.margin && !(*options.margin > 0.0 && *options.margin <= 1.0)) {
    return wrong("must be a share of the money, above 0 and at most 1", "--margin");
  }
  const auto cost = [](const std::optional<double>& given, const char* flag) -> Status {
    if (!given || (*given >= 0.0 && std::isfinite(*given))) return ok();
    return wrong("must be 0 or more, and finite", flag);
  };
  TACT_TRY(cost(options.cost, "--cost"));
  return cost(options.fixed_cost, "--fixed-cost");
}

Result<Columns> find_columns(const TableRows& rows, const Options& options) {
  return Finder(rows, options).find();
}

Result<std::map<std::string, double>> weights_of(const Options& options) {
  std::map<std::string, double> weights;
  for (const std::string& given : options.weights) {
    const std::size_t equals = given.rfind('=');
    double weight = -1.0;
    if (equals != std::string::npos) {
      const char* end = given.data() + given.size();
      const auto read = std::from_chars(given.data() + equals + 1, end, weight);
      if (read.ec != std::errc() || read.ptr != end) weight = -1.0;
    }
    if (!(weight >= 0.0) || !std::isfinite(weight)) {
      return wrong("a weight is ARM=NUMBER, not negative: " + given, "--weights");
    }
    if (!weights.emplace(given.substr(0, equals), weight).second) {
      return wrong("an arm is weighted twice: " + given.substr(0, equals), "--weights");
    }
  }
  return weights;
}

}  // namespace tact::cli::experiment
