#include "cli/stats/contract.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <set>

#include "base/utf8.h"

namespace tact::cli {
namespace {

constexpr double kLargestCount = 9007199254740992.0;  // 2^53

std::optional<double> as_number(const json::value& value) {
  double number = 0.0;
  if (value.is_double()) {
    number = value.get_double();
  } else if (value.is_int64()) {
    number = static_cast<double>(value.get_int64());
  } else if (value.is_uint64()) {
    number = static_cast<double>(value.get_uint64());
  } else {
    return std::nullopt;
  }
  return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

Result<std::int64_t> as_count(const json::value& value, const std::string& where) {
  const auto number = as_number(value);
  if (!number) return make_error(ErrorCode::kInvalid, "must be a whole number", where);
  if (*number < 0.0) return make_error(ErrorCode::kInvalid, "a count is negative", where);
  if (*number > kLargestCount) {
    return make_error(ErrorCode::kInvalid, "a count above 2^53", where);
  }
  if (std::trunc(*number) != *number) {
    return make_error(ErrorCode::kInvalid, "must be a whole number", where);
  }
  return static_cast<std::int64_t>(*number);
}

std::string index_of(const std::string& where, std::size_t i) {
  return where + "[" + std::to_string(i) + "]";
}

// Looks in valid JSON for a key that an object has twice, which no parsed value shows any more.
class KeysTwice {
 public:
  explicit KeysTwice(std::string_view valid_json) : text_(valid_json) {}

  // Its dotted path.
  std::optional<std::string> find() {
    for (std::size_t i = 0; i < text_.size(); ++i) {
      const char c = text_[i];
      if (c == '{' || c == '[') {
        open_.push_back({c == '{', open_.empty() ? "" : here(), 0, {}, {}});
      } else if (c == '}' || c == ']') {
        open_.pop_back();
      } else if (c == ',') {
        ++open_.back().index;
        open_.back().key.clear();
      } else if (c == '"') {
        const std::size_t end = string_end(i);
        const std::size_t next = text_.find_first_not_of(" \t\r\n", end);
        if (next != std::string_view::npos && text_[next] == ':' && !add(text_.substr(i, end - i)))
          return here();
        i = end - 1;
      }
    }
    return std::nullopt;
  }

 private:
  struct Open {
    bool object = false;
    std::string path;
    std::size_t index = 0;
    std::string key;
    std::set<std::string> keys;
  };

  // Past the quote that closes the one at `begin`.
  std::size_t string_end(std::size_t begin) const {
    std::size_t end = begin + 1;
    while (text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
    return end + 1;
  }

  // False: it is there. Two spellings of one key ("p", "\u0070") are one.
  bool add(std::string_view quoted) {
    json::error_code error;
    const json::value key = json::parse(quoted, error);
    open_.back().key = json::value_to<std::string>(key);
    return open_.back().keys.insert(open_.back().key).second;
  }

  std::string here() const {
    const Open& open = open_.back();
    if (!open.object) return index_of(open.path, open.index);
    return open.path.empty() ? open.key : open.path + "." + open.key;
  }

  std::string_view text_;
  std::vector<Open> open_;
};

}  // namespace

std::string read_input() {
  return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
}

Result<json::object> read_object() {
  const std::string text = read_input();
  TACT_ASSIGN(json::value value, parse_json(text));
  // Boost.JSON keeps the last of them; other readers the first.
  if (auto twice = KeysTwice(text).find()) {
    return make_error(ErrorCode::kInvalid, "is given twice: leave one of them out", *twice);
  }
  if (!value.is_object()) {
    return make_error(ErrorCode::kInvalid, "one JSON object is expected on standard input");
  }
  return std::move(value.get_object());
}

int answer(const Result<json::object>& result) {
  json::object out;
  if (result.has_value()) {
    out = *result;
  } else {
    const Error& error = result.error();
    out["error"] = json::object{{"code", to_string(error.code)},
                                {"message", as_utf8(error.message)},
                                {"field", as_utf8(error.where)}};
  }
  std::fputs((to_string(out) + "\n").c_str(), stdout);
  return result.has_value() ? 0 : 2;
}

std::string Members::field(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

Error Members::wrong(std::string_view key, std::string message) const {
  return make_error(ErrorCode::kInvalid, std::move(message), field(key));
}

Status Members::only(const std::vector<std::string_view>& known) const {
  for (const auto& member : object_) {
    const std::string_view key(member.key().data(), member.key().size());
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    std::string names;
    for (const auto name : known) names += (names.empty() ? "" : ", ") + std::string(name);
    return wrong(key, "there is no such member here; known are " + names);
  }
  return ok();
}

bool Members::has(std::string_view key) const {
  const json::value* member = object_.if_contains(key);
  return member != nullptr && !member->is_null();
}

Result<double> Members::number(std::string_view key) const {
  if (!has(key)) return wrong(key, "is missing");
  const auto number = as_number(object_.at(key));
  if (!number) return wrong(key, "must be a finite number");
  return *number;
}

Result<double> Members::number_or(std::string_view key, double otherwise) const {
  if (!has(key)) return otherwise;
  return number(key);
}

Result<std::optional<double>> Members::optional_number(std::string_view key) const {
  if (!has(key)) return std::optional<double>();
  TACT_ASSIGN(const double value, number(key));
  return std::optional(value);
}

Result<std::int64_t> Members::count(std::string_view key) const {
  if (!has(key)) return wrong(key, "is missing");
  return as_count(object_.at(key), field(key));
}

Result<bool> Members::flag_or(std::string_view key, bool otherwise) const {
  if (!has(key)) return otherwise;
  if (!object_.at(key).is_bool()) return wrong(key, "must be true or false");
  return object_.at(key).get_bool();
}

Result<std::string> Members::word(std::string_view key,
                                  std::initializer_list<std::string_view> words,
                                  std::string_view otherwise) const {
  if (!has(key) && !otherwise.empty()) return std::string(otherwise);
  const std::string_view given = string_at(object_, key);
  if (std::find(words.begin(), words.end(), given) != words.end()) return std::string(given);
  std::string names;
  for (const auto name : words) names += (names.empty() ? "" : ", ") + std::string(name);
  return wrong(key, "must be one of " + names);
}

Result<Members> Members::object(std::string_view key) const {
  const json::object* member = object_at(object_, key);
  if (member == nullptr) return wrong(key, has(key) ? "must be an object" : "is missing");
  return Members(*member, field(key));
}

Result<std::vector<double>> Members::numbers(std::string_view key) const {
  const json::array* list = array(key);
  if (list == nullptr) return wrong(key, has(key) ? "must be a list of numbers" : "is missing");
  std::vector<double> result;
  for (const json::value& value : *list) {
    const auto number = as_number(value);
    if (!number) {
      return make_error(ErrorCode::kInvalid, "must be a finite number",
                        index_of(field(key), result.size()));
    }
    result.push_back(*number);
  }
  return result;
}

Result<std::vector<std::int64_t>> Members::counts(std::string_view key) const {
  const json::array* list = array(key);
  if (list == nullptr) return wrong(key, has(key) ? "must be a list of counts" : "is missing");
  return counts_of(*list, field(key));
}

Result<std::vector<std::int64_t>> counts_of(const json::array& list, const std::string& where) {
  std::vector<std::int64_t> result;
  for (const json::value& value : list) {
    TACT_ASSIGN(const std::int64_t count, as_count(value, index_of(where, result.size())));
    result.push_back(count);
  }
  return result;
}

Result<stats::Alternative> side_of(const Members& given) {
  TACT_ASSIGN(const std::string side, given.word("side", {"two", "greater", "less"}, "two"));
  if (side == "greater") return stats::Alternative::kGreater;
  return side == "less" ? stats::Alternative::kLess : stats::Alternative::kTwoSided;
}

Result<double> alpha_of(const Members& given) {
  TACT_ASSIGN(const double alpha, given.number_or("alpha", 0.05));
  TACT_TRY(check_level(alpha, given.field("alpha")));
  return alpha;
}

Status check_level(double alpha, std::string field) {
  if (auto status = stats::check_alpha(alpha); !status.has_value()) {
    return at_field(std::move(status).error(), std::move(field));
  }
  if (alpha >= kLeastAlpha) return ok();
  return make_error(ErrorCode::kInvalid, "alpha must be at least 1e-100", std::move(field));
}

Error at_field(Error error, std::string field) {
  error.where = std::move(field);
  return error;
}

json::value number(double value) {
  return std::isfinite(value) ? json::value(value) : json::value(nullptr);
}

json::value number(const std::optional<double>& value) {
  return value ? number(*value) : json::value(nullptr);
}

void put(json::object& into, const stats::Interval& interval) {
  into["low"] = number(interval.lower);
  into["high"] = number(interval.upper);
}

void put(json::object& into, const stats::PValue& p) {
  into["p"] = number(p.p);
  into["log10_p"] = number(p.log10_p);
}

}  // namespace tact::cli
