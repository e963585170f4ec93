#include "playbook/internal/values.h"

#include <array>
#include <string>
#include <utility>

namespace tact::playbook_internal {
namespace {

Error bad(std::string message, std::string suggestion) {
  return make_error(ErrorCode::kInvalid, std::move(message), std::move(suggestion));
}

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (const std::string_view word : split(text, ' ')) {
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

std::optional<int> parse_count(std::string_view text, int least, int most) {
  const auto value = parse_decimal(text, 0);
  if (!value || *value < least || *value > most) return std::nullopt;
  return static_cast<int>(*value);
}

std::optional<int> parse_clock(std::string_view text) {  // "06:00" to "24:00"
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = parse_count(text.substr(0, 2), 0, 24);
  const auto minute = parse_count(text.substr(3), 0, 59);
  if (!hour || !minute || (*hour == 24 && *minute != 0)) return std::nullopt;
  return *hour * 60 + *minute;
}

}  // namespace

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  std::size_t start = 0;
  for (;;) {
    const std::size_t end = text.find(separator, start);
    parts.push_back(text.substr(start, end == text.npos ? text.npos : end - start));
    if (end == text.npos) return parts;
    start = end + 1;
  }
}

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::optional<std::int64_t> parse_decimal(std::string_view text, int decimals) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  std::int64_t value = 0;
  int behind = -1;  // digits behind the point, -1 before it
  bool any = false;
  for (const char c : text) {
    if (c == '.' && behind < 0 && any) {
      behind = 0;
      any = false;
    } else if (c >= '0' && c <= '9' && value < 1'000'000'000'000 && behind < decimals) {
      value = value * 10 + (c - '0');
      any = true;
      if (behind >= 0) ++behind;
    } else {
      return std::nullopt;
    }
  }
  if (!any) return std::nullopt;
  std::int64_t limit = 1'000'000'000;
  for (int i = 0; i < decimals; ++i) limit *= 10;
  for (int i = behind < 0 ? 0 : behind; i < decimals; ++i) {
    value *= 10;
    if (value > limit) return std::nullopt;
  }
  if (value > limit) return std::nullopt;
  return negative ? -value : value;
}

Result<Probability> parse_percent(std::string_view text) {
  const bool has_sign = text.ends_with('%');
  const auto value = parse_decimal(trim(has_sign ? text.substr(0, text.size() - 1) : text), 4);
  if (!value) return bad(quoted(text) + " is not a percentage", "for example 10%");
  if (!has_sign)
    return bad(quoted(text) + " lacks its percent sign", "write " + std::string(text) + "%");
  if (*value < 0 || *value > 1'000'000) return bad("a percentage lies between 0% and 100%", "");
  return Probability{static_cast<std::int32_t>(*value)};
}

Result<Costs> parse_costs(std::string_view text, int minor_digits) {
  constexpr std::string_view kExample = "for example 0.05 per visitor, 4.50 per order";
  Costs costs;
  bool visitor_said = false, order_said = false;
  for (const std::string_view part : split(text, ',')) {
    const auto words = words_of(part);
    const bool per = words.size() == 3 && words[1] == "per";
    const bool visitor = per && words[2] == "visitor", order = per && words[2] == "order";
    if (!visitor && !order) {
      return bad(quoted(trim(part)) + " is not what a message costs", std::string(kExample));
    }
    bool& said = visitor ? visitor_said : order_said;
    if (std::exchange(said, true)) {
      return bad(quoted(trim(part)) + " says the same cost twice", "keep one");
    }
    const auto amount = parse_decimal(words[0], minor_digits + Costs::kFinerDigits);
    if (!amount || *amount < 0) {
      return bad(quoted(words[0]) + " is not an amount of money, or is too exact",
                 std::string(kExample));
    }
    (visitor ? costs.per_visitor : costs.per_order) = *amount;
  }
  return costs;
}

Result<Frequency> parse_frequency(std::string_view text) {
  constexpr std::string_view kExample = "for example 1 per visit, 3 per week, 6 ever";
  Frequency frequency;
  for (const std::string_view part : split(text, ',')) {
    const auto words = words_of(part);
    std::optional<int>* target = nullptr;
    if (words.size() == 2 && words[1] == "ever") target = &frequency.ever;
    if (words.size() == 3 && words[1] == "per") {
      if (words[2] == "visit") target = &frequency.per_visit;
      if (words[2] == "day") target = &frequency.per_day;
      if (words[2] == "week") target = &frequency.per_week;
    }
    if (target == nullptr) {
      return bad(quoted(trim(part)) + " is not a limit", std::string(kExample));
    }
    if (target->has_value())
      return bad(quoted(trim(part)) + " limits the same span twice", "keep one");
    *target = parse_count(words[0], 0, 10'000);
    if (!target->has_value()) {
      return bad(quoted(words[0]) + " is not a number from 0 to 10,000", std::string(kExample));
    }
  }
  return frequency;
}

Result<Rest> parse_rest(std::string_view text) {
  const auto words = words_of(text);
  if (words.size() != 4 || words[1] != "after" || words[3] != "ignored") {
    return bad(quoted(text) + " is not a rest", "for example 14d after 2 ignored");
  }
  TACT_ASSIGN(const Duration length, parse_length(words[0]));
  const auto count = parse_count(words[2], 1, 1'000);
  if (!count) return bad(quoted(words[2]) + " is not a number from 1 to 1,000", "");
  return Rest{length, *count};
}

Result<Duration> parse_length(std::string_view text) {
  const auto length = parse_duration(text);
  if (!length) {
    return bad(quoted(text) + " is not a length of time", "for example 30min, 12h, 2d, 3w");
  }
  if (*length < 1s || *length > days(3 * 366)) {
    return bad("a length of time lies between 1s and 3 years", "");
  }
  return *length;
}

Result<Duration> parse_fading(std::string_view text) {
  const auto words = words_of(text);
  if (words.size() != 3 || words[0] != "half" || words[1] != "in") {
    return bad(quoted(text) + " does not say how it fades", "for example half in 2d");
  }
  return parse_length(words[2]);
}

Result<Weight> parse_weight(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::int32_t>, 4> kNames = {
      {{"weak", 500}, {"moderate", 1'000}, {"strong", 2'000}, {"decisive", 4'000}}};
  for (const auto& [name, milli] : kNames) {
    if (text == name) return Weight{{milli}, milli == 4'000};
  }
  const auto value = parse_decimal(text, 3);
  if (!value || *value <= 0 || *value > 10'000) {
    return bad(quoted(text) + " is not a weight",
               "weak (0.5), moderate (1), strong (2), decisive (4), or a number up to 10");
  }
  return Weight{{static_cast<std::int32_t>(*value)}, *value >= 4'000};
}

Result<MinuteRange> parse_minutes(std::string_view text) {
  const auto words = words_of(text);
  if (words.size() == 3 && words[1] == "to") {
    const auto from = parse_clock(words[0]);
    const auto to = parse_clock(words[2]);
    if (from && to && *from != *to && *from < 1'440) return MinuteRange{*from, *to};
  }
  return bad(quoted(text) + " is not a part of the day", "for example 06:00 to 11:00");
}

}  // namespace tact::playbook_internal
