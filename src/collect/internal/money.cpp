#include "collect/internal/money.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "collect/internal/text.h"

namespace tact::internal {
namespace {

// digits × 10^exponent, no leading zeros; zero has no digits.
struct Decimal {
  bool negative = false;
  std::string digits;
  std::int64_t exponent = 0;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<Decimal> parse_decimal(std::string_view text) {
  Decimal number;
  if (!text.empty() && text.front() == '-') {
    number.negative = true;
    text.remove_prefix(1);
  }
  bool any = false;
  bool in_fraction = false;
  for (; !text.empty(); text.remove_prefix(1)) {
    if (text.front() == '.' && !in_fraction && any) {
      in_fraction = true;
      continue;
    }
    if (!is_digit(text.front())) break;
    any = true;
    if (in_fraction) --number.exponent;
    if (text.front() != '0' || !number.digits.empty()) number.digits += text.front();
  }
  if (!any) return std::nullopt;
  if (!text.empty() && (text.front() == 'e' || text.front() == 'E')) {
    text.remove_prefix(text.starts_with("e+") || text.starts_with("E+") ? 2 : 1);
    int power = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), power);
    if (error != std::errc{} || power > 10'000 || power < -10'000) return std::nullopt;
    number.exponent += power;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  }
  if (!text.empty()) return std::nullopt;
  return number;
}

// number × 10^shift rounded half up; -1 if it has over 18 digits.
std::int64_t scaled(const Decimal& number, int shift) {
  if (number.digits.empty()) return 0;
  const std::int64_t size = static_cast<std::int64_t>(number.digits.size());
  const std::int64_t power = number.exponent + shift;
  if (size + power > 18) return -1;
  if (size + power < 0) return 0;
  const auto whole = static_cast<std::size_t>(std::min(size, size + power));
  std::int64_t value = 0;
  for (std::size_t i = 0; i < whole; ++i) value = value * 10 + (number.digits[i] - '0');
  for (std::int64_t i = 0; i < power; ++i) value *= 10;
  if (whole < number.digits.size() && number.digits[whole] >= '5') ++value;
  return value;
}

std::optional<std::string> decimal_text(const json::value& value) {
  if (value.is_double()) {  // the shortest text that reads as this double: what the client wrote
    std::array<char, 40> buffer{};
    const auto [end, error] =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value.get_double());
    if (error != std::errc{}) return std::nullopt;
    return std::string(buffer.data(), end);
  }
  const std::optional<std::string> text = text_or_integer(value);
  if (!text) return std::nullopt;
  return std::string(trim(*text));
}

}  // namespace

Result<std::optional<std::int64_t>> read_amount(const json::value* value, int digits,
                                                std::string_view where, std::string_view key) {
  std::optional<std::int64_t> amount;
  if (value == nullptr) return amount;
  const std::optional<std::string> text = decimal_text(*value);
  const std::optional<Decimal> number = text ? parse_decimal(*text) : std::nullopt;
  if (!number) return amount;
  if (number->negative && !number->digits.empty()) {
    return make_error(ErrorCode::kInvalid, "must not be negative", member_path(where, key));
  }
  std::int64_t max = kMaxAmount;
  for (int i = 0; i < digits; ++i) max *= 10;
  amount = scaled(*number, digits);
  if (*amount < 0 || *amount > max) {
    return make_error(ErrorCode::kInvalid, "must not be over 1e12", member_path(where, key));
  }
  return amount;
}

}  // namespace tact::internal
