#include "cli/experiment/survey.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "base/hash.h"
#include "measure/unit_facts.h"

namespace tact::cli::experiment {
namespace {

constexpr int kMostDigits = 6;

// Digits behind the point; a number with an exponent has as many as can be kept.
int digits_of(const std::string& text) {
  if (text.find_first_of("eE") != std::string::npos) return kMostDigits;
  const std::size_t point = text.find('.');
  if (point == std::string::npos) return 0;
  const std::size_t last = text.find_last_not_of('0');
  return std::min(kMostDigits, static_cast<int>(last - point));
}

std::optional<double> number_in(const std::string& text) {
  double value = 0.0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

// Cells that are all numbers stand by their value, not as 1, 10, 2; others as texts.
std::vector<std::string> in_order(std::vector<std::string> cells) {
  if (std::all_of(cells.begin(), cells.end(), [](const auto& cell) { return number_in(cell); })) {
    std::stable_sort(cells.begin(), cells.end(),
                     [](const auto& a, const auto& b) { return *number_in(a) < *number_in(b); });
  }
  return cells;
}

// What is learnt of one numeric column.
struct Numbers {
  bool binary = true;
  int digits = 0;
  double largest = 0.0;

  void add(double value, const std::string& text) {
    binary = binary && (value == 0.0 || value == 1.0);
    digits = std::max(digits, digits_of(text));
    largest = std::max(largest, std::abs(value));
  }
  // As many digits as the column has and whole numbers can hold.
  int digits_kept() const {
    int kept = digits;
    while (kept > 0 && largest * std::pow(10.0, kept) > static_cast<double>(kLargestFact)) --kept;
    return kept;
  }
};

// Which units have been seen, and in which arm: open addressing on 64-bit hashes. Of 10 million
// units two share a hash once in 400,000 tables.
class Seen {
 public:
  // The arm it was seen in before, or -1.
  int add(std::uint64_t hash, int arm) {
    if (hash == 0) hash = 1;
    if ((used_ + 1) * 4 > slots_.size() * 3) grow();
    std::size_t at = place(hash);
    while (slots_[at] != 0 && slots_[at] != hash) at = (at + 1) & (slots_.size() - 1);
    if (slots_[at] == hash) return arms_[at];
    slots_[at] = hash;
    arms_[at] = static_cast<std::uint8_t>(arm);
    ++used_;
    return -1;
  }

 private:
  std::size_t place(std::uint64_t hash) const { return hash & (slots_.size() - 1); }
  void grow() {
    std::vector<std::uint64_t> slots(std::max<std::size_t>(1024, slots_.size() * 2));
    std::vector<std::uint8_t> arms(slots.size());
    slots.swap(slots_);
    arms.swap(arms_);
    for (std::size_t i = 0; i < slots.size(); ++i) {
      if (slots[i] == 0) continue;
      std::size_t at = place(slots[i]);
      while (slots_[at] != 0) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = slots[i];
      arms_[at] = arms[i];
    }
  }
  std::vector<std::uint64_t> slots_;
  std::vector<std::uint8_t> arms_;
  std::size_t used_ = 0;
};

class Surveyor {
 public:
  Surveyor(const Options& options, TableRows& rows) : options_(options), rows_(rows) {}

  Result<Survey> run(const OnProgress& progress) {
    TACT_ASSIGN(out_.columns, find_columns(rows_, options_));
    values_.resize(out_.columns.metrics.size());
    seconds_.resize(out_.columns.metrics.size());
    cells_.resize(out_.columns.segments.size());
    std::uint64_t bytes = 0;
    while (true) {
      auto any = rows_.next();
      if (!any.has_value()) return std::move(any).error();
      if (!*any) break;
      TACT_TRY(row());
      bytes += rows_.text().size() + 1;
      if (++out_.rows % 4096 == 0) progress(bytes);
    }
    if (out_.rows == 0) {
      return make_error(ErrorCode::kInvalid, "there are no rows below the header", options_.csv);
    }
    TACT_TRY(make_plan());
    return std::move(out_);
  }

 private:
  Error wrong(std::size_t column, const std::string& message) const {
    return make_error(ErrorCode::kInvalid, rows_.names()[column] + " " + message,
                      options_.csv + ":" + std::to_string(rows_.line()) + ":" +
                          std::to_string(rows_.byte_column(column)));
  }

  Status number(std::size_t column, Numbers& into) const {
    const auto value = rows_.number(column);
    if (!value.has_value()) {
      return wrong(column, "must be a finite number, not \"" + rows_.cell(column) + "\"");
    }
    if (std::abs(*value) > static_cast<double>(kLargestFact)) {
      return wrong(column, "is larger than can be summed exactly (10^15)");
    }
    into.add(*value, rows_.cell(column));
    return ok();
  }

  Result<int> arm() {
    const std::size_t column = out_.columns.arm;
    const std::string& name = rows_.cell(column);
    if (name.empty()) return wrong(column, "is empty: which arm was it in?");
    const auto known = arms_.emplace(name, static_cast<int>(arms_.size())).first;
    if (arms_.size() > kMostArms) {
      return wrong(column, "has more than " + std::to_string(kMostArms) + " values: no arm");
    }
    return known->second;
  }

  Status unit(int arm) {
    if (!out_.columns.unit) return ok();
    const std::size_t column = *out_.columns.unit;
    const std::string& name = rows_.cell(column);
    if (name.empty()) return wrong(column, "is empty");
    const int before = seen_.add(hash64(name), arm);
    if (before < 0) return ok();
    return wrong(column, "\"" + name + "\" was there before, in " +
                             (before == arm ? "the same arm: one row a unit"
                                            : "another arm: nobody can be in two"));
  }

  Status row() {
    TACT_ASSIGN(const int in, arm());
    TACT_TRY(unit(in));
    const Columns& columns = out_.columns;
    for (std::size_t m = 0; m < columns.metrics.size(); ++m) {
      TACT_TRY(number(columns.metrics[m].value, values_[m]));
      if (columns.metrics[m].denominator) {
        TACT_TRY(number(*columns.metrics[m].denominator, seconds_[m]));
      }
    }
    if (columns.covariate) TACT_TRY(number(*columns.covariate, covariate_));
    for (std::size_t s = 0; s < columns.segments.size(); ++s) {
      cells_[s].insert(rows_.cell(columns.segments[s]));
      if (cells_[s].size() > kMostCells) {
        return wrong(columns.segments[s], "has more than " + std::to_string(kMostCells) +
                                              " values: put them into classes first");
      }
    }
    if (columns.cluster && rows_.cell(*columns.cluster).empty()) {
      return wrong(*columns.cluster, "is empty");
    }
    if (!columns.at) return ok();
    const auto time = parse_time(rows_.cell(*columns.at));
    if (!time)
      return wrong(*columns.at, "is no time; it looks like 2026-11-21 or 2026-11-21T10:00:00Z");
    out_.last = std::max(out_.last, *time);
    return ok();
  }

  // Also of arms that are weighted and have no row.
  Status plan_arms() {
    TACT_ASSIGN(auto weights, weights_of(options_));
    std::set<std::string> names;
    for (const auto& [name, index] : arms_) names.insert(name);
    const bool weighted = !weights.empty();
    for (const auto& [name, weight] : weights) names.insert(name);
    std::string control = options_.control;
    for (const char* usual : {"control", "0", "holdout"}) {
      if (control.empty() && names.contains(usual)) control = usual;
    }
    std::string all;
    for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
    const auto invalid = [&](std::string message, const char* where) {
      return make_error(ErrorCode::kInvalid, std::move(message), where);
    };
    if (names.size() < 2) {
      return invalid("every row is of one arm (" + all + "): nothing to compare it with",
                     options_.csv.c_str());
    }
    if (control.empty()) return invalid("name the arm that is control, of " + all, "--control");
    if (!names.contains(control)) {
      return invalid("no row has the arm " + control + "; there are " + all, "--control");
    }
    names.erase(control);
    std::vector<std::string> order = {control};
    order.insert(order.end(), names.begin(), names.end());
    for (const std::string& name : order) {
      if (weighted && !weights.contains(name)) {
        return invalid("the arm " + name + " has no weight", "--weights");
      }
      out_.plan.arms.push_back({name, weighted ? weights[name] : 1.0});
    }
    return ok();
  }

  Metric metric(std::size_t index) const {
    const MetricColumns& columns = out_.columns.metrics[index];
    Metric metric;
    metric.name = columns.name;
    metric.role = index == 0          ? MetricRole::kPrimary
                  : columns.guardrail ? MetricRole::kGuardrail
                                      : MetricRole::kSecondary;
    metric.more = columns.more;
    metric.money = columns.money;
    metric.margin = options_.tolerance;
    metric.digits = values_[index].digits_kept();
    if (columns.denominator) {
      metric.kind = MetricKind::kRatio;
      metric.second = SecondIs::kDenominator;
      metric.second_digits = seconds_[index].digits_kept();
    } else if (values_[index].binary && !columns.money) {
      metric.kind = MetricKind::kProportion;
    }
    if (out_.columns.covariate) {
      metric.covariate = true;
      metric.covariate_name = options_.covariate;
      metric.covariate_digits = covariate_.digits_kept();
    }
    return metric;
  }

  Status plan_economics() {
    if (!options_.margin && !options_.cost && !options_.fixed_cost) return ok();
    for (std::size_t m = 0; m < out_.plan.metrics.size(); ++m) {
      if (out_.plan.metrics[m].money && !out_.plan.economics.value) out_.plan.economics.value = m;
    }
    if (!out_.plan.economics.value) {
      return make_error(ErrorCode::kInvalid, "a margin or a cost needs a metric that is money",
                        "--money");
    }
    out_.plan.economics.margin = options_.margin.value_or(1.0);
    out_.plan.economics.cost_per_unit = options_.cost.value_or(0.0);
    out_.plan.economics.fixed_cost = options_.fixed_cost.value_or(0.0);
    return ok();
  }

  Status make_plan() {
    Plan& plan = out_.plan;
    plan.name = options_.csv.substr(options_.csv.find_last_of('/') + 1);
    plan.unit = !options_.unit_name.empty() ? options_.unit_name
                : options_.unit.empty()     ? "row"
                                            : options_.unit;
    plan.currency = options_.currency;
    plan.clustered = out_.columns.cluster.has_value();
    plan.cluster_name = options_.cluster;
    TACT_TRY(plan_arms());
    for (std::size_t m = 0; m < out_.columns.metrics.size(); ++m) {
      plan.metrics.push_back(metric(m));
    }
    for (std::size_t s = 0; s < cells_.size(); ++s) {
      cells_[s].erase("");  // in none of the cells
      plan.dimensions.push_back(
          {options_.segments[s], in_order({cells_[s].begin(), cells_[s].end()}), false});
    }
    TACT_TRY(plan_economics());
    return check_plan(plan);
  }

  const Options& options_;
  TableRows& rows_;
  Survey out_;
  std::map<std::string, int> arms_;
  std::vector<Numbers> values_, seconds_;
  Numbers covariate_;
  std::vector<std::set<std::string>> cells_;
  Seen seen_;
};

}  // namespace

std::int64_t scaled(double value, int digits) {
  return std::llround(value * std::pow(10.0, digits));
}

Result<Survey> survey(const Options& options, const OnProgress& progress) {
  TACT_TRY(check_texts(options));
  TACT_TRY(check_numbers(options));
  std::ifstream in(options.csv, std::ios::binary);
  if (!in) return make_error(ErrorCode::kNotFound, "the table cannot be read", options.csv);
  std::error_code unknown;
  if (std::filesystem::is_directory(options.csv, unknown)) {
    return make_error(ErrorCode::kInvalid, "this is a folder, and no table", options.csv);
  }
  TACT_ASSIGN(TableRows rows, TableRows::open(in, options.csv));
  return Surveyor(options, rows).run(progress);
}

}  // namespace tact::cli::experiment
