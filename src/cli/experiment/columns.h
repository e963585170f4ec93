// What `tact experiment import` was asked for, and which columns of the table that is.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/stats/table.h"

namespace tact::cli::experiment {

struct Options {
  std::string csv, unit, unit_name, arm, control, covariate, cluster, at, html;
  std::string currency = "EUR", uplift;
  std::vector<std::string> metrics;  // the primary one first; "revenue/sessions" is a ratio
  std::vector<std::string> segments, money, fewer, not_more, not_less, weights;
  double alpha = 0.05, tolerance = 0.10;
  std::optional<double> margin, cost, fixed_cost;
  bool json = false;
};

// A metric and its columns.
struct MetricColumns {
  std::string name;
  std::size_t value = 0;
  std::optional<std::size_t> denominator;
  bool money = false, more = true, guardrail = false;
};

struct Columns {
  std::optional<std::size_t> unit;  // absent: each row is one
  std::size_t arm = 0;
  std::vector<MetricColumns> metrics;
  std::vector<std::size_t> segments;
  std::optional<std::size_t> covariate, cluster, at;
};

// What is given goes into reports and messages: kInvalid, with the flag, where it is not UTF-8.
Status check_texts(const Options& options);
// kInvalid, with the flag: a number out of its range.
Status check_numbers(const Options& options);

// kInvalid, with FILE:1 and the column's name: the header lacks one; or an option that names no
// metric, one column for two things, no metric at all.
Result<Columns> find_columns(const TableRows& rows, const Options& options);

// "A=1" → 1 by name. kInvalid: no number, or a name twice.
Result<std::map<std::string, double>> weights_of(const Options& options);

}  // namespace tact::cli::experiment
