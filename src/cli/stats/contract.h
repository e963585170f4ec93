// The contract every `tact stats` calculator keeps: one JSON object in (or CSV with a header), one
// out. Wrong input: {"error": {"code", "message", "field"}} on stdout and exit status 2, field
// being the dotted path of the member, or "line N, COLUMN" of a CSV. Never NaN: what is not
// bounded or not known is null. Documented for users in docs/stats.md.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "stats/inference.h"

namespace tact::cli {

// All of stdin.
std::string read_input();

// stdin as one JSON object, no key of which is given twice; kInvalid otherwise.
Result<json::object> read_object();

// Prints the answer, or the error; returns the exit status.
int answer(const Result<json::object>& result);

// Members of `object`, which stands at `path` ("" at the top). Errors name path.key.
class Members {
 public:
  Members(const json::object& object, std::string path) : object_(object), path_(std::move(path)) {}

  std::string field(std::string_view key) const;
  Error wrong(std::string_view key, std::string message) const;
  // A member not listed is a typing error: kInvalid.
  Status only(const std::vector<std::string_view>& known) const;
  bool has(std::string_view key) const;  // there, and not null

  Result<double> number(std::string_view key) const;  // finite
  Result<double> number_or(std::string_view key, double otherwise) const;
  Result<std::optional<double>> optional_number(std::string_view key) const;
  Result<std::int64_t> count(std::string_view key) const;  // whole, 0 to 2^53
  Result<bool> flag_or(std::string_view key, bool otherwise) const;
  // One of `words`; `otherwise` where absent, and required where that is empty.
  Result<std::string> word(std::string_view key, std::initializer_list<std::string_view> words,
                           std::string_view otherwise) const;
  Result<Members> object(std::string_view key) const;
  Result<std::vector<double>> numbers(std::string_view key) const;
  Result<std::vector<std::int64_t>> counts(std::string_view key) const;
  const json::array* array(std::string_view key) const { return array_at(object_, key); }

 private:
  const json::object& object_;
  std::string path_;
};

// A list of whole numbers >= 0; errors name where[i].
Result<std::vector<std::int64_t>> counts_of(const json::array& list, const std::string& where);

Result<stats::Alternative> side_of(const Members& given);  // "side": two (default), greater, less
Result<double> alpha_of(const Members& given);             // "alpha": 0.05 by default

// kInvalid at `field` unless kLeastAlpha <= alpha < 0.5. Below, the tail of a t distribution is not
// exact, and from about 1e-300 on it overflows: an interval without ends.
Status check_level(double alpha, std::string field);
constexpr double kLeastAlpha = 1e-100;

// The same error with another field, where the library could not know it.
Error at_field(Error error, std::string field);

json::value number(double value);  // null unless finite
json::value number(const std::optional<double>& value);
void put(json::object& into, const stats::Interval& interval);  // low, high
void put(json::object& into, const stats::PValue& p);           // p, log10_p

}  // namespace tact::cli
